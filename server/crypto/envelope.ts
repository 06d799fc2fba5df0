import { hash, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import { NONCE_BYTES, TAG_BYTES, aeadOpen, aeadSeal, isSuite } from './aead.ts'
import type { SuiteId } from './aead.ts'
import { COMMITMENT_BYTES } from './dataKey.ts'
import type { DataKey } from './dataKey.ts'
import { lengthPrefixed } from './lengthPrefixed.ts'
import { randomNonce } from './nonce.ts'

/**
 * Where a ciphertext belongs, and in whose hands: it opens nowhere else. Store and owner are those that decide who may see the record; absent where
 * the record has none, or where that is decided elsewhere.
 */
export type Place = {
  entity: string
  recordId: string
  subject: number
  group: string
  storeId?: string | null
  ownerId?: string | null
  /** The record it hangs below, where that one is about another person: it opens below no other. */
  parentId?: string
}

// version u8 | suite u8 | schema u16 | key version u32 | commitment 32 | nonce 12 | ciphertext (n x 64) | tag 16, big-endian
const FORMAT = 2
const COMMITMENT_AT = 8
const NONCE_AT = COMMITMENT_AT + COMMITMENT_BYTES
/** Bytes before the ciphertext. */
export const ENVELOPE_HEADER_BYTES = NONCE_AT + NONCE_BYTES
/** Bytes after the ciphertext. */
export const ENVELOPE_TAG_BYTES = TAG_BYTES
/** The plaintext is padded to a multiple of this, so that the length of a name or phone number does not show. */
export const ENVELOPE_BUCKET_BYTES = 64
/** The largest plaintext of one envelope, in bytes. Files are not sealed here but as streams. */
export const ENVELOPE_MAX_PLAINTEXT = 16 * 1024 * 1024
const MIN_BYTES = ENVELOPE_HEADER_BYTES + ENVELOPE_BUCKET_BYTES + TAG_BYTES
const LENGTH_BYTES = 4

function additionalData(key: DataKey, place: Place, schemaVersion: number): Buffer {
  return lengthPrefixed([
    `anechoic/envelope/${FORMAT}/${key.suite}`,
    place.entity,
    place.recordId,
    String(place.subject),
    place.group,
    String(key.version),
    String(schemaVersion),
    place.storeId ?? '',
    place.ownerId ?? '',
    ...(place.parentId === undefined ? [] : [place.parentId]),
  ])
}

/**
 * Seals one class group of one record and returns the envelope. Costs one AEAD call.
 * Throws AppError('input_too_large') above ENVELOPE_MAX_PLAINTEXT, and
 * AppError('internal') if the key belongs to another subject than the place.
 */
export function sealEnvelope(key: DataKey, place: Place, schemaVersion: number, plaintext: Uint8Array): Buffer {
  if (place.subject !== key.subject) throw new AppError('internal', { problem: 'key of another subject' })
  if (plaintext.length > ENVELOPE_MAX_PLAINTEXT) throw new AppError('input_too_large', { limit: ENVELOPE_MAX_PLAINTEXT })
  const framed = Buffer.alloc(Math.ceil((LENGTH_BYTES + plaintext.length) / ENVELOPE_BUCKET_BYTES) * ENVELOPE_BUCKET_BYTES)
  framed.writeUInt32BE(plaintext.length, 0)
  framed.set(plaintext, LENGTH_BYTES)
  const nonce = randomNonce()
  const sealed = aeadSeal(key.suite, key.seal, nonce, additionalData(key, place, schemaVersion), framed)
  framed.fill(0)
  const envelope = Buffer.allocUnsafe(ENVELOPE_HEADER_BYTES + sealed.length)
  envelope[0] = FORMAT
  envelope[1] = key.suite
  envelope.writeUInt16BE(schemaVersion, 2)
  envelope.writeUInt32BE(key.version, 4)
  key.commitment.copy(envelope, COMMITMENT_AT)
  nonce.copy(envelope, NONCE_AT)
  sealed.copy(envelope, ENVELOPE_HEADER_BYTES)
  return envelope
}

/**
 * Opens an envelope at its place. Costs one AEAD call and one compare.
 * Throws AppError('envelope_invalid') without details for every failure: damaged, moved, of another store or owner, another key, another format, wrong padding.
 */
export function openEnvelope(key: DataKey, place: Place, envelope: Uint8Array): { plaintext: Buffer; schemaVersion: number } {
  const bytes = requireHeader(envelope)
  if (
    bytes[1] !== key.suite ||
    bytes.readUInt32BE(4) !== key.version ||
    place.subject !== key.subject ||
    !timingSafeEqual(bytes.subarray(COMMITMENT_AT, NONCE_AT), key.commitment)
  )
    throw new AppError('envelope_invalid')
  const schemaVersion = bytes.readUInt16BE(2)
  const nonce = bytes.subarray(NONCE_AT, ENVELOPE_HEADER_BYTES)
  const framed = aeadOpen(key.suite, key.seal, nonce, additionalData(key, place, schemaVersion), bytes.subarray(ENVELOPE_HEADER_BYTES))
  return { plaintext: unframe(framed), schemaVersion }
}

/** Returns the version of the data key an envelope names. Throws AppError('envelope_invalid') if the header is not one. */
export function envelopeKeyVersion(envelope: Uint8Array): number {
  return requireHeader(envelope).readUInt32BE(4)
}

/** Returns the suite an envelope names. Throws AppError('envelope_invalid') if the header is not one. */
export function envelopeSuite(envelope: Uint8Array): SuiteId {
  return requireHeader(envelope)[1] as SuiteId
}

/**
 * Returns SHA-256 (32 bytes) of the envelope: the audit entry of a write
 * keeps it, so that an old envelope put back in its own row is found.
 */
export function envelopeHash(envelope: Uint8Array): Buffer {
  return hash('sha256', envelope, 'buffer')
}

/**
 * Returns the SQL expression for a CHECK constraint: header and length are those of an envelope, so plaintext cannot be stored by mistake.
 * `column` is a plain lower-case identifier; anything else throws
 * AppError('internal'), since it would become SQL. NULL passes, as in any CHECK.
 */
export function ENVELOPE_CHECK_SQL(column: string): string {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(column)) throw new AppError('internal', { problem: 'column name' })
  const fixed = ENVELOPE_HEADER_BYTES + TAG_BYTES
  // substring() instead of get_byte(): an empty value is refused by the CHECK, not by an "index out of range" from elsewhere.
  return (
    `(octet_length("${column}") between ${MIN_BYTES} and ${ENVELOPE_MAX_PLAINTEXT + MIN_BYTES}` +
    ` and (octet_length("${column}") - ${fixed}) % ${ENVELOPE_BUCKET_BYTES} = 0` +
    ` and substring("${column}" from 1 for 2) in ('\\x0201'::bytea, '\\x0202'::bytea))`
  )
}

function requireHeader(envelope: Uint8Array): Buffer {
  const fixed = ENVELOPE_HEADER_BYTES + TAG_BYTES
  if (
    envelope.length < MIN_BYTES ||
    (envelope.length - fixed) % ENVELOPE_BUCKET_BYTES !== 0 ||
    envelope[0] !== FORMAT ||
    !isSuite(envelope[1])
  )
    throw new AppError('envelope_invalid')
  return Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength)
}

function unframe(framed: Buffer): Buffer {
  const end = LENGTH_BYTES + framed.readUInt32BE(0)
  // Exactly the bucket that sealing would choose, and zeros only: one plaintext has one framing.
  const right = end <= framed.length && framed.length - end < ENVELOPE_BUCKET_BYTES
  if (!right || framed.subarray(end).some((byte) => byte !== 0)) throw new AppError('envelope_invalid')
  return framed.subarray(LENGTH_BYTES, end)
}
