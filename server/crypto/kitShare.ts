import { hash } from 'node:crypto'
import { decodeCrockford, encodeCrockford } from './crockford.ts'

/** One share of a recovery kit. `data` is the Shamir share (32 bytes and its x coordinate); `kitId` ties it to the kit's recipient. */
export type KitShare = { kitId: string; threshold: number; total: number; index: number; data: Buffer }

// format u8 | kit id 5 | threshold and total, 4 bits each | index u8 | share 33 | checksum 4 = 45 bytes = 72 characters exactly
const FORMAT = 1
const DATA_BYTES = 33
const CHECKSUM_BYTES = 4
const ID_BYTES = 5

const checksum = (body: Uint8Array) =>
  hash('sha256', Buffer.concat([Buffer.from('anechoic/share/1'), body]), 'buffer').subarray(0, CHECKSUM_BYTES)

/**
 * Returns the short public name of a kit, as 'XXXX-XXXX': 40 bits of SHA-256 over its recipient, so that a wrong result cannot carry it.
 */
export function kitIdOf(recipient: string): string {
  return encodeCrockford(hash('sha256', `anechoic/kit/1/${recipient}`, 'buffer').subarray(0, ID_BYTES))
}

/** Returns the share as 18 groups of four characters, to be printed and typed. */
export function formatShare(share: KitShare): string {
  const id = decodeCrockford(share.kitId) ?? Buffer.alloc(ID_BYTES)
  const body = Buffer.concat([Buffer.from([FORMAT]), id, Buffer.from([(share.threshold << 4) | share.total, share.index]), share.data])
  return encodeCrockford(Buffer.concat([body, checksum(body)]))
}

/** Returns the share a person typed, or null when its checksum says that it was mistyped (a random mistake passes once in 2^32). */
export function parseShare(text: string): KitShare | null {
  const bytes = decodeCrockford(text)
  if (bytes?.length !== 1 + ID_BYTES + 2 + DATA_BYTES + CHECKSUM_BYTES || bytes[0] !== FORMAT) return null
  const body = bytes.subarray(0, -CHECKSUM_BYTES)
  if (!checksum(body).equals(bytes.subarray(-CHECKSUM_BYTES))) return null
  const counts = body[1 + ID_BYTES] ?? 0
  return {
    kitId: encodeCrockford(body.subarray(1, 1 + ID_BYTES)),
    threshold: counts >> 4,
    total: counts & 15,
    index: body[2 + ID_BYTES] ?? 0,
    data: Buffer.from(body.subarray(3 + ID_BYTES)),
  }
}
