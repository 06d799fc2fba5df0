import { isIP } from 'node:net'
import { type Find, invalid, isHostName, readList, readPath, readPort, required, type Source } from './source.ts'

/** Where a certificate's DNS challenge is written: credentials of the provider, and the zone (`example.com`) that holds the names. */
export type DnsConfig = { readonly provider: 'aliyun' | 'dnspod'; readonly id: string; readonly secret: string; readonly zone: string }

/** Where the server's certificate comes from. `proxy`: TLS ends at a proxy on this machine. */
export type TlsConfig =
  | { readonly kind: 'files'; readonly certFile: string; readonly keyFile: string }
  | { readonly kind: 'localCa' }
  | { readonly kind: 'proxy' }
  | {
      readonly kind: 'acme'
      readonly directory: string
      readonly email: string | null
      /** Of a certificate authority of one's own; absolute path. */
      readonly caFile: string | null
      /** Null: http-01. */
      readonly dns: DnsConfig | null
    }

/** How the server is reached. */
export type TransitConfig = {
  /** What to listen on: loopback, or, with `tls`, any name or address of this machine. */
  readonly host: string
  readonly tls: TlsConfig | null
  /** What people type, the main name first; empty without TLS. Further ones may be addresses. */
  readonly publicNames: readonly string[]
  /** The port people type; null: the one listened on (behind a proxy 443). */
  readonly publicPort: number | null
  /** Plain HTTP for redirects, ACME's challenge and the local authority's certificate; null: none. */
  readonly httpPort: number | null
  /** Addresses and ranges whose X-Forwarded-For and X-Forwarded-Proto are believed; empty: nobody's. */
  readonly trustedProxies: readonly string[]
}

export type TransitKey = keyof typeof transitVariables

/** The settings of this file, by their key in the configuration file. */
export const transitVariables = {
  host: 'ANECHOIC_HOST',
  tls: 'ANECHOIC_TLS',
  publicName: 'ANECHOIC_PUBLIC_NAME',
  publicPort: 'ANECHOIC_PUBLIC_PORT',
  httpPort: 'ANECHOIC_HTTP_PORT',
  trustedProxies: 'ANECHOIC_TRUSTED_PROXIES',
  tlsCertFile: 'ANECHOIC_TLS_CERT_FILE',
  tlsKeyFile: 'ANECHOIC_TLS_KEY_FILE',
  acmeDirectory: 'ANECHOIC_ACME_DIRECTORY',
  acmeEmail: 'ANECHOIC_ACME_EMAIL',
  acmeAgree: 'ANECHOIC_ACME_AGREE',
  acmeChallenge: 'ANECHOIC_ACME_CHALLENGE',
  acmeCaFile: 'ANECHOIC_ACME_CA_FILE',
  dnsProvider: 'ANECHOIC_DNS_PROVIDER',
  dnsId: 'ANECHOIC_DNS_ID',
  dnsSecret: 'ANECHOIC_DNS_SECRET',
  dnsZone: 'ANECHOIC_DNS_ZONE',
} as const

const letsEncrypt = 'https://acme-v02.api.letsencrypt.org/directory'

const belongsTo: Readonly<Partial<Record<TransitKey, readonly TlsConfig['kind'][]>>> = {
  publicName: ['files', 'localCa', 'proxy', 'acme'],
  publicPort: ['files', 'localCa', 'proxy', 'acme'],
  httpPort: ['files', 'localCa', 'acme'],
  tlsCertFile: ['files'],
  tlsKeyFile: ['files'],
  acmeDirectory: ['acme'],
  acmeEmail: ['acme'],
  acmeAgree: ['acme'],
  acmeChallenge: ['acme'],
  acmeCaFile: ['acme'],
  dnsProvider: ['acme'],
  dnsId: ['acme'],
  dnsSecret: ['acme'],
  dnsZone: ['acme'],
}

/** Loopback by RFC 6761 and RFC 5735: what goes there does not leave the machine. */
const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/.test(host)

const readKind = (source: Source | null): TlsConfig['kind'] | null => {
  if (source === null) return null
  const { value } = source
  if (value !== 'files' && value !== 'acme' && value !== 'localCa' && value !== 'proxy') throw invalid(source.name, 'not_a_tls')
  return value
}

const readHost = (source: Source | null, kind: TlsConfig['kind'] | null): string => {
  if (source === null) return 'localhost'
  const host = source.value.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  if (isIP(host) === 0 && !isHostName(host)) throw invalid(source.name, 'not_a_host')
  if (isLoopback(host)) return host
  if (kind === null) throw invalid(source.name, 'tls_needed')
  if (kind === 'proxy') throw invalid(source.name, 'proxy_loopback')
  return host
}

const readNames = (source: Source | null, kind: TlsConfig['kind'] | null): string[] => {
  if (kind === null) return []
  const { name } = required(source, transitVariables.publicName)
  const names = readList(source).map((one) => one.toLowerCase())
  for (const one of names) if (isIP(one) === 0 && !isHostName(one)) throw invalid(name, 'not_a_name')
  if (names.length === 0 || isIP(names[0]!) !== 0) throw invalid(name, 'name_first')
  if (kind === 'acme' && names.some((one) => isIP(one) !== 0)) throw invalid(name, 'acme_address')
  return [...new Set(names)]
}

