import { Agent } from 'node:https'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import acme from 'acme-client'
import { AppError } from '../../domain/errors.ts'
import { createFileDurably } from '../crypto/durableFile.ts'
import { withFileLock } from '../crypto/fileLock.ts'
import { readUrl } from '../outgoing/readUrl.ts'
import { type Resolve, resolveTarget } from '../outgoing/resolveTarget.ts'
import { fixedLookup } from '../outgoing/sendOutgoing.ts'
import { type CertificateFacts, checkCertificate, daysUntil } from './checkCertificate.ts'
import type { DnsProvider } from './dns/dnsProvider.ts'
import { untilVisible } from './dns/untilVisible.ts'
import type { CertificateEvents, KeyPair, LiveCertificate } from './liveCertificate.ts'
import { readPair, writePair } from './storedPair.ts'

type Options = {
  readonly dataDir: string
  readonly names: readonly string[]
  readonly directory: string
  readonly email: string | null
  /** PEM of the authority whose certificate the directory shows; null: a public one. */
  readonly ca: string | null
  /** Null: http-01, answered from `answers`. */
  readonly dns: {
    readonly provider: DnsProvider
    readonly zone: string
    readonly servers?: readonly string[]
    readonly waitSeconds?: number
  } | null
  /** What the plain listener answers to the authority: the key authorization by token. */
  readonly answers: Map<string, string>
  readonly on: CertificateEvents
  readonly resolve?: Resolve
  /** Milliseconds between two looks at the time that is left. */
  readonly everyMs?: number
  readonly now?: () => Date
}

/** Milliseconds until the next try after the first failure; doubled with each, at most a day (Let's Encrypt: five failed validations per hour and name). */
const firstPause = 15 * 60_000
const longestPause = 86_400_000
/** Milliseconds an order may take; an authority that is overloaded says how long to wait, and may say any time. */
const longestOrder = 20 * 60_000

// Everything the library sends goes where our own requests may go: the address is judged, resolved once and connected to.
const guard = (
  ca: string | null,
  directory: string,
  resolve: Resolve | undefined,
): { eject: () => void; takeFault: () => string | null } => {
  let fault: string | null = null
  const own = new URL(directory)
  // The owner named the directory; an authority of one's own stands in one's own network.
  const allow = [`${own.hostname}:${own.port || 443}`]
  // Two more tries of a request, a second apart; what still fails then is tried again by `renew`, later.
  const { acmeSettings } = acme.axios.defaults as { acmeSettings?: object }
  Object.assign(acme.axios.defaults, { acmeSettings: { ...acmeSettings, retryMaxAttempts: 2, retryDefaultDelay: 1 } })
  const id = acme.axios.interceptors.request.use(async (config) => {
    const url = readUrl(config.url ?? '')
    const target = await resolveTarget(url.hostname, Number(url.port || 443), { allow, ...(resolve ? { resolve } : {}) })
    const agent = new Agent({ lookup: fixedLookup(target), minVersion: 'TLSv1.2', ...(ca === null ? {} : { ca }) })
    // The library loses a network's error after its last try (its own TypeError comes instead): it is heard here.
    const create = agent.createConnection.bind(agent)
    agent.createConnection = (...asked) => {
      const socket = create(...asked)
      socket?.once('error', (error: NodeJS.ErrnoException) => (fault = error.code ?? error.message))
      return socket
    }
    return Object.assign(config, {
      httpsAgent: agent,
      proxy: false,
      maxRedirects: 0,
      timeout: 30_000,
      maxContentLength: 1_000_000,
    })
  })
  return {
    eject: () => acme.axios.interceptors.request.eject(id),
    takeFault: () => {
      const taken = fault
      fault = null
      return taken
    },
  }
}

const accountKeyOf = async (file: string): Promise<string> => {
  const held = await readFile(file, 'utf8').catch(() => null)
  if (held !== null) return held
  const made = (await acme.crypto.createPrivateEcdsaKey('P-256')).toString()
  await createFileDurably(file, made)
  return made
}

/** What went wrong, in the authority's or the network's own words: one line about names and addresses of this server. */
const wordsOf = (error: unknown): string => {
  const text =
    error instanceof AppError
      ? `${error.code} ${String(error.details['problem'] ?? '')}`
      : error instanceof Error
        ? error.message || String((error as { code?: unknown }).code)
        : 'unknown'
  return text
    .replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]+/gu, ' ')
    .trim()
    .slice(0, 300)
}

const inTime = async <T>(work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('outgoing_failed', { problem: 'timeout' })), longestOrder)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

