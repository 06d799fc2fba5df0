import { randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import { AsnConvert } from '@peculiar/asn1-schema'
import { GeneralName, GeneralSubtree, GeneralSubtrees, id_ce_nameConstraints, NameConstraints } from '@peculiar/asn1-x509'
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  AuthorityKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

const crypto = webcrypto as unknown as Crypto
cryptoProvider.set(crypto)

/** ECDSA P-256 with SHA-256: what every browser and phone since 2012 verifies (RFC 5480). */
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** A certificate and the private key it is for, both PEM. */
export type Pair = { readonly certificate: string; readonly key: string }

type Times = { readonly from: Date; readonly until: Date }

const newKeys = () => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])

const keyPem = async (key: CryptoKey): Promise<string> =>
  `${PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`

// RFC 5280 4.1.2.2: positive and at most 20 bytes; random, as the CA/Browser Forum asks (7.1: 64 bits at least).
const newSerial = (): string => {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x7f) | 0x40
  return bytes.toString('hex')
}

const subtrees = (names: readonly GeneralName[]): GeneralSubtrees => new GeneralSubtrees(names.map((base) => new GeneralSubtree({ base })))

// RFC 5280 4.2.1.10. Critical, so that who does not understand the limits trusts nothing of it.
const constraintsOf = (permitted: { dns: readonly string[]; ip: readonly string[] }): Extension =>
  new Extension(
    id_ce_nameConstraints,
    true,
    AsnConvert.serialize(
      new NameConstraints({
        permittedSubtrees: subtrees([
          ...permitted.dns.map((name) => new GeneralName({ dNSName: name })),
          ...permitted.ip.map((range) => new GeneralName({ iPAddress: range })),
        ]),
      }),
    ),
  )

/** What an authority can vouch for: DNS names, with all below, and address ranges. Both empty where it has no limits, or none that can be read. */
export const permittedNames = (authority: string): { dns: string[]; ip: string[] } => {
  const extension = new X509Certificate(authority).getExtension(id_ce_nameConstraints)
  const names = extension ? [...(AsnConvert.parse(extension.value, NameConstraints).permittedSubtrees ?? [])].map(({ base }) => base) : []
  return { dns: names.flatMap(({ dNSName }) => dNSName ?? []), ip: names.flatMap(({ iPAddress }) => iPAddress ?? []) }
}

/** What a name in a certificate's subject may be: it is shown to people and goes unescaped into a distinguished name. */
const nameOf = (text: string): string => `CN=${text.replaceAll(/[^\p{L}\p{N} .-]/gu, '')}`

/**
 * Makes a certificate authority with a key of its own. `permitted`: DNS names (with all below) and address ranges it can vouch for; others it signs are
 * believed by nobody. Null: no limit (tests).
 */
export const makeAuthority = async (
  name: string,
  { from, until, permitted }: Times & { permitted: { dns: readonly string[]; ip: readonly string[] } | null },
): Promise<Pair> => {
  const keys = await newKeys()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: nameOf(name),
    notBefore: from,
    notAfter: until,
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ...(permitted === null ? [] : [constraintsOf(permitted)]),
    ],
  })
  return { certificate: `${certificate.toString('pem')}\n`, key: await keyPem(keys.privateKey) }
}

/** Issues a server certificate for DNS names and addresses, with a new key. The first name is the subject's. */
export const issueCertificate = async (authority: Pair, names: readonly string[], { from, until }: Times): Promise<Pair> => {
  const keys = await newKeys()
  const issuer = new X509Certificate(authority.certificate)
  const signingKey = await crypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(authority.key), algorithm, false, ['sign'])
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: nameOf(names[0] ?? ''),
    issuer: issuer.subject,
    notBefore: from,
    notAfter: until,
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value }))),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  })
  return { certificate: `${certificate.toString('pem')}\n`, key: await keyPem(keys.privateKey) }
}
