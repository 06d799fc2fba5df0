import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { CipherGCM, DecipherGCM, KeyObject } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'

/** 1 = AES-256-GCM-SIV (RFC 8452, the default), 2 = SM4-GCM (GB/T 32907, RFC 8998; 国密). The number is stored in every sealed record. */
export type SuiteId = 1 | 2

/** Bytes of a nonce in both suites (RFC 8452 section 4, RFC 8998 section 3.2.1). */
export const NONCE_BYTES = 12
/** Bytes of an authentication tag in both suites. */
export const TAG_BYTES = 16

const algorithms = { 1: 'aes-256-gcm-siv', 2: 'sm4-gcm' } as const
const keyBytes = { 1: 32, 2: 16 } as const

/** Returns the length in bytes of a sealing key of `suite`. */
export function sealKeyBytes(suite: SuiteId): 16 | 32 {
  return keyBytes[suite]
}

/** True when `value` names a suite this code knows. */
export function isSuite(value: unknown): value is SuiteId {
  return value === 1 || value === 2
}

function requireFit(suite: SuiteId, key: KeyObject, nonce: Uint8Array): void {
  if (!isSuite(suite) || key.type !== 'secret' || key.symmetricKeySize !== keyBytes[suite] || nonce.length !== NONCE_BYTES) {
    throw new Error('key or nonce does not fit the suite')
  }
}

/**
 * Seals `plaintext` in one AEAD call and returns ciphertext || 16-byte tag.
 * A nonce must never be used twice under one key in suite 2; suite 1 then only shows that two plaintexts are equal.
 * Throws AppError('internal') when key or nonce do not fit the suite: that is a mistake in the code, not in the data.
 */
export function aeadSeal(suite: SuiteId, key: KeyObject, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Buffer {
  try {
    requireFit(suite, key, nonce)
    // Node's types know only the names of common AEADs; these two behave as GCM does.
    const cipher = createCipheriv(algorithms[suite] as string, key, nonce) as CipherGCM
    cipher.setAAD(aad)
    // GCM-SIV is one-shot: exactly one update, and that one also for an empty plaintext.
    const ciphertext = cipher.update(plaintext)
    const rest = cipher.final()
    return Buffer.concat([ciphertext, rest, cipher.getAuthTag()])
  } catch (cause) {
    throw new AppError('internal', { problem: 'seal' }, { cause })
  }
}

/**
 * Opens ciphertext || 16-byte tag and returns the plaintext.
 * Throws AppError('envelope_invalid'), the same for every reason (wrong key, place, length, tag), so that no caller can become an oracle.
 */
export function aeadOpen(suite: SuiteId, key: KeyObject, nonce: Uint8Array, aad: Uint8Array, ciphertextAndTag: Uint8Array): Buffer {
  try {
    requireFit(suite, key, nonce)
    const end = ciphertextAndTag.length - TAG_BYTES
    if (end < 0) throw new Error('short')
    const decipher = createDecipheriv(algorithms[suite] as string, key, nonce) as DecipherGCM
    // GCM-SIV needs the tag before the only update.
    decipher.setAuthTag(ciphertextAndTag.subarray(end))
    decipher.setAAD(aad)
    const plaintext = decipher.update(ciphertextAndTag.subarray(0, end))
    // update() already returned bytes, tampered or not: they leave this function only if final() does not throw.
    const rest = decipher.final()
    return rest.length === 0 ? plaintext : Buffer.concat([plaintext, rest])
  } catch {
    // No cause: one opaque error, also for whoever prints causes.
    throw new AppError('envelope_invalid')
  }
}
