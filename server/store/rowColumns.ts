import type { AnyRow } from './openRows.ts'
import { arrayLiteral } from './entitySql.ts'
import type { Envelopes, Values } from './seal.ts'
import type { Shape } from './shape.ts'

/** A record as it goes to the database, by column. */
export type ColumnValues = Readonly<Record<string, unknown>>

/** Returns the values of every column of a record. */
export const rowColumns = (shape: Shape, row: AnyRow, envelopes: Envelopes, index: Values): ColumnValues => ({
  id: row.id,
  version: row.version,
  created_at: row.createdAt,
  updated_at: row.updatedAt,
  trashed_at: row.trashedAt,
  ...(shape.hasSubject ? { subject: row.subject } : {}),
  ...Object.fromEntries(shape.plain.map(({ field, column }) => [column, row[field] ?? null])),
  ...Object.fromEntries(shape.groups.map((group) => [group.column, envelopes[group.class] ?? null])),
  ...index,
})

/** Returns the parameters of `insertSql`: one array per column. */
export const insertValues = (shape: Shape, rows: readonly ColumnValues[]): unknown[] =>
  shape.columns.map(({ name, type }) =>
    rows.map((row) => (type.endsWith('[]') && row[name] ? arrayLiteral(row[name] as unknown[]) : (row[name] ?? null))),
  )

/** Returns the parameters of `updateSql`, for the version that was read. */
export const updateValues = (shape: Shape, row: ColumnValues, version: number): unknown[] => [
  version,
  row['id'],
  ...shape.columns
    .filter(({ name }) => name !== 'id')
    .map(({ name, type }) => (type.endsWith('[]') && row[name] ? arrayLiteral(row[name] as unknown[]) : (row[name] ?? null))),
]
