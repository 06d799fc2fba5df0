import { timingSafeEqual } from 'node:crypto'
import { envelopeHash } from '../crypto/envelope.ts'
import { decodeLeaf } from '../audit/leaf.ts'
import type { Envelopes } from './seal.ts'

/** Returns the classes whose envelope is not the one that the newest write of the record left, and those that this write knew but are gone. */
export const staleGroups = (id: string, envelopes: Envelopes, newestLeaf: Uint8Array | null): string[] => {
  const stored = Object.entries(envelopes) as [string, Buffer][]
  if (!newestLeaf) return stored.map(([group]) => group)
  const written = new Map(
    decodeLeaf(newestLeaf)
      .envelopes.filter((one) => one.id === id)
      .map(({ group, hash }) => [group as string, hash]),
  )
  return stored
    .filter(([group, envelope]) => {
      const hash = written.get(group)
      return !hash || !timingSafeEqual(hash, envelopeHash(envelope))
    })
    .map(([group]) => group)
}
