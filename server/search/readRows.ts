import type { SealedClass } from '../../domain/catalogue/field.ts'
import type { KeyBroker } from '../crypto/broker.ts'
import type { Queryable } from '../store/database.ts'
import { databaseError } from '../store/databaseError.ts'
import { selectSql } from '../store/entitySql.ts'
import { openEach } from '../store/openEach.ts'
import type { AnyRow, StoredRow } from '../store/openRows.ts'
import type { Shape } from '../store/shape.ts'
import { searchFields } from './index/searchFields.ts'

/** Records that were opened, and how many did not open: changed behind our back, or of a schema this code does not know. */
export type OpenedRows = { readonly rows: AnyRow[]; readonly unreadable: number }

/** Rows fetched at once: some 20 ms of opening, so that messages are heard in between. */
const BATCH = 500

/** What is read: the entity, and the one whose records hang below it and find it. */
export type Shapes = { readonly shape: Shape; readonly below: Shape }

/** Reads and opens the records with these ids; absent ones (erased) are simply not there. Throws `database_unavailable`, `key_unavailable`, `key_erased`. */
export async function readRows(client: Queryable, broker: KeyBroker, shapes: Shapes, ids: readonly string[]): Promise<OpenedRows> {
  const { shape } = shapes
  const select = selectSql(shape, { groups: groupsOf(shape), where: 'r.id = any($1::uuid[])' })
  return withBelow(client, broker, shapes, await openAll(broker, shape, await ask(client, select, ids)))
}

/** Yields all records of the entity in batches, from one snapshot of the database, which keeps a transaction open meanwhile. Throws as readRows. */
export async function* streamRows(client: Queryable, broker: KeyBroker, shapes: Shapes): AsyncGenerator<OpenedRows> {
  const { shape, below } = shapes
  try {
    await client.query('begin isolation level repeatable read read only')
    const { rows: some } = await client.query<{ any: boolean }>(`select exists (select from ${below.table}) as any`)
    await client.query(`declare everyone no scroll cursor for ${selectSql(shape, { groups: groupsOf(shape), where: 'true' }).text}`)
    const fetch = (): Promise<{ rows: StoredRow[] }> => client.query<StoredRow>(`fetch ${BATCH} from everyone`)
    // The next batch travels while this one is opened.
    for (let next = fetch(); ;) {
      const { rows } = await next
      if (rows.length === 0) break
      next = fetch()
      next.catch(() => {})
      const opened = await openAll(broker, shape, rows)
      yield some[0]?.any ? await withBelow(client, broker, shapes, opened) : opened
    }
    await client.query('commit')
  } catch (error) {
    throw databaseError(error)
  }
}

/** Returns the ids of the records that these hang below now. */
export async function readParents(client: Queryable, { below }: Shapes, ids: readonly string[]): Promise<string[]> {
  const { rows } = await client
    .query<{ id: string }>({
      text: `select distinct ${below.parent!.column} as id from ${below.table} where id = any($1::uuid[])`,
      values: [ids],
    })
    .catch((error: unknown) => {
      throw databaseError(error)
    })
  return rows.map(({ id }) => id)
}

/** Gives each record those below it that are not in the trash, in the order in which they were made. One that does not open is left out and counted. */
async function withBelow(client: Queryable, broker: KeyBroker, { below }: Shapes, { rows, unreadable }: OpenedRows): Promise<OpenedRows> {
  if (rows.length === 0) return { rows, unreadable }
  const { field, column } = below.parent!
  const where = `r.${column} = any($1::uuid[]) and r.trashed_at is null`
  const select = selectSql(below, { groups: groupsOf(below), where, tail: 'order by r.created_at, r.id' })
  const opened = await openAll(
    broker,
    below,
    await ask(
      client,
      select,
      rows.map((row) => row.id),
    ),
  )
  const of = Map.groupBy(opened.rows, (row) => row[field] as string)
  return { rows: rows.map((row) => (of.has(row.id) ? { ...row, below: of.get(row.id) } : row)), unreadable: unreadable + opened.unreadable }
}

async function ask(client: Queryable, select: ReturnType<typeof selectSql>, ids: readonly string[]): Promise<StoredRow[]> {
  const { rows } = await client.query<StoredRow>({ ...select, values: [ids] }).catch((error: unknown) => {
    throw databaseError(error)
  })
  return rows
}

function groupsOf(shape: Shape): SealedClass[] {
  const searched = new Set(searchFields(shape.entity).map((field) => shape.entity.fields[field.name]!.class))
  return shape.groups.map((group) => group.class).filter((group) => searched.has(group))
}

async function openAll(broker: KeyBroker, shape: Shape, stored: readonly StoredRow[]): Promise<OpenedRows> {
  const { rows, damaged } = await openEach(broker, shape, stored, groupsOf(shape))
  return { rows, unreadable: damaged.length }
}
