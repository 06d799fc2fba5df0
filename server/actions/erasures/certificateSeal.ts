import { timingSafeEqual, type KeyObject } from 'node:crypto'
import { textMac } from '../../crypto/mac.ts'

export type Seal = { readonly algorithm: 'HMAC-SHA256'; readonly value: string }

/** Returns JSON with the keys of each object in order, so that the same certificate has the same bytes whoever wrote it down (as RFC 8785 orders). */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

/**
 * Returns the seal of a statement: a MAC under this installation's key. It proves to this installation, and to nobody else, that it made the statement and
 * that nothing in it was changed since.
 */
export const sealOf = (macKey: KeyObject, statement: object): Seal => ({
  algorithm: 'HMAC-SHA256',
  value: textMac(macKey, 'erasure-certificate/1', canonicalJson(statement)).toString('hex'),
})

/** Whether a statement carries its seal; compared in constant time. */
export const isSealed = (macKey: KeyObject, statement: object, seal: unknown): boolean => {
  const value = typeof seal === 'object' && seal !== null && 'value' in seal ? seal.value : null
  const given = Buffer.from(typeof value === 'string' ? value : '', 'hex')
  const expected = Buffer.from(sealOf(macKey, statement).value, 'hex')
  return given.length === expected.length && timingSafeEqual(given, expected)
}