const readProxies = (source: Source | null): string[] => {
  const proxies = readList(source)
  for (const one of proxies) {
    const [address = '', bits, more] = one.split('/')
    const family = isIP(address)
    const most = family === 4 ? 32 : 128
    // Everybody is nobody's proxy: /0 would let each visitor say who they are.
    const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= most)
    if (family === 0 || !isRange || more !== undefined) throw invalid(source!.name, 'not_proxies')
  }
  return proxies
}

const readDns = (find: Find<TransitKey>, names: readonly string[]): DnsConfig => {
  const provider = required(find('dnsProvider'), transitVariables.dnsProvider)
  if (provider.value !== 'aliyun' && provider.value !== 'dnspod') throw invalid(provider.name, 'not_a_dns_provider')
  const zone = required(find('dnsZone'), transitVariables.dnsZone)
  const suffix = zone.value.toLowerCase()
  if (!isHostName(suffix) || !names.every((name) => name === suffix || name.endsWith(`.${suffix}`)))
    throw invalid(zone.name, 'not_the_zone')
  const [id, secret] = [required(find('dnsId'), transitVariables.dnsId), required(find('dnsSecret'), transitVariables.dnsSecret)]
  // They go into headers; what they are never gets into an error.
  for (const one of [id, secret]) if (!/^[\x21-\x7e]{4,256}$/.test(one.value)) throw invalid(one.name, 'not_a_credential')
  return { provider: provider.value, id: id.value, secret: secret.value, zone: suffix }
}

const readAcme = (find: Find<TransitKey>, names: readonly string[]): TlsConfig => {
  const directory = find('acmeDirectory')
  if (directory !== null && (!URL.canParse(directory.value) || new URL(directory.value).protocol !== 'https:'))
    throw invalid(directory.name, 'acme_not_https')
  const email = find('acmeEmail')
  if (email !== null && !/^[^\s@,?]{1,64}@[^\s@,?]{1,255}$/.test(email.value)) throw invalid(email.name, 'not_an_address')
  if (find('acmeAgree')?.value !== 'yes') throw invalid(transitVariables.acmeAgree, 'acme_agree')
  const challenge = find('acmeChallenge')
  if (challenge !== null && challenge.value !== 'http-01' && challenge.value !== 'dns-01') throw invalid(challenge.name, 'not_a_challenge')
  const isDns = challenge?.value === 'dns-01'
  const stray = find('dnsProvider') ?? find('dnsId') ?? find('dnsSecret') ?? find('dnsZone')
  if (!isDns && stray !== null) throw invalid(stray.name, 'without_dns')
  return {
    kind: 'acme',
    directory: directory?.value ?? letsEncrypt,
    email: email?.value ?? null,
    caFile: readPath(find('acmeCaFile')),
    dns: isDns ? readDns(find, names) : null,
  }
}

const readTls = (kind: TlsConfig['kind'] | null, find: Find<TransitKey>, names: readonly string[]): TlsConfig | null => {
  if (kind === 'acme') return readAcme(find, names)
  if (kind !== 'files') return kind === null ? null : { kind }
  return {
    kind,
    certFile: readPath(required(find('tlsCertFile'), transitVariables.tlsCertFile))!,
    keyFile: readPath(required(find('tlsKeyFile'), transitVariables.tlsKeyFile))!,
  }
}

/**
 * How the server is reached, from the settings. Anything but loopback demands TLS, and TLS a name (passkeys refuse bare addresses). Throws
 * `config_invalid` for the first thing wrong: a setting that goes with another kind of TLS is a mistake, and not one without effect.
 */
export const readTransit = (find: Find<TransitKey>): TransitConfig => {
  const kind = readKind(find('tls'))
  for (const [key, kinds] of Object.entries(belongsTo) as [TransitKey, readonly TlsConfig['kind'][]][]) {
    const source = find(key)
    if (source !== null && (kind === null || !kinds.includes(kind))) throw invalid(source.name, 'not_with_this_tls')
  }
  const host = readHost(find('host'), kind)
  const publicNames = readNames(find('publicName'), kind)
  const tls = readTls(kind, find, publicNames)
  const trustedProxies = readProxies(find('trustedProxies'))
  if (kind === 'proxy' && trustedProxies.length === 0) throw invalid(transitVariables.trustedProxies, 'missing')
  const [publicPort, httpPort] = [find('publicPort'), find('httpPort')]
  return {
    host,
    tls,
    publicNames,
    publicPort: publicPort === null ? null : readPort(publicPort),
    // ACME's http-01 comes to port 80 (RFC 8555 8.3), whatever a router makes of it before it is here.
    httpPort: httpPort === null ? (tls?.kind === 'acme' && tls.dns === null ? 80 : null) : readPort(httpPort),
    trustedProxies,
  }
}
