import type { Use } from '../../domain/policy/role.ts'

/** What a use gave: a link or a text; over the relay also until when its number stands and the ticket that ends it. */
export type Usable = { value: string; via?: 'relay'; until?: string; binding?: string }

/** Whether this device calls and shows maps by itself; a desk's computer mostly does not. */
export const isHandheld = (): boolean => window.matchMedia('(pointer: coarse)').matches

/** What is to be shown for a use, once its value is here; null where it is done without showing anything. */
export type Shown = 'code' | 'maps' | null

/** Carries a use out as far as this device can by itself, and says what is to be shown beyond that. */
export const carryOut = async (use: Use, { value, via }: Usable): Promise<Shown> => {
  if (use === 'navigate') return 'maps'
  const isLink = /^(?:tel|sms|mailto):/.test(value)
  if (!isLink) {
    await navigator.clipboard.writeText(value)
    return null
  }
  // A relay's number is no secret, and the caller may need it on another phone.
  if (via === 'relay' || (!isHandheld() && !value.startsWith('mailto:'))) return 'code'
  window.location.assign(value)
  return null
}

/** The kind of entry that a use suggests for the timeline; null for none. */
export const entryAfter = (use: Use, value: string): 'call' | 'wechat' | 'email' | null => {
  if (use === 'call') return 'call'
  if (use !== 'message' || value.startsWith('sms:')) return null
  return value.startsWith('mailto:') ? 'email' : 'wechat'
}

/** Web maps that take an address in their link (their public URI interfaces, without a key). Nothing is asked of them before somebody opens one. */
export const maps = {
  amap: (address: string) => `https://uri.amap.com/search?keyword=${encodeURIComponent(address)}`,
  baidu: (address: string) =>
    `https://api.map.baidu.com/geocoder?address=${encodeURIComponent(address)}&output=html&src=webapp.anechoic.crm`,
} as const

/** Returns the address in a `geo:` link. */
export const addressOf = (geo: string): string => decodeURIComponent(geo.replace(/^geo:[^?]*\?q=/, ''))
