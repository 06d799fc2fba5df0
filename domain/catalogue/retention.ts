import { tableOf } from './columns.ts'
import type { Entity, RecordColumns } from './entity.ts'

/** What may go, and from when it counts. A proposal: deletion itself is never derived (DESIGN 2). */
export type RetentionRule = {
  readonly entity: string
  readonly table: string
  readonly years: number
  readonly column: 'created_at' | 'trashed_at'
}

/** Returns the retention rule of each entity. A record counts as closed once it is in the trash. */
export const retentionRules = (catalogue: Readonly<Record<string, Entity>>): RetentionRule[] =>
  Object.values(catalogue).map((entity) => ({
    entity: entity.name,
    table: tableOf(entity),
    years: entity.retain.years,
    column: entity.retain.from === 'created' ? 'created_at' : 'trashed_at',
  }))

/**
 * Returns the instant (ISO 8601, UTC) after which a record is due to go, or null while it is open and its time has not begun.
 * Years are calendar years; 29 February counts to 28 February where the year has none.
 */
export const retainUntil = (entity: Entity, record: Pick<RecordColumns, 'createdAt' | 'trashedAt'>): string | null => {
  const from = entity.retain.from === 'created' ? record.createdAt : record.trashedAt
  if (from === null) return null
  const at = new Date(from)
  const month = at.getUTCMonth()
  at.setUTCFullYear(at.getUTCFullYear() + entity.retain.years)
  if (at.getUTCMonth() !== month) at.setUTCDate(0)
  return at.toISOString()
}
