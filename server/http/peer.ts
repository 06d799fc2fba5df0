import type { FastifyInstance, FastifyRequest } from 'fastify'
import { BlockList, isIP } from 'node:net'
import { AppError } from '../../domain/errors.ts'

const locals = new WeakSet<FastifyInstance['server']>()

/** Declares that a server listens on the data folder's socket, to which only its owner has access, and on nothing else. */
export const markLocal = ({ server }: FastifyInstance): void => void locals.add(server)

/**
 * Whether the request came over the data folder's socket rather than TCP. What decides is who listens, not who asks: a TCP connection that is reset as soon as its
 * request is sent has no address any more by the time it is looked at, just as a Unix socket has none.
 */
export const isLocal = ({ server }: FastifyRequest): boolean => locals.has(server.server)

/**
 * The address a request came from: the last one that no trusted proxy vouches for, or the proxy's own where it names none; null over the data folder's socket.
 * `gone` where the connection is reset already.
 */
export const addressOf = (request: FastifyRequest): string | null => {
  if (isLocal(request)) return null
  const found = isIP(request.ip) === 0 ? (request.raw.socket.remoteAddress ?? 'gone') : request.ip
  // A listener on :: sees IPv4 callers in IPv6 clothes.
  return isIP(found.replace(/^::ffff:/i, '')) === 4 ? found.replace(/^::ffff:/i, '') : found
}

/**
 * What counts as one caller where callers are counted: an IPv4 address, or the /64 that an IPv6 address is of, since whoever has one of its addresses has all (RFC 6177).
 */
export const networkOf = (address: string): string => {
  if (isIP(address) !== 6) return address
  const [head = '', tail] = address.toLowerCase().split('%')[0]!.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = tail === undefined ? 0 : 8 - left.length - right.length
  const groups = [...left, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}

/** Returns what tells whether an address lies in one of the ranges (addresses and CIDR, checked by the configuration). */
export const isWithin = (ranges: readonly string[]): ((address: string) => boolean) => {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

// Far beyond any browser (about 20 headers, addresses of a list with filters below 2 KB).
const mostHeaders = 100
const longestUrl = 8_192

/**
 * Refuses more headers and longer addresses than any client of ours sends, and a second Host (RFC 9112 3.2): Node takes the first, a proxy before it may have taken
 * the other. Throws `input_too_large`, `input_invalid`.
 */
export const checkHead = ({ raw }: FastifyRequest): void => {
  if (raw.rawHeaders.length > 2 * mostHeaders) throw new AppError('input_too_large', { limit: mostHeaders, problem: 'headers' })
  if ((raw.url ?? '').length > longestUrl) throw new AppError('input_too_large', { limit: longestUrl, problem: 'url' })
  const hosts = raw.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host')
  if (hosts.length > 1) throw new AppError('input_invalid', { problem: 'two_hosts' })
}
