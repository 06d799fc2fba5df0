import type { Scope } from '../../domain/policy/decide.ts'
import type { Queryable } from './database.ts'
import { predicateSql } from './predicateSql.ts'
import { isRecordId } from './reads.ts'
import { shapeOf } from './shape.ts'

/** Returns some plain fields of a record in scope, null where there is none: nothing is opened, and nobody is looked at. */
export const readPlain = async (
  client: Queryable,
  scope: Scope,
  id: string,
  fields: readonly string[],
): Promise<Record<string, unknown> | null> => {
  if (!isRecordId(id)) return null
  const shape = shapeOf(scope.entity)
  const columns = shape.plain.filter(({ field }) => fields.includes(field)).map(({ field, column }) => `r.${column} as "${field}"`)
  const values: unknown[] = [id]
  const rule = predicateSql(scope.rows, shape.rule, values)
  const parent = shape.parent ? `join ${shape.parent.shape.table} p on p.id = r.${shape.parent.column}` : ''
  const sql = `select ${columns.join(', ')} from ${shape.table} r ${parent} where r.id = $1 and ${rule}`
  return (await client.query<Record<string, unknown>>(sql, values)).rows[0] ?? null
}
