import type { Scope } from '../../domain/policy/decide.ts'
import type { Queryable } from './database.ts'
import { predicateSql } from './predicateSql.ts'
import { shapeOf } from './shape.ts'

/** What decides about a record, without opening it. */
export type RuledRow = {
  readonly id: string
  readonly storeId: string | null
  readonly ownerId: string | null
  readonly trashedAt: string | null
}

/** Returns store, owner and trash mark of those of the records that are in scope. Plain columns only: nobody is looked at. */
export const readRules = async (client: Queryable, scope: Scope, ids: readonly string[]): Promise<RuledRow[]> => {
  const shape = shapeOf(scope.entity)
  const values: unknown[] = [ids]
  const rule = predicateSql(scope.rows, shape.rule, values)
  const { rows } = await client.query<RuledRow>(
    `select r.id, ${shape.rule.storeId} as "storeId", ${shape.rule.ownerId} as "ownerId", r.trashed_at as "trashedAt"
     from ${shape.table} r where r.id = any($1::uuid[]) and ${rule}`,
    values,
  )
  return rows
}
