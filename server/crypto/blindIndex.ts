import { createHmac } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { deriveSubkey } from './subkey.ts'

/** Bytes of a blind index token. At 2^40 values the chance of one false match is 2^-49. */
export const BLIND_TOKEN_BYTES = 16

/**
 * Returns the 16-byte token under which the exact `value` of `field` ('customer.phones') is found: HMAC-SHA256 (RFC 2104) cut to 128 bits,
 * under a key of the field's own, so that equal values in two fields do not show.
 * The caller normalises first (phone to E.164, e-mail to lower case).
 */
export function blindToken(indexKey: KeyObject, field: string, value: string): Buffer {
  const fieldKey = deriveSubkey(indexKey, `blind/${field}`)
  return createHmac('sha256', fieldKey).update(value, 'utf8').digest().subarray(0, BLIND_TOKEN_BYTES)
}
