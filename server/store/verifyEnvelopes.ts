import type { EntityName } from '../../domain/catalogue/all.ts'
import type { Queryable } from './database.ts'
import { databaseError } from './databaseError.ts'
import { selectSql } from './entitySql.ts'
import { type StoredRow, storedEnvelopes } from './openRows.ts'
import { type Shape, shapeOf } from './shape.ts'
import { staleGroups, staleOf, type Written, writtenBy } from './staleGroups.ts'
import { statement } from './statement.ts'

/**
 * Compares the stored envelopes of records with the hashes in their newest audit entries and returns those that differ. Opens nothing and needs no key:
 * `get` and every change do it for their record, and a background sweep does it for all. Throws `database_unavailable`.
 */
export const verifyEnvelopes = async (
  client: Queryable,
  name: EntityName,
  ids: readonly string[],
): Promise<{ id: string; groups: string[] }[]> => {
  const shape = shapeOf(name)
  if (!shape.hasSubject) return []
  const classes = shape.groups.map((group) => group.class)
  const sql = selectSql(shape, { groups: classes, where: 'r.id = any($1::uuid[])', newest: true })
  const { rows } = await client.query<StoredRow>({ ...sql, values: [ids] }).catch((error: unknown) => {
    throw databaseError(error)
  })
  return rows.map((row) => ({ id: row['id'] as string, groups: staleOf(shape, row) })).filter(({ groups }) => groups.length > 0)
}

/** What a sweep found among the next records by id: how many there were, the last one's id, and those that are not as the log left them. */
export type Swept = {
  readonly checked: number
  readonly last: string | undefined
  readonly differing: readonly { readonly id: string; readonly subject: number }[]
}

/**
 * Checks the next records by id after `after`: the envelopes are those of the newest write, the person has a key, and what hangs below a record is
 * about the same person. Opens nothing and needs no key: a store or owner changed beside an envelope shows when it is opened, not here.
 */
export const sweepEnvelopes = async (client: Queryable, shape: Shape, after: string, limit: number): Promise<Swept> => {
  const every = { groups: shape.groups.map((group) => group.class), keyless: true, orphans: true }
  const next = selectSql(shape, { ...every, where: 'r.id > $1', tail: 'order by r.id limit $2' })
  const { rows } = await client.query<StoredRow>({ ...next, values: [after, limit] })
  const ids = rows.map((row) => row['id'] as string)
  const written = await readWritten(client, ids)
  const isSuspect = (row: StoredRow, id: string): boolean =>
    isAstray(row) || staleGroups(id, storedEnvelopes(shape, row), written.get(id) ?? null).length > 0
  const suspects = ids.filter((id, i) => isSuspect(rows[i]!, id))
  if (suspects.length === 0) return { checked: ids.length, last: ids.at(-1), differing: [] }
  // Somebody may have written between the statements: who is to be named is looked at once more, record and entry in one.
  const again = selectSql(shape, { ...every, where: 'r.id = any($1::uuid[])', newest: true })
  const { rows: known } = await client.query<StoredRow>({ ...again, values: [suspects] })
  const differing = known
    .filter((row) => isAstray(row) || isStale(shape, row))
    .map((row) => ({ id: row['id'] as string, subject: row['subject'] as number }))
  return { checked: ids.length, last: ids.at(-1), differing }
}

/** Whether the person has no key, or the record hangs below one about somebody else. */
const isAstray = (row: StoredRow): boolean => row['key_wrapped'] === null || row['orphan'] === true

const isStale = (shape: Shape, row: StoredRow): boolean => {
  try {
    return staleOf(shape, row).length > 0
  } catch {
    return true // its entry is none any more
  }
}

// The whole batch in one look into the log; records that were created together share an entry, which is then read once.
const newestWrites = statement(`select t.record, max(n.id) as entry from audit.entry n cross join unnest(n.records) as t (record)
  where n.records && $1::uuid[] and t.record = any($1::uuid[]) group by t.record`)
const leaves = statement('select id, leaf from audit.entry where id = any($1::bigint[])')

/** Returns what the newest writes of the records left, by record. Entries that several records share are read once. */
export const readWritten = async (client: Queryable, ids: readonly string[]): Promise<Map<string, Written>> => {
  const { rows: newest } = await client.query<{ record: string; entry: number }>({ ...newestWrites, values: [ids] })
  const entries = [...new Set(newest.map(({ entry }) => entry))]
  const { rows } = await client.query<{ id: number; leaf: Buffer }>({ ...leaves, values: [entries] })
  const written = new Map(rows.map(({ id, leaf }) => [id, readableOf(leaf)]))
  return new Map(newest.map(({ record, entry }) => [record, written.get(entry) ?? new Map()]))
}

const readableOf = (leaf: Buffer): Written => {
  try {
    return writtenBy(leaf)
  } catch {
    return new Map()
  }
}
