import type pg from 'pg'
import { AppError } from '../../domain/errors.ts'
import type { Scope } from '../../domain/policy/decide.ts'
import { none } from '../../domain/policy/predicate.ts'
import type { Audit } from '../audit/audit.ts'
import type { Detail } from '../audit/entry.ts'
import type { Keyring } from '../crypto/keyring.ts'
import { databaseError } from './databaseError.ts'
import { columnOfGeneration, indexKeys, lookupToken } from './exactIndex.ts'
import { predicateSql } from './predicateSql.ts'
import { shapeOf } from './shape.ts'
import { statement } from './statement.ts'

/**
 * Returns, for each value that is somebody's, the ids of the records that hold it, by blind index: nothing is opened. Only records outside the trash
 * where the actor may ask for a complete value of the field. One query and one audit entry for any number of values.
 * With `parents` the ids are those of the records they hang below (a contact's customer), which are not in the trash either.
 * Throws `forbidden` where the field cannot be asked for, `key_unavailable`, `audit_unavailable`.
 */
export const findExact = async (
  { pool, keyring, audit }: { pool: pg.Pool; keyring: Keyring; audit: Audit },
  scope: Scope,
  field: string,
  values: readonly string[],
  detail?: Detail,
  parents = false,
): Promise<Map<string, string[]>> => {
  const shape = shapeOf(scope.entity)
  const indexed = shape.indexed.find((one) => one.field === field)
  const right = scope.fields[field]?.exact ?? none
  if (!indexed || right.kind === 'none') throw new AppError('forbidden', { field })
  const [current] = await indexKeys(keyring)
  if (!current || values.length === 0) return new Map()
  const asked = new Map(values.map((value) => [lookupToken(shape, current, field, value).toString('hex'), value]))
  const parameters: unknown[] = [[...asked.keys()].map((token) => Buffer.from(token, 'hex'))]
  const rule = [scope.rows, right].map((predicate) => predicateSql(predicate, shape.rule, parameters)).join(' and ')
  const column = columnOfGeneration(indexed.column, current.generation)
  const tokens = indexed.many ? `unnest(c.${column})` : `(select c.${column})`
  const match = indexed.many ? `c.${column} && $1::bytea[]` : `c.${column} = any($1::bytea[])`
  const up = shape.parent && parents
  const parent = shape.parent ? `join ${shape.parent.shape.table} p on p.id = r.${shape.parent.column}` : ''
  // First one probe of the index for all values, and nothing beside it: a store or an order in the same condition would have the planner read all of the
  // store, or the table in the order of its ids.
  const sql = statement(`with found as materialized (
      select t.token, c.id from ${shape.table} c, lateral ${tokens} as t (token) where ${match} and t.token = any($1::bytea[]))
    select encode(f.token, 'hex') as token, r.id, r.subject, ${up ? 'p.id' : 'r.id'} as found from found f join ${shape.table} r on r.id = f.id ${parent}
    where r.trashed_at is null${up ? ' and p.trashed_at is null' : ''} and ${rule} order by r.id`)
  const { rows } = await pool
    .query<{ token: string; id: string; subject: number; found: string }>({ ...sql, values: parameters })
    .catch((error: unknown) => {
      throw databaseError(error)
    })
  await audit.append({
    actor: scope.actor,
    action: 'search',
    entity: scope.entity,
    ids: rows.map((row) => row.id),
    subjects: rows.map((row) => row.subject),
    fields: [field],
    outcome: 'done',
    ...(detail ? { detail } : {}),
  })
  const found = new Map<string, string[]>()
  for (const { token, found: id } of rows) {
    const value = asked.get(token)!
    found.set(value, [...(found.get(value) ?? []), id])
  }
  return found
}
