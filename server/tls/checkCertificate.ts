import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { AppError } from '../../domain/errors.ts'
import type { KeyPair } from './liveCertificate.ts'

/** What a checked certificate says of itself. */
export type CertificateFacts = {
  readonly names: readonly string[]
  readonly issuer: string
  readonly notBefore: Date
  readonly notAfter: Date
}

const block = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g

const invalid = (file: string, problem: string, more: Record<string, string> = {}): AppError =>
  new AppError('config_invalid', { file, problem: `certificate_${problem}`, ...more })

const readChain = (pem: string, file: string): [X509Certificate, ...X509Certificate[]] => {
  try {
    const chain = (pem.match(block) ?? []).map((one) => new X509Certificate(one))
    if (chain[0] !== undefined) return chain as [X509Certificate, ...X509Certificate[]]
  } catch {
    // said below
  }
  throw invalid(file, 'format')
}

const readKey = (pem: string, file: string): KeyObject => {
  try {
    return createPrivateKey(pem)
  } catch {
    throw invalid(file, 'format')
  }
}

/** Names and addresses of the alternative names, as written there (RFC 6125: the subject's own name counts for nothing). */
const namesOf = ({ subjectAltName }: X509Certificate): string[] =>
  [...(subjectAltName ?? '').matchAll(/(?:DNS|IP Address):([^\s,"]+)/g)].map((match) => match[1]!)

const covers = (certificate: X509Certificate, name: string): boolean =>
  isIP(name) === 0 ? certificate.checkHost(name, { subject: 'never' }) !== undefined : certificate.checkIP(name) !== undefined

// NIST SP 800-57 part 1, table 2: 112 bits at least.
const isStrong = ({ asymmetricKeyType, asymmetricKeyDetails: { modulusLength = 0, namedCurve = '' } = {} }: KeyObject): boolean => {
  if (asymmetricKeyType === 'rsa' || asymmetricKeyType === 'rsa-pss') return modulusLength >= 2_048
  if (asymmetricKeyType === 'ec') return ['prime256v1', 'secp384r1', 'secp521r1'].includes(namedCurve)
  return asymmetricKeyType === 'ed25519' || asymmetricKeyType === 'ed448'
}

/** A distinguished name in one line, its common name where it has one. */
const shortName = (distinguished: string): string => /^CN=(.+)$/m.exec(distinguished)?.[1] ?? distinguished.replaceAll('\n', ', ')

/**
 * Checks what is to be served under `names`: PEM, key and certificate belong together and are strong enough, it is its time, every name is covered,
 * and the chain is in order (RFC 8446 4.4.2). Returns its facts. Throws `config_invalid` with `certificate_…`; `files` are named in it, never what they hold.
 */
export const checkCertificate = (
  { certificate, key }: KeyPair,
  names: readonly string[],
  files: { certificate: string; key: string },
  now = new Date(),
): CertificateFacts => {
  const file = files.certificate
  const chain = readChain(certificate, file)
  const [own] = chain
  const privateKey = readKey(key, files.key)
  if (!own.checkPrivateKey(privateKey)) throw invalid(file, 'key')
  if (!isStrong(own.publicKey)) throw invalid(file, 'weak')
  const [notBefore, notAfter] = [new Date(own.validFrom), new Date(own.validTo)]
  if (now > notAfter) throw invalid(file, 'expired', { at: notAfter.toISOString() })
  if (now < notBefore) throw invalid(file, 'not_yet', { at: notBefore.toISOString() })
  for (const name of names) if (!covers(own, name)) throw invalid(file, 'name', { name })
  for (const [i, issued] of chain.slice(0, -1).entries()) {
    const issuer = chain[i + 1]!
    if (!issued.checkIssued(issuer) || !issued.verify(issuer.publicKey)) throw invalid(file, 'chain')
  }
  return { names: namesOf(own), issuer: shortName(own.issuer), notBefore, notAfter }
}

/** Whole days from `now` to `end`; negative once it is past. */
export const daysUntil = (end: Date, now = new Date()): number => Math.floor((end.getTime() - now.getTime()) / 86_400_000)
