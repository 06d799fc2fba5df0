import { createHash, randomBytes } from 'node:crypto'
import type { DataKey } from '../crypto/dataKey.ts'
import { openEnvelope, sealEnvelope } from '../crypto/envelope.ts'
import type { Detail } from './entry.ts'

const SALT_BYTES = 32
const SCHEMA_VERSION = 1

const placeOf = (commitment: Uint8Array, subject: number) => ({
  entity: 'audit',
  recordId: Buffer.from(commitment).toString('base64url'),
  subject,
  group: 'personal',
})

/**
 * Seals the personal part of an entry. The leaf keeps only `commitment`, salted so that nobody can try search texts against it; destroying the key
 * therefore erases the text and leaves every proof intact. The commitment is also the envelope's place: it opens beside no other leaf.
 */
export const sealDetail = (key: DataKey, detail: Detail): { commitment: Buffer; envelope: Buffer } => {
  const salt = randomBytes(SALT_BYTES)
  const plaintext = Buffer.concat([salt, Buffer.from(JSON.stringify(detail), 'utf8')])
  const commitment = createHash('sha256').update(plaintext).digest()
  return { commitment, envelope: sealEnvelope(key, placeOf(commitment, key.subject), SCHEMA_VERSION, plaintext) }
}

/** Opens what `sealDetail` sealed. Throws `envelope_invalid` when it was changed or belongs to another leaf. */
export const openDetail = (key: DataKey, commitment: Uint8Array, envelope: Uint8Array): Detail => {
  const { plaintext } = openEnvelope(key, placeOf(commitment, key.subject), envelope)
  return JSON.parse(plaintext.subarray(SALT_BYTES).toString('utf8')) as Detail
}
