import { columnsOf, tableOf } from './columns.ts'
import type { Entity } from './entity.ts'

/** The resolved catalogue as it is committed: every field with all its options, and every column that follows. */
export type Lock = Readonly<Record<string, object>>

/** Returns the resolved catalogue: defaults filled in, derived columns written out, so that a review sees what a change of one word does. */
export const lockOf = (catalogue: Readonly<Record<string, Entity>>): Lock =>
  Object.fromEntries(
    Object.entries(catalogue).map(([name, entity]) => [
      name,
      {
        label: entity.label,
        table: tableOf(entity),
        subject: entity.subject,
        rowScope: entity.rowScope,
        retain: entity.retain,
        schemaVersion: entity.schemaVersion,
        fields: Object.fromEntries(Object.entries(entity.fields)),
        columns: columnsOf(entity).map((column) =>
          [column.name, column.type, column.nullable ? 'null' : 'not null', ...(column.check ? [`check (${column.check})`] : [])].join(' '),
        ),
      },
    ]),
  )

/** Returns the paths at which two JSON values differ, each with both values: what a drift message lists. */
export const differences = (before: unknown, after: unknown, path = ''): string[] => {
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null)
    return before === after ? [] : [`${path}: ${JSON.stringify(before) ?? 'absent'} -> ${JSON.stringify(after) ?? 'absent'}`]
  const [old, young] = [before as Record<string, unknown>, after as Record<string, unknown>]
  const keys = [...new Set([...Object.keys(old), ...Object.keys(young)])]
  return keys.flatMap((key) => differences(old[key], young[key], path === '' ? key : `${path}.${key}`))
}
