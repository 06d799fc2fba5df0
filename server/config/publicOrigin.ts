import type { TransitConfig } from './transit.ts'

/** Where people find the server. `origin`: as browsers send it (RFC 6454), for WebAuthn and redirects back from single sign-on. */
export type PublicOrigin = {
  readonly scheme: 'http' | 'https'
  /** Names a browser may ask for, the main one first. */
  readonly names: readonly string[]
  /** The relying party's id for passkeys: the main name (WebAuthn 5.1.2). */
  readonly rpId: string
  readonly origin: string
  /** All origins that are ours, the main one first. */
  readonly origins: readonly string[]
}

/** Where people find a server of this configuration. `port`: the one it listens on, where the system chose it. */
export const publicOrigin = (
  config: Omit<TransitConfig, 'httpPort' | 'trustedProxies' | 'host'> & { readonly port: number },
  port = config.port,
): PublicOrigin => {
  const scheme = config.tls === null ? 'http' : 'https'
  const names = config.tls === null ? ['localhost'] : config.publicNames
  const shown = config.publicPort ?? (config.tls?.kind === 'proxy' ? 443 : port)
  const suffix = shown === (scheme === 'https' ? 443 : 80) ? '' : `:${shown}`
  const origins = names.map((name) => `${scheme}://${name.includes(':') ? `[${name}]` : name}${suffix}`)
  return { scheme, names, rpId: names[0]!, origin: origins[0]!, origins }
}
