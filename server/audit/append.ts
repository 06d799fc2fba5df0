import type pg from 'pg'
import type { PreparedEntry } from './prepare.ts'

const columns = 'at, actor, action, entity, subjects, records, leaf, detail, detail_subject'

const insertOne = {
  name: 'audit-append-one',
  text: `insert into audit.entry (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
}

// Lists within a list have no array form, so they travel as text.
const insertMany = {
  name: 'audit-append-many',
  text: `insert into audit.entry (${columns})
    select at, actor, action, entity, subjects::integer[], records::uuid[], leaf, detail, detail_subject
    from unnest($1::timestamptz[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::bytea[], $9::integer[])
      with ordinality as e (${columns}, n) order by n returning id`,
}

const insertChunks = {
  name: 'audit-append-chunks',
  text: `insert into audit.entry_chunk (entry_id, n, subjects, records)
    select entry_id, n, subjects::integer[], records::uuid[] from unnest($1::bigint[], $2::integer[], $3::text[], $4::text[]) as c (entry_id, n, subjects, records)`,
}

const listText = (list: readonly (number | string)[] | null): string | null => (list ? `{${list.join(',')}}` : null)

/**
 * Writes prepared entries through `client`, in the transaction it is in (its own when it is in none), and returns their ids in order.
 * Throws what the driver throws.
 */
export const appendPrepared = async (client: Pick<pg.ClientBase, 'query'>, entries: readonly PreparedEntry[]): Promise<number[]> => {
  if (entries.length === 0) return []
  const one = entries.length === 1 ? entries[0] : undefined
  const { rows } = await client.query<{ id: number }>(
    one ? { ...insertOne, values: oneRow(one) } : { ...insertMany, values: manyRows(entries) },
  )
  const ids = rows.map((row) => row.id)
  await appendChunks(client, entries, ids)
  return ids
}

const oneRow = (e: PreparedEntry): unknown[] => [
  e.at,
  e.actor,
  e.action,
  e.entity,
  e.subjects,
  e.records,
  e.leaf,
  e.detail,
  e.detailSubject,
]

const manyRows = (entries: readonly PreparedEntry[]): unknown[] => [
  entries.map((e) => e.at),
  entries.map((e) => e.actor),
  entries.map((e) => e.action),
  entries.map((e) => e.entity),
  entries.map((e) => listText(e.subjects)),
  entries.map((e) => listText(e.records)),
  entries.map((e) => e.leaf),
  entries.map((e) => e.detail),
  entries.map((e) => e.detailSubject),
]

const appendChunks = async (
  client: Pick<pg.ClientBase, 'query'>,
  entries: readonly PreparedEntry[],
  ids: readonly number[],
): Promise<void> => {
  const all = entries.flatMap((entry, i) => entry.chunks.map((chunk, n) => ({ ...chunk, entryId: ids[i]!, n })))
  if (all.length === 0) return
  await client.query({
    ...insertChunks,
    values: [all.map((c) => c.entryId), all.map((c) => c.n), all.map((c) => listText(c.subjects)), all.map((c) => listText(c.ids))],
  })
}
