import { createHash, X509Certificate } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { BlockList, isIP } from 'node:net'
import { join } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import { issueCertificate, makeAuthority, permittedNames } from './certificates.ts'
import { type CertificateFacts, checkCertificate, daysUntil } from './checkCertificate.ts'
import type { CertificateEvents, KeyPair, LiveCertificate } from './liveCertificate.ts'
import { readPair, writePair } from './storedPair.ts'

type Options = {
  readonly dataDir: string
  readonly names: readonly string[]
  readonly on: CertificateEvents
  /** Milliseconds between two looks at the time that is left. */
  readonly everyMs?: number
  /** For tests: what time it is. */
  readonly now?: () => Date
}

/** The authority as devices are asked to trust it. */
export type Authority = {
  /** DER, as every platform's installer takes it. */
  readonly der: Uint8Array
  /** SHA-256 of it in pairs of hexadecimal digits, as devices show it. */
  readonly fingerprint: string
  readonly name: string
}

const day = 86_400_000
/** A device that trusts the authority must not be asked again for long. */
const authorityDays = 3_652
/** Apple's platforms take 825 days from an authority of one's own, and 398 from public ones: below both. */
const certificateDays = 397
/** A shop's own networks (RFC 1918, RFC 4193, link-local): what the authority can vouch for besides the names. */
const ownRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', '169.254.0.0/16', 'fc00::/7', 'fe80::/10']

const fingerprintOf = (der: Uint8Array): string => createHash('sha256').update(der).digest('hex').toUpperCase().match(/../g)!.join(':')

const isPermitted = (name: string, permitted: { dns: readonly string[]; ip: readonly string[] }): boolean => {
  if (isIP(name) === 0) return permitted.dns.some((one) => name === one || name.endsWith(`.${one}`))
  const list = new BlockList()
  for (const range of permitted.ip) {
    const [address = '', bits = ''] = range.split('/')
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
  return list.check(name, isIP(name) === 6 ? 'ipv6' : 'ipv4')
}

const openAuthority = async (file: string, names: readonly string[], now: Date): Promise<KeyPair> => {
  const held = await readPair(file)
  if (held !== null) {
    const permitted = permittedNames(held.certificate)
    const stranger = names.find((name) => !isPermitted(name, permitted))
    if (stranger === undefined) return held
    throw new AppError('config_invalid', { problem: 'authority_names', file, name: stranger, found: permitted.dns.join(', ') })
  }
  const addresses = names.filter((name) => isIP(name) !== 0)
  const own = { dns: [], ip: ownRanges }
  const made = await makeAuthority(`Anechoic ${names[0]}`, {
    // A day back, for devices whose clock is behind.
    from: new Date(now.getTime() - day),
    until: new Date(now.getTime() + authorityDays * day),
    permitted: {
      dns: names.filter((name) => isIP(name) === 0),
      ip: [...ownRanges, ...addresses.filter((one) => !isPermitted(one, own)).map((one) => `${one}/${isIP(one) === 6 ? 128 : 32}`)],
    },
  })
  await writePair(file, made)
  return made
}

/**
 * Serves a certificate of an authority made here, once, for the names of this installation and private addresses only (X.509 name constraints). The authority's key
 * lies in the data folder (0600), unsealed: certificates are renewed while the server is sealed, and whoever takes it can vouch for this server's
 * names alone. The certificate is for 397 days and renewed when a third of them is left, without anybody's doing. Throws `config_invalid` (`authority_names`).
 */
export const openLocalCa = async ({
  dataDir,
  names,
  on,
  everyMs = 6 * 3_600_000,
  now = () => new Date(),
}: Options): Promise<LiveCertificate & { readonly authority: Authority }> => {
  const folder = join(dataDir, 'tls')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const [authorityFile, file] = [join(folder, 'authority.pem'), join(folder, 'local.pem')]
  const root = await openAuthority(authorityFile, names, now())
  const rootCertificate = new X509Certificate(root.certificate)
  const rootEnd = new Date(rootCertificate.validTo)

  const factsOf = (pair: KeyPair): CertificateFacts => checkCertificate(pair, names, { certificate: file, key: file }, now())
  const issue = async (): Promise<{ pair: KeyPair; facts: CertificateFacts }> => {
    const from = new Date(now().getTime() - day)
    const until = new Date(Math.min(now().getTime() + (certificateDays - 1) * day, rootEnd.getTime()))
    const made = await issueCertificate(root, names, { from, until })
    await writePair(file, made)
    return { pair: made, facts: factsOf(made) }
  }
  const isFresh = ({ notBefore, notAfter }: CertificateFacts): boolean =>
    notAfter.getTime() - now().getTime() > (notAfter.getTime() - notBefore.getTime()) / 3 || notAfter.getTime() >= rootEnd.getTime()

  // One that was issued for other names, by an authority that was replaced, or is damaged, is issued anew.
  const usable = async (): Promise<{ pair: KeyPair; facts: CertificateFacts } | null> => {
    const pair = await readPair(file)
    try {
      if (pair === null || !new X509Certificate(pair.certificate).verify(rootCertificate.publicKey)) return null
      const facts = factsOf(pair)
      return isFresh(facts) && names.every((name) => facts.names.some((one) => one.toLowerCase() === name)) ? { pair, facts } : null
    } catch {
      return null
    }
  }
  let held = (await usable()) ?? (await issue())
  let since = now()
  let problem: string | null = null
  const listeners: ((pair: KeyPair) => void)[] = []

  const look = async (): Promise<void> => {
    if (isFresh(held.facts)) return
    try {
      held = await issue()
      since = now()
      problem = null
      for (const listener of listeners) listener(held.pair)
      on('certificate_renewed', null)
    } catch (error) {
      problem = error instanceof AppError ? error.code : 'internal'
      on('certificate_problem', problem)
    }
  }
  let looking = Promise.resolve()
  const timer = setInterval(() => (looking = looking.then(look, look)), everyMs)
  timer.unref()

  return {
    authority: {
      der: rootCertificate.raw,
      fingerprint: fingerprintOf(rootCertificate.raw),
      name: rootCertificate.subject.replace(/^CN=/, ''),
    },
    current: () => held.pair,
    onChange: (listener) => void listeners.push(listener),
    status: () => ({
      source: 'localCa',
      names: held.facts.names,
      issuer: held.facts.issuer,
      notAfter: held.facts.notAfter.toISOString(),
      daysLeft: daysUntil(held.facts.notAfter, now()),
      renewedAt: since.toISOString(),
      problem,
      authority: fingerprintOf(rootCertificate.raw),
    }),
    close: async () => {
      clearInterval(timer)
      await looking
    },
  }
}
