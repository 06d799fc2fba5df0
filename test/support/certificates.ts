import { issueCertificate, makeAuthority, type Pair } from '../../server/tls/certificates.ts'

const day = 86_400_000
const inDays = (days: number): Date => new Date(Date.now() + days * day)

/** Certificates of one authority: a good one for localhost and 127.0.0.1, and those that nobody may believe. */
export type Certificates = {
  readonly ca: string
  readonly good: Pair
  readonly expired: Pair
  readonly notYet: Pair
  readonly wrongHost: Pair
  /** Of an authority that nobody trusts. */
  readonly stranger: Pair
}

/** Makes an authority and its certificates, each with a key of its own. */
export const makeCertificates = async (names: readonly string[] = ['localhost', '127.0.0.1']): Promise<Certificates> => {
  const times = { from: inDays(-30), until: inDays(30) }
  const authority = await makeAuthority('Test authority', { ...times, permitted: null })
  const stranger = await makeAuthority('Another authority', { ...times, permitted: null })
  return {
    ca: authority.certificate,
    good: await issueCertificate(authority, names, times),
    expired: await issueCertificate(authority, names, { from: inDays(-20), until: inDays(-1) }),
    notYet: await issueCertificate(authority, names, { from: inDays(1), until: inDays(20) }),
    wrongHost: await issueCertificate(authority, ['elsewhere.example'], times),
    stranger: await issueCertificate(stranger, names, times),
  }
}
