import type pg from 'pg'
import type { EntityName } from '../../domain/catalogue/all.ts'
import type { Actor } from '../../domain/policy/actor.ts'
import { appendPrepared } from '../audit/append.ts'
import type { Audit } from '../audit/audit.ts'
import type { KeyBroker, WrappedKey } from '../crypto/broker.ts'
import type { Keyring } from '../crypto/keyring.ts'
import { arrayLiteral, selectSql } from './entitySql.ts'
import { columnOfGeneration, indexColumns, indexKeys } from './exactIndex.ts'
import { openRow, type StoredRow, storedKey } from './openRows.ts'
import { type Shape, shapeOf } from './shape.ts'
import { statement } from './statement.ts'
import { inTransaction } from './transaction.ts'

type Parts = { pool: pg.Pool; broker: KeyBroker; keyring: Keyring; audit: Audit }

/** Where a re-index stands: the last record done. */
export type ReindexCursor = string | null

/**
 * Fills the blind-index columns of the keyring's newest generation for up to `limit` records after `cursor`, in one audited transaction. Returns the next cursor,
 * null when all are done: then `keyring.retireIndexGeneration(old)` is the swap. What is written meanwhile is written for both generations.
 */
export const reindexExact = async (parts: Parts, actor: Actor, name: EntityName, cursor: ReindexCursor, limit = 200): Promise<{ cursor: ReindexCursor; done: number }> => {
  const shape = shapeOf(name)
  const newest = (await indexKeys(parts.keyring)).at(-1)!
  const classes = shape.groups.filter((group) => group.fields.some((field) => shape.indexed.some((one) => one.field === field))).map((group) => group.class)
  if (classes.length === 0) return { cursor: null, done: 0 }
  // Whoever is just writing with the old generation only is waited for, once; a writer checks the generations again before it commits.
  if (cursor === null) await inTransaction(parts.pool, (client) => client.query(`lock table ${shape.table} in share row exclusive mode`))
  const done = await inTransaction(parts.pool, async (client) => {
    const where = cursor === null ? '$1::uuid is null' : 'r.id > $1::uuid'
    const sql = selectSql(shape, { groups: classes, where, tail: 'order by r.id limit $2', lock: 'for update of r' })
    const { rows } = await client.query<StoredRow>({ ...sql, values: [cursor, limit] })
    if (rows.length === 0) return []
    const keys = await parts.broker.open([...new Map(rows.map((row): [number, WrappedKey] => [row['subject'] as number, storedKey(row)])).values()])
    const opened = rows.map((row) => openRow(shape, row, keys.get(row['subject'] as number), classes))
    const [entry] = await parts.audit.prepare([{
      actor, action: 'index_rotate', entity: name, ids: opened.map((row) => row.id), subjects: opened.map((row) => row.subject),
      fields: shape.indexed.map((one) => one.field), outcome: 'done',
    }])
    await client.query(updateIndex(shape, newest.generation, opened.map((row) => ({ id: row.id, columns: indexColumns(shape, [newest], row) }))))
    await appendPrepared(client, [entry!])
    return opened
  })
  if (done.length > 0) parts.audit.committed()
  return { cursor: done.length < limit ? null : done.at(-1)!.id, done: done.length }
}

const updateIndex = (shape: Shape, generation: number, rows: readonly { id: string; columns: Record<string, unknown> }[]) => {
  const columns = shape.indexed.map((one) => ({ ...one, target: columnOfGeneration(one.column, generation) }))
  const set = columns.map(({ target, many }) => `${target} = f.${target}${many ? '::bytea[]' : ''}`).join(', ')
  const types = columns.map(({ many }, i) => `$${i + 2}::${many ? 'text[]' : 'bytea[]'}`).join(', ')
  const names = columns.map(({ target }) => target).join(', ')
  const sql = statement(`update ${shape.table} r set ${set} from unnest($1::uuid[], ${types}) as f (id, ${names}) where r.id = f.id`)
  const valueOf = (value: unknown, many: boolean): unknown => (many ? arrayLiteral(value as unknown[]) : (value ?? null))
  return { ...sql, values: [rows.map((row) => row.id), ...columns.map(({ target, many }) => rows.map((row) => valueOf(row.columns[target], many)))] }
}
