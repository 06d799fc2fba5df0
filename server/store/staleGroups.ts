import { timingSafeEqual } from 'node:crypto'
import { envelopeHash } from '../crypto/envelope.ts'
import { decodeLeaf } from '../audit/leaf.ts'
import { type StoredRow, storedEnvelopes } from './openRows.ts'
import type { Envelopes } from './seal.ts'
import type { Shape } from './shape.ts'

/** What a write left, as its entry says: the hash of each envelope, by record and class. */
export type Written = ReadonlyMap<string, Uint8Array>

/** Returns what the leaf of a write says, of all its records or of one. Throws `internal` when the bytes are not a leaf. */
export const writtenBy = (leaf: Uint8Array, only?: string): Written => {
  const { envelopes } = decodeLeaf(leaf)
  const wanted = only === undefined ? envelopes : envelopes.filter(({ id }) => id === only)
  return new Map(wanted.map(({ id, group, hash }) => [`${id} ${group}`, hash]))
}

/** Returns the classes whose envelope is not the one that the newest write of the record left; all of them when no write is known. */
export const staleGroups = (id: string, envelopes: Envelopes, written: Written | null): string[] =>
  (Object.entries(envelopes) as [string, Buffer][])
    .filter(([group, envelope]) => {
      const hash = written?.get(`${id} ${group}`)
      return !hash || !timingSafeEqual(hash, envelopeHash(envelope))
    })
    .map(([group]) => group)

/** The same for a record that was read with the leaf of its newest write (`newest` of `selectSql`). */
export const staleOf = (shape: Shape, stored: StoredRow): string[] => {
  const id = stored['id'] as string
  const leaf = stored['newest_leaf'] as Buffer | null
  return staleGroups(id, storedEnvelopes(shape, stored), leaf && writtenBy(leaf, id))
}
