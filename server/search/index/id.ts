import { AppError } from '../../../domain/errors.ts'

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Returns the 16 bytes of a UUID. Throws AppError('internal') for anything else. */
export function parseId(id: string): Uint8Array {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex')
  if (bytes.length !== 16 || id.length !== 36) throw new AppError('internal', { problem: 'id' })
  return bytes
}

/** Returns the UUID (RFC 9562, section 4) of the record at `slot` of an id column. */
export function formatId(ids: Uint8Array, slot: number): string {
  let text = ''
  for (let i = 0; i < 16; i++) text += (i === 4 || i === 6 || i === 8 || i === 10 ? '-' : '') + hex[ids[slot * 16 + i]!]!
  return text
}
