import type pg from 'pg'
import { AppError } from '../../domain/errors.ts'
import type { KeyBroker, WrappedKey } from '../crypto/broker.ts'
import { openDetail } from './detail.ts'
import type { Detail, LoggedEntry } from './entry.ts'
import { decodeLeaf } from './leaf.ts'

/** An entry of the log. `idx` is null until it is sequenced. `detail` is null where there is none, or its person was erased. */
export type FoundEntry = LoggedEntry & { readonly entryId: number; readonly idx: number | null; readonly detail: Detail | null }

/** Which entries are asked for; `before` is the entry id to go on from. Times are ISO 8601. */
export type EntryFilter = {
  readonly subject?: number
  readonly actor?: string
  readonly actions?: readonly string[]
  readonly from?: string
  readonly to?: string
  readonly before?: number
  /** At most 500; default 50. */
  readonly limit?: number
  /** Whether to open the sealed part: search texts, free-text reasons, addresses. Only for those with the duty to read the log. */
  readonly withDetail?: boolean
}

type EntryRow = { id: number; idx: number | null; leaf: Buffer; detail: Buffer | null; detail_subject: number | null } & Partial<
  Omit<WrappedKey, 'subject'>
>

const MOST = 500

// One text per combination of conditions, so that each uses its own index.
const textFor = ({ subject, actor, actions, from, to, before }: EntryFilter): string => {
  const conditions = [
    // A list too long for its leaf stands in chunks. Two conditions joined by `or` would use neither index.
    subject !== undefined &&
      `e.id in (select id from audit.entry where subjects @> array[$1::integer]
        union select entry_id from audit.entry_chunk where subjects @> array[$1::integer])`,
    actor !== undefined && 'e.actor = $2::uuid',
    actions !== undefined && 'e.action = any($3::text[])',
    from !== undefined && 'e.at >= $4::timestamptz',
    to !== undefined && 'e.at < $5::timestamptz',
    before !== undefined && 'e.id < $6::bigint',
  ].filter((condition) => condition !== false)
  const given = '$1::integer, $2::uuid, $3::text[], $4::timestamptz, $5::timestamptz, $6::bigint'
  // Materialised where a subject is asked for: sorting the few found beats walking the whole log backwards.
  return `with found as ${subject === undefined ? 'not materialized' : 'materialized'} (
      select e.id, e.leaf, e.detail, e.detail_subject from audit.entry e
      where ${['(' + given + ') is not distinct from (' + given + ')', ...conditions].join(' and ')}
    )
    select f.*, s.idx, k.epoch, k.version, k.suite, k.wrapped
    from (select * from found order by id desc limit $7::integer) f
      left join audit.sequence s on s.entry_id = f.id left join keys.data_key k on k.subject = f.detail_subject
    order by f.id desc`
}

/** Returns the newest entries that fit the filter, newest first. The caller has checked the right to ask, and audits the asking. */
export const findEntries = async (pool: pg.Pool, broker: KeyBroker, filter: EntryFilter): Promise<FoundEntry[]> => {
  const limit = Math.min(filter.limit ?? 50, MOST)
  const { subject, actor, actions, from, to, before } = filter
  const values = [subject ?? null, actor ?? null, actions ?? null, from ?? null, to ?? null, before ?? null, limit]
  const { rows } = await pool.query<EntryRow>(textFor(filter), values)
  const keys = filter.withDetail ? await openKeys(broker, rows) : new Map<number, never>()
  return rows.map((row) => {
    const entry = decodeLeaf(row.leaf)
    const key = row.detail_subject === null ? undefined : keys.get(row.detail_subject)
    const detail = key && row.detail && entry.detailCommitment ? openDetail(key, entry.detailCommitment, row.detail) : null
    return { ...entry, entryId: row.id, idx: row.idx, detail }
  })
}

const openKeys = (broker: KeyBroker, rows: readonly EntryRow[]) => {
  const wrapped = new Map<number, WrappedKey>()
  for (const { detail_subject: subject, epoch, version, suite, wrapped: bytes } of rows) {
    if (subject !== null && epoch && version && suite && bytes) wrapped.set(subject, { subject, epoch, version, suite, wrapped: bytes })
  }
  return broker.open([...wrapped.values()])
}

/** One who looked at a subject: how often, in which way, and when last. */
export type Look = { staffId: string; action: string; reason: string | null; fields: readonly string[]; count: number; at: number }

/** Returns who looked at or changed a subject, newest first, equal looks counted together: the privacy lens's list. Reads at most 500 entries. */
export const looksOf = async (pool: pg.Pool, broker: KeyBroker, subject: number): Promise<Look[]> => {
  if (!Number.isInteger(subject)) throw new AppError('internal', { problem: 'subject' })
  const looks = new Map<string, Look>()
  for (const entry of await findEntries(pool, broker, { subject, limit: MOST })) {
    if (!entry.staffId || entry.outcome !== 'done') continue
    const key = JSON.stringify([entry.staffId, entry.action, entry.reason, entry.fields])
    const known = looks.get(key)
    if (known) known.count++
    else
      looks.set(key, { staffId: entry.staffId, action: entry.action, reason: entry.reason, fields: entry.fields, count: 1, at: entry.at })
  }
  return [...looks.values()]
}
