import ipaddr from 'ipaddr.js'

/** Never reached, whatever the owner allows: no service of anybody's is there, but a cloud's keys are (link-local 169.254.169.254, 100.100.100.200, fd00:ec2::254). */
const neverReached = ['unspecified', 'multicast', 'broadcast', 'linkLocal', 'reserved', 'discard']
const metadata = new Set(['100.100.100.200', 'fd00:ec2:0:0:0:0:0:254'])

// An IPv4 address in IPv6 clothes is judged as what it is: that is where the connection goes.
const plain = (address: string): ipaddr.IPv4 | ipaddr.IPv6 | null => {
  if (!ipaddr.isValid(address)) return null
  const parsed = ipaddr.parse(address)
  return parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress() ? parsed.toIPv4Address() : parsed
}

/**
 * Whether a connection may go to this address: to a public one (IANA special-purpose registries, RFC 6890, as ipaddr.js knows them), or, where
 * the owner has `allowed` the host by configuration, also to a private or loopback one. Never to link-local, multicast, reserved or metadata
 * addresses, and never to what is no address. IPv4-mapped addresses are public to nobody (OWASP SSRF prevention).
 */
export const mayReach = (address: string, allowed: boolean): boolean => {
  const parsed = plain(address)
  if (parsed === null) return false
  const range = parsed.range()
  if (neverReached.includes(range) || metadata.has(parsed.toNormalizedString())) return false
  return allowed || (range === 'unicast' && !(ipaddr.parse(address) instanceof ipaddr.IPv6 && parsed instanceof ipaddr.IPv4))
}
