import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { LoggedEntry } from './entry.ts'
import { decodeLeaf } from './leaf.ts'

/** One entry of an erasure. `leafHash` is RFC 6962's hash of the leaf: SHA-256 over 0x00 and the leaf. `count`: how many records it says went. */
export type ErasureEntry = LoggedEntry & {
  readonly entryId: number
  readonly idx: number | null
  readonly leafHash: Buffer
  readonly count: number
}

/** One act of erasing: the entry of the person, then those of what was about them. Times are ISO 8601; null where an older erasure noted nothing. */
export type Erasure = {
  readonly entries: readonly [ErasureEntry, ...ErasureEntry[]]
  readonly erasedAt: string
  readonly completeBy: string
  readonly keys: readonly {
    readonly subject: number
    readonly epoch: number | null
    readonly version: number | null
    readonly suite: number | null
  }[]
}

/** `before`: the entry id to go on from, as the last act of a page has it. */
export type ErasureFilter = { readonly subject?: number; readonly before?: number; readonly limit: number }

// The entries of an act share their transaction: eraseSubject refuses a second act in one.
const acts = `with act as (
    select e.tx, min(e.id) as first from audit.entry e where e.action = 'erase' and e.records is not null
      and ($1::integer is null or e.tx in
        (select o.tx from audit.entry o where o.action = 'erase' and o.records is not null and o.subjects @> array[$1::integer]))
    group by e.tx having $2::bigint is null or min(e.id) < $2 order by first desc limit $3::integer
  )
  select a.first, e.id, e.leaf, s.idx from act a join audit.entry e on e.tx = a.tx and e.action = 'erase' and e.records is not null
    left join audit.sequence s on s.entry_id = e.id order by a.first desc, e.id`

const tombstones = `select subject, erased_at as "erasedAt", complete_by as "completeBy", epoch, key_version as version, suite
  from keys.tombstone where subject = any($1::integer[]) order by subject`

type Tombstone = { erasedAt: string; completeBy: string } & Erasure['keys'][number]

const leafHash = (leaf: Buffer): Buffer => createHash('sha256').update(Buffer.of(0)).update(leaf).digest()

/** Returns the newest erasures, newest first, or the one of a subject. The caller has checked the right to ask, and audits the asking. */
export const findErasures = async (pool: pg.Pool, { subject, before, limit }: ErasureFilter): Promise<Erasure[]> => {
  const { rows } = await pool.query<{ first: number; id: number; leaf: Buffer; idx: number | null }>(acts, [
    subject ?? null,
    before ?? null,
    limit,
  ])
  const byAct = new Map<number, ErasureEntry[]>()
  for (const { first, id, leaf, idx } of rows) {
    const entry = decodeLeaf(leaf)
    const made = { ...entry, entryId: id, idx, leafHash: leafHash(leaf), count: entry.list?.count ?? entry.ids.length }
    byAct.set(first, [...(byAct.get(first) ?? []), made])
  }
  const subjects = [...byAct.values()].flat().flatMap((entry) => entry.subjects)
  const { rows: stones } = await pool.query<Tombstone>(tombstones, [subjects])
  return [...byAct.values()].flatMap((entries) => {
    const own = new Set(entries.flatMap((entry) => entry.subjects))
    const keys = stones.filter((stone) => own.has(stone.subject))
    const [main] = entries
    if (!main || keys.length === 0) return []
    const { erasedAt, completeBy } = keys.find((stone) => stone.subject === main.subjects[0]) ?? keys[0]!
    return [
      {
        entries: entries as [ErasureEntry, ...ErasureEntry[]],
        erasedAt: new Date(erasedAt).toISOString(),
        completeBy: new Date(completeBy).toISOString(),
        keys: keys.map((key) => ({ subject: key.subject, epoch: key.epoch, version: key.version, suite: key.suite })),
      },
    ]
  })
}
