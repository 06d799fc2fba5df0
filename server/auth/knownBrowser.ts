import { type KeyObject, timingSafeEqual } from 'node:crypto'
import { textMac } from '../crypto/mac.ts'

/** Seconds a browser stays known: 90 days. */
export const knownFor = 90 * 24 * 3600

const macOf = (macKey: KeyObject, text: string): string => textMac(macKey, 'known-browser', text).toString('base64url')

/** Returns the cookie value that marks a browser as one that has signed in as this account. It opens nothing; guessing from it is throttled apart. */
export const markBrowser = (macKey: KeyObject, staffId: string, seconds = Date.now() / 1000): string => {
  const text = `${staffId}.${Math.floor(seconds)}`
  return `${text}.${macOf(macKey, text)}`
}

/** Whether the cookie value marks a browser of this account, not older than `knownFor`. */
export const isKnownBrowser = (macKey: KeyObject, staffId: string, value: string | undefined, seconds = Date.now() / 1000): boolean => {
  const [owner, issued, mac] = (value ?? '').split('.')
  if (!owner || !issued || !mac || owner !== staffId || !/^\d{1,12}$/.test(issued)) return false
  if (seconds - Number(issued) > knownFor) return false
  const [given, expected] = [Buffer.from(mac), Buffer.from(macOf(macKey, `${owner}.${issued}`))]
  return given.length === expected.length && timingSafeEqual(given, expected)
}
