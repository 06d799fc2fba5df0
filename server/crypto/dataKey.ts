import { createSecretKey, hkdfSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import { sealKeyBytes } from './aead.ts'
import type { SuiteId } from './aead.ts'
import { lengthPrefixed } from './lengthPrefixed.ts'

/** The key of one data subject, ready for use. `commitment` is public: it stands in each envelope sealed under this key. */
export type DataKey = { subject: number; version: number; suite: SuiteId; seal: KeyObject; commitment: Buffer }

/** Bytes of random material behind one data key, in both suites. */
export const MATERIAL_BYTES = 32
/** Bytes of a key commitment. */
export const COMMITMENT_BYTES = 32

const hashes = { 1: 'sha256', 2: 'sm3' } as const
const noSalt = Buffer.alloc(0)

/**
 * Derives sealing key and commitment from 32 bytes of random `material` by
 * one HKDF (RFC 5869; HMAC-SHA256 in suite 1, HMAC-SM3 in suite 2).
 * The commitment is needed because neither AEAD commits to its key (RFC 8452
 * section 9; Len, Grubbs, Ristenpart, "Partitioning Oracle Attacks", 2021):
 * without it one envelope could open to two texts under two keys. Done once per
 * unwrapped key, so that an operation costs one AEAD call and one compare.
 * Throws AppError('internal') when the material has another length.
 */
export function deriveDataKey(material: KeyObject | Uint8Array, of: { subject: number; version: number; suite: SuiteId }): DataKey {
  const { subject, version, suite } = of
  const size = material instanceof Uint8Array ? material.length : material.symmetricKeySize
  if (size !== MATERIAL_BYTES) throw new AppError('internal', { problem: 'data key material' })
  const sealBytes = sealKeyBytes(suite)
  const info = lengthPrefixed(['anechoic/1/data-key', String(subject), String(version), String(suite)])
  const derived = Buffer.from(hkdfSync(hashes[suite], material, noSalt, info, sealBytes + COMMITMENT_BYTES))
  const seal = createSecretKey(derived.subarray(0, sealBytes))
  const commitment = Buffer.from(derived.subarray(sealBytes))
  derived.fill(0)
  return { subject, version, suite, seal, commitment }
}
