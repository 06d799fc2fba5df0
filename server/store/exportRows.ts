import type pg from 'pg'
import type { Scope } from '../../domain/policy/decide.ts'
import type { Predicate } from '../../domain/policy/predicate.ts'
import type { KeyBroker } from '../crypto/broker.ts'
import { selectSql } from './entitySql.ts'
import { openEach } from './openEach.ts'
import type { AnyRow } from './openRows.ts'
import { predicateSql } from './predicateSql.ts'
import { shapeOf } from './shape.ts'

/** Records opened to be written into a file, and those that do not open. */
export type ExportRows = { readonly rows: AnyRow[]; readonly damaged: { readonly id: string; readonly subject: number }[] }

/**
 * Opens those of the records that are in scope, satisfy `among` and do not lie in the trash, in the order of `ids`, with the groups that hold `fields`. For
 * exports only: nothing is charged to a budget, since a quota stands for it, and nothing is recorded. Whoever calls this writes the entry of the whole
 * export before any of it can be fetched. Throws `key_unavailable`.
 */
export const openExportRows = async (
  { pool, broker }: { pool: pg.Pool; broker: Pick<KeyBroker, 'open' | 'openCached'> },
  scope: Scope,
  ids: readonly string[],
  { fields, among }: { fields: readonly string[]; among: Predicate },
): Promise<ExportRows> => {
  const shape = shapeOf(scope.entity)
  const groups = shape.groups.filter((group) => group.class !== 'secret' && group.fields.some((field) => fields.includes(field)))
  const values: unknown[] = [ids]
  const where = `r.id = any($1::uuid[]) and r.trashed_at is null and ${predicateSql(scope.rows, shape.rule, values)}
    and ${predicateSql(among, shape.rule, values)}`
  const sql = selectSql(shape, { groups: groups.map((group) => group.class), where })
  const { rows: stored } = await pool.query<Record<string, unknown>>({ ...sql, values })
  const { rows, damaged } = await openEach(
    broker,
    shape,
    stored,
    groups.map((group) => group.class),
  )
  const found = new Map(rows.map((row) => [row.id, row]))
  return {
    rows: ids.flatMap((id) => found.get(id) ?? []),
    damaged: damaged.map((row) => ({ id: row['id'] as string, subject: row['subject'] as number })),
  }
}
