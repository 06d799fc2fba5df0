import { AppError } from '../../domain/errors.ts'

type Headers = {
  readonly host?: string | undefined
  readonly origin?: string | undefined
  readonly 'sec-fetch-site'?: string | string[] | undefined
}

const hostNameOf = (host: string): string => host.replace(/:\d+$/, '').toLowerCase()

/**
 * Refuses a request for a host name that is not ours: a page of another site whose name was rebound to this machine's address would else count
 * as same-origin. Throws `origin`.
 */
export const checkHost = (headers: Headers, hosts: readonly string[]): void => {
  if (!headers.host || !hosts.includes(hostNameOf(headers.host))) throw new AppError('origin')
}

/**
 * Refuses a write that a browser says another origin started (Fetch Metadata; RFC 6454). A program that sends neither header is no browser and so
 * carries nobody's cookie unasked. Throws `origin`.
 */
export const checkOrigin = (headers: Headers, scheme: 'http' | 'https'): void => {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new AppError('origin')
  if (headers.origin !== undefined && headers.origin !== `${scheme}://${headers.host}`) throw new AppError('origin')
}

/** The address on `localhost` a browser should use instead of a bare loopback address (passkeys refuse one), or null. */
export const localhostUrl = (headers: Headers, url: string): string | null => {
  const host = headers.host ?? ''
  const name = hostNameOf(host)
  if (name !== '127.0.0.1' && name !== '[::1]') return null
  return `http://localhost${/:\d+$/.exec(host)?.[0] ?? ''}${url}`
}
