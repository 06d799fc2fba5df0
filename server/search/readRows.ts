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

/** Reads and opens the records with these ids; absent ones (erased) are simply not there. Throws `database_unavailable`, `key_unavailable`, `key_erased`. */
export async function readRows(client: Queryable, broker: KeyBroker, shape: Shape, ids: readonly string[]): Promise<OpenedRows> {
  const select = selectSql(shape, { groups: groupsOf(shape), where: 'r.id = any($1::uuid[])' })
  const { rows } = await client.query<StoredRow>({ ...select, values: [ids] }).catch((error: unknown) => {
    throw databaseError(error)
  })
  return openAll(broker, shape, rows)
}

/** Yields all records of the entity in batches, from one snapshot of the database, which keeps a transaction open meanwhile. Throws as readRows. */
export async function* streamRows(client: Queryable, broker: KeyBroker, shape: Shape): AsyncGenerator<OpenedRows> {
  try {
    await client.query('begin isolation level repeatable read read only')
    await client.query(`declare everyone no scroll cursor for ${selectSql(shape, { groups: groupsOf(shape), where: 'true' }).text}`)
    const fetch = (): Promise<{ rows: StoredRow[] }> => client.query<StoredRow>(`fetch ${BATCH} from everyone`)
    // The next batch travels while this one is opened.
    for (let next = fetch(); ;) {
      const { rows } = await next
      if (rows.length === 0) break
      next = fetch()
      next.catch(() => {})
      yield await openAll(broker, shape, rows)
    }
    await client.query('commit')
  } catch (error) {
    throw databaseError(error)
  }
}

function groupsOf(shape: Shape): SealedClass[] {
  const searched = new Set(searchFields(shape.entity).map((field) => shape.entity.fields[field.name]!.class))
  return shape.groups.map((group) => group.class).filter((group) => searched.has(group))
}

async function openAll(broker: KeyBroker, shape: Shape, stored: readonly StoredRow[]): Promise<OpenedRows> {
  const { rows, damaged } = await openEach(broker, shape, stored, groupsOf(shape))
  return { rows, unreadable: damaged.length }
}
