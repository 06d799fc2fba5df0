import type { KeyObject } from 'node:crypto'
import { AppError } from '../../../domain/errors.ts'
import { NONCE_BYTES, aeadOpen, aeadSeal } from '../aead.ts'
import { randomNonce } from '../nonce.ts'
import { deriveSubkey } from '../subkey.ts'

const aad = Buffer.from('anechoic/root/1')

/** Returns nonce || ciphertext || tag (AES-256-GCM-SIV) of a keyring key under a root key held on this machine. */
export function sealUnderRoot(root: KeyObject, plain: Uint8Array): Buffer {
  const nonce = randomNonce()
  return Buffer.concat([nonce, aeadSeal(1, deriveSubkey(root, 'root-wrap'), nonce, aad, plain)])
}

/** Opens what sealUnderRoot made. Throws AppError('envelope_invalid') otherwise. */
export function openUnderRoot(root: KeyObject, wrapped: Uint8Array): Buffer {
  if (wrapped.length < NONCE_BYTES) throw new AppError('envelope_invalid')
  return aeadOpen(1, deriveSubkey(root, 'root-wrap'), wrapped.subarray(0, NONCE_BYTES), aad, wrapped.subarray(NONCE_BYTES))
}
