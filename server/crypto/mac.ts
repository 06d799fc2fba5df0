import { createHmac, timingSafeEqual } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { lengthPrefixed } from './lengthPrefixed.ts'
import { deriveSubkey } from './subkey.ts'

/** A column value under a row MAC. The type counts: 1 and '1', '' and null differ; 1 and 1n do not (drivers disagree about bigint). */
export type MacPart = string | number | bigint | boolean | null | Date | Uint8Array

/** Bytes of a row MAC. */
export const ROW_MAC_BYTES = 32

function encode(part: MacPart): (string | Uint8Array)[] {
  if (part === null) return ['0', '']
  if (part instanceof Uint8Array) return ['x', part]
  if (part instanceof Date) return ['d', String(part.getTime())]
  switch (typeof part) {
    case 'string':
      return ['s', part]
    case 'boolean':
      return ['b', part ? '1' : '0']
    default:
      return ['n', String(part)]
  }
}

/**
 * Returns the MAC (HMAC-SHA256, 32 bytes) of a row of `table` whose columns, in a
 * fixed order the caller keeps, are `parts`; times count to the millisecond.
 * For rows that grant something (grants, credentials, sessions, policy): a row inserted behind our back has no MAC and grants nothing.
 * Include the primary key and every column that decides.
 */
export function rowMac(key: KeyObject, table: string, parts: readonly MacPart[]): Buffer {
  return createHmac('sha256', deriveSubkey(key, `row/${table}`))
    .update(lengthPrefixed(parts.flatMap(encode)))
    .digest()
}

/** True when `mac` is the row's MAC; compared in constant time. A missing or short MAC is false, never an error. */
export function verifyRowMac(key: KeyObject, table: string, parts: readonly MacPart[], mac: Uint8Array | null | undefined): boolean {
  return mac?.length === ROW_MAC_BYTES && timingSafeEqual(rowMac(key, table, parts), mac)
}

/**
 * Returns the MAC (HMAC-SHA256, 32 bytes) of `text` for one `purpose`, whose subkey no other purpose has. For tokens and lookups: CSRF, throttle keys,
 * marks of known browsers.
 */
export function textMac(key: KeyObject, purpose: string, text: string): Buffer {
  return createHmac('sha256', deriveSubkey(key, purpose)).update(text).digest()
}
