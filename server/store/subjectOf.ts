import type { Scope } from '../../domain/policy/decide.ts'
import type { Queryable } from './database.ts'
import { predicateSql } from './predicateSql.ts'
import { isRecordId } from './reads.ts'
import { shapeOf } from './shape.ts'
import { statement } from './statement.ts'

/** Returns the number of the person a record in scope is about, or null where there is none for this actor. Nothing is opened, and nobody is looked at. */
export const subjectOf = async (client: Queryable, scope: Scope, id: string): Promise<number | null> => {
  if (!isRecordId(id)) return null
  const shape = shapeOf(scope.entity)
  const values: unknown[] = [id]
  const rule = predicateSql(scope.rows, shape.rule, values)
  const parent = shape.parent ? `join ${shape.parent.shape.table} p on p.id = r.${shape.parent.column}` : ''
  const sql = statement(`select r.subject from ${shape.table} r ${parent} where r.id = $1 and ${rule}`)
  return (await client.query<{ subject: number }>({ ...sql, values })).rows[0]?.subject ?? null
}