const order = async (options: Options, accountKey: string): Promise<KeyPair> => {
  const { names, dns, answers } = options
  const type = dns === null ? 'http-01' : 'dns-01'
  const records = new Map<string, string>()
  const client = new acme.Client({
    directoryUrl: options.directory,
    accountKey,
    backoffAttempts: 20,
    backoffMin: 1_000,
    backoffMax: 15_000,
  })
  const [key, csr] = await acme.crypto.createCsr(
    { commonName: names[0]!, altNames: [...names] },
    await acme.crypto.createPrivateEcdsaKey('P-256'),
  )
  const certificate = await client.auto({
    csr,
    termsOfServiceAgreed: true,
    ...(options.email === null ? {} : { email: options.email }),
    challengePriority: [type],
    // The library's own look before the authority's would follow redirects and ask resolvers of its choice.
    skipChallengeVerification: true,
    challengeCreateFn: async ({ identifier }, challenge, answer) => {
      if (challenge.type !== type) throw new AppError('outgoing_failed', { problem: `no_${type}` })
      if (dns === null) return void answers.set(challenge.token, answer)
      const full = `_acme-challenge.${identifier.value}`
      records.set(challenge.token, await dns.provider.present(full.slice(0, -dns.zone.length - 1), answer))
      const look = {
        ...(dns.servers ? { servers: dns.servers } : {}),
        ...(dns.waitSeconds === undefined ? {} : { seconds: dns.waitSeconds }),
      }
      await untilVisible(dns.zone, full, answer, look)
    },
    challengeRemoveFn: async (_authorization, { token }) => {
      answers.delete(token)
      const record = records.get(token)
      if (dns !== null && record !== undefined) await dns.provider.cleanUp(record)
    },
  })
  return { certificate, key: key.toString() }
}

/**
 * Serves a certificate that a certificate authority issues by ACME (RFC 8555), and renews it when a third of its life is left. What fails is tried again after 15 minutes, then
 * ever later, up to a day; the certificate that is there goes on being served. Until the first one is issued `current` is null; the first try begins at once and is not waited
 * for. Account key, certificate and key lie in the data folder (0600).
 */
export const openAcme = async (options: Options): Promise<LiveCertificate> => {
  const { names, on, everyMs = 60_000, now = () => new Date() } = options
  const folder = join(options.dataDir, 'tls')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const [file, accountFile] = [join(folder, 'acme.pem'), join(folder, 'acme-account.key')]
  const { eject, takeFault } = guard(options.ca, options.directory, options.resolve)
  const listeners: ((pair: KeyPair) => void)[] = []
  let held: { pair: KeyPair; facts: CertificateFacts } | null = null
  let since: Date | null = null
  let problem: string | null = null
  let failures = 0
  let notBefore = 0

  const check = (pair: KeyPair): CertificateFacts => checkCertificate(pair, names, { certificate: file, key: file }, now())
  const take = (pair: KeyPair): void => {
    held = { pair, facts: check(pair) }
    since = now()
    for (const listener of listeners) listener(pair)
  }
  const stored = await readPair(file)
  try {
    if (stored !== null) take(stored)
  } catch {
    // Expired, damaged, or for other names: another one is ordered.
  }
  const isDue = (): boolean => {
    if (held === null) return true
    const { notBefore: from, notAfter } = held.facts
    return notAfter.getTime() - now().getTime() <= (notAfter.getTime() - from.getTime()) / 3
  }
  const renew = async (): Promise<void> => {
    if (!isDue() || now().getTime() < notBefore) return
    try {
      const pair = await inTime(withFileLock(`${file}.lock`, async () => order(options, await accountKeyOf(accountFile))))
      check(pair)
      await writePair(file, pair)
      take(pair)
      ;[problem, failures] = [null, 0]
      on('certificate_renewed', null)
    } catch (error) {
      const fault = takeFault()
      problem = error instanceof TypeError && fault !== null ? `${new URL(options.directory).host}: ${fault}` : wordsOf(error)
      notBefore = now().getTime() + Math.min(longestPause, firstPause * 2 ** failures)
      failures += 1
      on('certificate_problem', problem)
    }
  }
  let renewing = renew()
  const timer = setInterval(() => (renewing = renewing.then(renew, renew)), everyMs)
  timer.unref()

  return {
    current: () => held?.pair ?? null,
    onChange: (listener) => void listeners.push(listener),
    status: () => ({
      source: 'acme',
      names: held?.facts.names ?? [],
      issuer: held?.facts.issuer ?? null,
      notAfter: held?.facts.notAfter.toISOString() ?? null,
      daysLeft: held ? daysUntil(held.facts.notAfter, now()) : null,
      renewedAt: since?.toISOString() ?? null,
      problem,
      authority: null,
    }),
    close: async () => {
      clearInterval(timer)
      eject()
      // An order on its way is not waited for: it may wait for the authority for minutes, and the next start takes it up anew.
      await Promise.race([renewing, new Promise((resolve) => setTimeout(resolve, 200))])
    },
  }
}
