import { BlockList, isIP } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

// RFC 1918, RFC 3927, RFC 4193, RFC 4291: networks that no address outside belongs to.
const local = new BlockList()
local.addSubnet('10.0.0.0', 8)
local.addSubnet('172.16.0.0', 12)
local.addSubnet('192.168.0.0', 16)
local.addSubnet('169.254.0.0', 16)
local.addSubnet('fc00::', 7, 'ipv6')
local.addSubnet('fe80::', 10, 'ipv6')

/** Where an address is, in a word: this machine, the shop's own network, or outside; null for none. */
export type Place = 'here' | 'local' | 'outside'

/** Returns where a network address is. */
export const placeOf = (address: string | null): Place | null => {
  if (address === null) return null
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
  const family = isIP(plain)
  if (family === 0) return null
  const kind = family === 6 ? 'ipv6' : 'ipv4'
  return loopback.check(plain, kind) ? 'here' : local.check(plain, kind) ? 'local' : 'outside'
}
