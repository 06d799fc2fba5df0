import { readFile, stat } from 'node:fs/promises'
import { AppError } from '../../domain/errors.ts'
import { type CertificateFacts, checkCertificate, daysUntil } from './checkCertificate.ts'
import type { CertificateEvents, KeyPair, LiveCertificate } from './liveCertificate.ts'

type Options = {
  readonly certFile: string
  readonly keyFile: string
  readonly names: readonly string[]
  readonly on: CertificateEvents
  /** Milliseconds between two looks at the files. */
  readonly everyMs?: number
}

type Held = { readonly pair: KeyPair; readonly facts: CertificateFacts; readonly since: Date }

const read = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new AppError('config_invalid', { file, problem: 'certificate_unreadable' }, { cause })
  }
}

/** What tells one state of a file from another. Tools that renew replace a file, or the link to it; `stat` follows links. */
const markOf = async (files: readonly string[]): Promise<string> => {
  const marks = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ ino, size, mtimeMs }) => `${ino}.${size}.${mtimeMs}`,
        () => 'none',
      ),
    ),
  )
  return marks.join()
}

/**
 * Serves a certificate from two files, and looks at them every ten seconds: a good new pair takes the old one's place, a broken one leaves it and is
 * said as `problem` until it is mended. (Looking beats being told: notices are lost for links and network disks.) Throws `config_invalid` (`certificate_…`)
 * when the first pair cannot be served.
 */
export const openOwnCertificate = async ({ certFile, keyFile, names, on, everyMs = 10_000 }: Options): Promise<LiveCertificate> => {
  const load = async (): Promise<Held> => {
    const pair = { certificate: await read(certFile), key: await read(keyFile) }
    return { pair, facts: checkCertificate(pair, names, { certificate: certFile, key: keyFile }), since: new Date() }
  }
  const listeners: ((pair: KeyPair) => void)[] = []
  let mark = await markOf([certFile, keyFile])
  let held = await load()
  let problem: string | null = null

  const look = async (): Promise<void> => {
    const seen = await markOf([certFile, keyFile])
    if (seen === mark) return
    mark = seen
    try {
      const next = await load()
      const isSame = next.pair.certificate === held.pair.certificate && next.pair.key === held.pair.key
      problem = null
      if (isSame) return
      held = next
      for (const listener of listeners) listener(held.pair)
      on('certificate_renewed', null)
    } catch (error) {
      problem = error instanceof AppError ? String(error.details['problem']) : 'certificate_unreadable'
      on('certificate_problem', problem)
    }
  }
  let looking = Promise.resolve()
  const timer = setInterval(() => (looking = looking.then(look, look)), everyMs)
  timer.unref()

  return {
    current: () => held.pair,
    onChange: (listener) => void listeners.push(listener),
    status: () => ({
      source: 'files',
      names: held.facts.names,
      issuer: held.facts.issuer,
      notAfter: held.facts.notAfter.toISOString(),
      daysLeft: daysUntil(held.facts.notAfter),
      renewedAt: held.since.toISOString(),
      problem,
      authority: null,
    }),
    close: async () => {
      clearInterval(timer)
      await looking
    },
  }
}
