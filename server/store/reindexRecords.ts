import type pg from 'pg'
import type { Actor } from '../../domain/policy/actor.ts'
import type { Audit } from '../audit/audit.ts'
import type { KeyBroker } from '../crypto/broker.ts'
import type { Keyring } from '../crypto/keyring.ts'
import { selectSql } from './entitySql.ts'
import { indexColumns, indexKeys } from './exactIndex.ts'
import { distinctKeys, openRow, type StoredRow } from './openRows.ts'
import type { Shape } from './shape.ts'

type Parts = { client: pg.PoolClient; broker: KeyBroker; keyring: Keyring; audit: Audit; actor: Actor }

/** Which records: those after an id, or those changed since an instant (ISO 8601). */
export type ReindexFrom = { readonly after: string; readonly changedSince?: string }

/**
 * Fills the index columns of the next records by id for every living index generation, in the caller's transaction, and returns their ids in order.
 * The records are opened for it, which is on record.
 */
export const reindexRecords = async (
  { client, broker, keyring, audit, actor }: Parts,
  shape: Shape,
  from: ReindexFrom,
  limit: number,
): Promise<string[]> => {
  const since = from.changedSince === undefined ? '' : 'and r.updated_at >= $3::timestamptz'
  const sql = selectSql(shape, {
    groups: ['personal'],
    where: `r.id > $1 ${since}`,
    tail: 'order by r.id limit $2',
    lock: 'for update of r',
  })
  const { rows } = await client.query<StoredRow>({
    ...sql,
    values: [from.after, limit, ...(from.changedSince === undefined ? [] : [from.changedSince])],
  })
  if (rows.length === 0) return []
  const keys = await broker.open(distinctKeys(rows))
  const generations = await indexKeys(keyring)
  for (const stored of rows) {
    const row = openRow(shape, stored, keys, ['personal'])
    const columns = Object.entries(indexColumns(shape, generations, row))
    const set = columns.map(([name], i) => `${name} = $${i + 2}`).join(', ')
    await client.query(`update ${shape.table} set ${set} where id = $1`, [row.id, ...columns.map(([, value]) => value)])
  }
  const ids = rows.map((row) => row['id'] as string)
  const subjects = rows.map((row) => row['subject'] as number)
  await audit.appendTo(client, [{ actor, action: 'index_rotate', entity: shape.name, ids, subjects, outcome: 'done' }])
  return ids
}
