import { AppError } from '../../domain/errors.ts'
import type { AuditAction, Outcome } from '../../domain/audit/actions.ts'
import type { SealedClass } from '../../domain/catalogue/field.ts'
import { byteReader, byteWriter } from './bytes.ts'
import type { AuditTarget, EnvelopeHash, LoggedEntry } from './entry.ts'

const VERSION = 1
/** The largest leaf, in bytes: C2SP tlog-tiles keeps the length of an entry in 16 bits. */
export const MAX_LEAF_BYTES = 65_535
/** Bytes of a SHA-256. */
const HASH_BYTES = 32
const NOBODY = '00000000-0000-0000-0000-000000000000'
const groups: readonly SealedClass[] = ['personal', 'sensitive', 'secret']

/**
 * Returns the canonical bytes of an entry: what the Merkle log hashes. One entry has one form: fields in this order, subjects ascending and
 * distinct, written as differences. Throws `internal` above MAX_LEAF_BYTES: the caller splits.
 */
export const encodeLeaf = (entry: LoggedEntry): Buffer => {
  const out = byteWriter()
  out.number(VERSION)
  out.number(entry.at)
  out.uuid(entry.staffId ?? NOBODY)
  out.text(entry.sessionId ?? '')
  for (const list of [entry.roles, entry.fields]) {
    out.number(list.length)
    for (const item of list) out.text(item)
  }
  for (const item of [entry.action, entry.entity, entry.reason ?? '', entry.outcome]) out.text(item)
  out.number(entry.ids.length)
  for (const id of entry.ids) out.uuid(id)
  out.number(entry.subjects.length)
  entry.subjects.forEach((subject, i) => out.number(subject - (entry.subjects[i - 1] ?? 0)))
  writeEnvelopes(out, entry)
  out.number(entry.detailCommitment ? 1 : 0)
  if (entry.detailCommitment) out.bytes(entry.detailCommitment)
  out.number(entry.list?.count ?? 0)
  if (entry.list) out.bytes(entry.list.root)
  const leaf = out.end()
  if (leaf.length > MAX_LEAF_BYTES) throw new AppError('internal', { problem: 'audit leaf', bytes: leaf.length })
  return leaf
}

const writeEnvelopes = (out: ReturnType<typeof byteWriter>, { ids, envelopes }: LoggedEntry): void => {
  const place = new Map(ids.map((id, i) => [id, i]))
  out.number(envelopes.length)
  for (const { id, group, hash } of envelopes) {
    const index = place.get(id)
    if (index === undefined) throw new AppError('internal', { problem: 'envelope of a record not named' })
    out.number(index * groups.length + groups.indexOf(group))
    out.bytes(hash)
  }
}

const repeat = <T>(times: number, read: (i: number) => T): T[] => Array.from({ length: times }, (_, i) => read(i))

/** Returns the entry a leaf holds. Throws `internal` when the bytes are not a leaf of a known version. */
export const decodeLeaf = (leaf: Uint8Array): LoggedEntry => {
  const from = byteReader(leaf)
  if (from.number() !== VERSION) throw new AppError('internal', { problem: 'audit leaf version' })
  const at = from.number()
  const staffId = from.uuid()
  const sessionId = from.text()
  const roles = repeat(from.number(), from.text)
  const fields = repeat(from.number(), from.text)
  const action = from.text() as AuditAction
  const entity = from.text() as AuditTarget
  const reason = from.text()
  const outcome = from.text() as Outcome
  const ids = repeat(from.number(), from.uuid)
  let last = 0
  const subjects = repeat(from.number(), () => (last += from.number()))
  const envelopes = repeat(from.number(), (): EnvelopeHash => {
    const code = from.number()
    return { id: ids[Math.floor(code / groups.length)]!, group: groups[code % groups.length]!, hash: from.bytes(HASH_BYTES) }
  })
  const detailCommitment = from.number() === 1 ? from.bytes(HASH_BYTES) : null
  const count = from.number()
  const list = count > 0 ? { count, root: from.bytes(HASH_BYTES) } : null
  if (!from.ended()) throw new AppError('internal', { problem: 'audit leaf length' })
  return {
    at,
    staffId: staffId === NOBODY ? null : staffId,
    sessionId: sessionId || null,
    roles,
    action,
    entity,
    ids,
    subjects,
    fields,
    reason: (reason || null) as LoggedEntry['reason'],
    outcome,
    envelopes,
    detailCommitment,
    list,
  }
}
