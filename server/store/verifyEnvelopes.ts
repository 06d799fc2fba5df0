import type pg from 'pg'
import type { EntityName } from '../../domain/catalogue/all.ts'
import { databaseError } from './databaseError.ts'
import { selectSql } from './entitySql.ts'
import { type StoredRow, storedEnvelopes } from './openRows.ts'
import { staleGroups } from './staleGroups.ts'
import { shapeOf } from './shape.ts'

/**
 * Compares the stored envelopes of records with the hashes in their newest audit entries and returns those that differ. Opens nothing and needs no key:
 * `get` and every change do it for their record, and a background sweep does it for all. Throws `database_unavailable`.
 */
export const verifyEnvelopes = async (
  pool: pg.Pool,
  name: EntityName,
  ids: readonly string[],
): Promise<{ id: string; groups: string[] }[]> => {
  const shape = shapeOf(name)
  if (!shape.hasSubject) return []
  const classes = shape.groups.map((group) => group.class)
  const sql = selectSql(shape, { groups: classes, where: 'r.id = any($1::uuid[])', newest: true })
  const { rows } = await pool.query<StoredRow>({ ...sql, values: [ids] }).catch((error: unknown) => {
    throw databaseError(error)
  })
  return rows
    .map((row) => ({
      id: row['id'] as string,
      groups: staleGroups(row['id'] as string, storedEnvelopes(shape, row), row['newest_leaf'] as Buffer | null),
    }))
    .filter(({ groups }) => groups.length > 0)
}
