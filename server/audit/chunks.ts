import { createHash } from 'node:crypto'
import { byteWriter } from './bytes.ts'

/** Most subjects or records a leaf names itself (DESIGN 5). */
export const MAX_LISTED = 1_000

/** A part of a long list of subjects and records. */
export type Chunk = { readonly subjects: readonly number[]; readonly ids: readonly string[] }

/** Splits subjects and records of a large act into chunks of MAX_LISTED each. */
export const splitChunks = (subjects: readonly number[], ids: readonly string[]): Chunk[] => {
  const parts = Math.ceil(Math.max(subjects.length, ids.length) / MAX_LISTED)
  const slice = <T>(list: readonly T[], i: number): T[] => list.slice(i * MAX_LISTED, (i + 1) * MAX_LISTED)
  return Array.from({ length: parts }, (_, i) => ({ subjects: slice(subjects, i), ids: slice(ids, i) }))
}

/** Returns SHA-256 over the SHA-256 of each chunk: what the leaf holds instead of the list. */
export const chunkRoot = (chunks: readonly Chunk[]): Buffer => {
  const root = createHash('sha256')
  for (const { subjects, ids } of chunks) {
    const out = byteWriter()
    out.number(subjects.length)
    for (const subject of subjects) out.number(subject)
    out.number(ids.length)
    for (const id of ids) out.uuid(id)
    root.update(createHash('sha256').update(out.end()).digest())
  }
  return root.digest()
}
