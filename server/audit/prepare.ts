import { AppError } from '../../domain/errors.ts'
import { writeActions } from '../../domain/audit/actions.ts'
import type { ActorKeys } from './actorKeys.ts'
import { type Chunk, chunkRoot, MAX_LISTED, splitChunks } from './chunks.ts'
import { sealDetail } from './detail.ts'
import type { AuditEntry, Detail } from './entry.ts'
import { encodeLeaf } from './leaf.ts'

/** An entry ready for INSERT. */
export type PreparedEntry = {
  readonly at: Date
  readonly actor: string | null
  readonly action: string
  readonly entity: string
  readonly subjects: readonly number[]
  readonly records: readonly string[] | null
  readonly leaf: Buffer
  readonly detail: Buffer | null
  readonly detailSubject: number | null
  readonly chunks: readonly Chunk[]
}

const ascending = (subjects: readonly number[]): number[] => [...new Set(subjects)].toSorted((a, b) => a - b)

// The network address is personal data of the actor and belongs to every entry of a session (DESIGN 5).
const detailOf = ({ actor, detail }: AuditEntry): Detail | null =>
  actor?.address && actor.subject > 0 ? { address: actor.address, ...detail } : (detail ?? null)

/**
 * Makes the leaf of an entry and seals its personal part under the actor's key. Throws `key_unavailable` when that key cannot be had, and
 * `internal` when there is personal detail but nobody under whose key to seal it: it is then never written in the clear.
 */
export const prepareEntry = async (keys: ActorKeys, entry: AuditEntry, at = new Date()): Promise<PreparedEntry> => {
  const { actor } = entry
  const detail = detailOf(entry)
  if (detail && !actor?.subject) throw new AppError('internal', { problem: 'audit detail without subject' })
  const sealed = detail && actor ? sealDetail(await keys.ofSubject(actor.subject), detail) : null
  const subjects = ascending(entry.subjects ?? [])
  const ids = entry.ids ?? []
  const long = Math.max(subjects.length, ids.length) > MAX_LISTED
  const chunks = long ? splitChunks(subjects, ids) : []
  const leaf = encodeLeaf({
    at: at.getTime(),
    staffId: actor?.staffId ?? null,
    sessionId: actor?.sessionId ?? null,
    roles: actor?.roles ?? [],
    action: entry.action,
    entity: entry.entity,
    ids: long ? [] : ids,
    subjects: long ? [] : subjects,
    fields: entry.fields ?? [],
    reason: entry.reason ?? null,
    outcome: entry.outcome,
    envelopes: entry.envelopes ?? [],
    detailCommitment: sealed?.commitment ?? null,
    list: long ? { count: Math.max(subjects.length, ids.length), root: chunkRoot(chunks) } : null,
  })
  return {
    at,
    actor: actor?.staffId ?? null,
    action: entry.action,
    entity: entry.entity,
    subjects: long ? [] : subjects,
    records: entry.outcome === 'done' && writeActions.has(entry.action) && ids.length > 0 ? ids : null,
    leaf,
    detail: sealed?.envelope ?? null,
    detailSubject: sealed ? actor!.subject : null,
    chunks,
  }
}
