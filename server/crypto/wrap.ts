import { createSecretKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import { NONCE_BYTES, TAG_BYTES, aeadOpen, aeadSeal, isSuite, sealKeyBytes } from './aead.ts'
import type { SuiteId } from './aead.ts'
import { MATERIAL_BYTES } from './dataKey.ts'
import { lengthPrefixed } from './lengthPrefixed.ts'
import { randomNonce } from './nonce.ts'
import { deriveSubkey } from './subkey.ts'

/** Which data key under which epoch key. All four are bound into the wrap. */
export type WrapPlace = { subject: number; epoch: number; version: number; suite: SuiteId }

const FORMAT = 1
/** Bytes of a wrapped data key: format u8 | nonce 12 | ciphertext 32 | tag 16. */
export const WRAPPED_KEY_BYTES = 1 + NONCE_BYTES + MATERIAL_BYTES + TAG_BYTES

function wrappingKey(epochKey: KeyObject, suite: SuiteId): KeyObject {
  return deriveSubkey(epochKey, `wrap/${suite}`, sealKeyBytes(suite), suite === 2 ? 'sm3' : 'sha256')
}

function additionalData(place: WrapPlace): Buffer {
  return lengthPrefixed([`anechoic/wrap/${FORMAT}`, String(place.subject), String(place.epoch), String(place.version), String(place.suite)])
}

/**
 * Wraps 32 bytes of data key material under an epoch key and returns WRAPPED_KEY_BYTES
 * bytes. It unwraps only for the same subject, epoch, version and suite.
 * Random nonces: 2^32 wraps per epoch key stay within NIST SP 800-38D section 8.3, far above any number of customers.
 */
export function wrapDataKey(epochKey: KeyObject, place: WrapPlace, material: KeyObject | Uint8Array): Buffer {
  const plain = material instanceof Uint8Array ? material : material.export()
  if (plain.length !== MATERIAL_BYTES) throw new AppError('internal', { problem: 'data key material' })
  const nonce = randomNonce()
  const sealed = aeadSeal(place.suite, wrappingKey(epochKey, place.suite), nonce, additionalData(place), plain)
  return Buffer.concat([Buffer.from([FORMAT]), nonce, sealed])
}

/**
 * Returns the key material as a KeyObject (for deriveDataKey, or for wrapDataKey under the next epoch).
 * Throws AppError('envelope_invalid') for every failure.
 */
export function unwrapDataKey(epochKey: KeyObject, place: WrapPlace, wrapped: Uint8Array): KeyObject {
  if (wrapped.length !== WRAPPED_KEY_BYTES || wrapped[0] !== FORMAT || !isSuite(place.suite)) throw new AppError('envelope_invalid')
  const nonce = wrapped.subarray(1, 1 + NONCE_BYTES)
  const plain = aeadOpen(place.suite, wrappingKey(epochKey, place.suite), nonce, additionalData(place), wrapped.subarray(1 + NONCE_BYTES))
  const material = createSecretKey(plain)
  plain.fill(0)
  return material
}
