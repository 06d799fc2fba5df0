import type { EntityName } from '../../domain/catalogue/all.ts'
import { AppError } from '../../domain/errors.ts'
import type { Queryable } from './database.ts'
import { shapeOf } from './shape.ts'

/** Returns the id of the record that each hangs below, by id. Plain columns only: nobody is looked at. */
export const parentsOf = async (client: Queryable, entity: EntityName, ids: readonly string[]): Promise<Map<string, string>> => {
  const { parent, table } = shapeOf(entity)
  if (!parent) throw new AppError('internal', { problem: 'no parent', entity })
  const { rows } = await client.query<{ id: string; parent: string }>(
    `select id, ${parent.column} as parent from ${table} where id = any($1::uuid[])`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row.parent]))
}
