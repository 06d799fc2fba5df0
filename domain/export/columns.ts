import { catalogue, type EntityName } from '../catalogue/all.ts'
import type { Entity } from '../catalogue/entity.ts'
import { exportColumns, type ExportColumn } from '../catalogue/exportColumns.ts'
import type { Field } from '../catalogue/field.ts'
import type { Scope } from '../policy/decide.ts'
import { covers, type Predicate } from '../policy/predicate.ts'

/** A column that can leave, and how far its values do: in every row, in some (masked in the others), or nowhere: then it is not offered. */
export type OfferedColumn = ExportColumn & { readonly reach: 'everywhere' | 'somewhere' }

// A reference to another customer would take a second person along; their number means nothing in a file.
const isPerson = (field: Field): boolean =>
  field.to !== null && (catalogue[field.to as EntityName] as Entity).subject === 'self' && field.to !== 'staff'

/** Returns the columns that somebody may take of an entity, in the order of the catalogue. Secrets and references to other people are never among them. */
export const offeredColumns = (scope: Scope): OfferedColumn[] => {
  const entity = catalogue[scope.entity] as Entity
  const names = Object.keys(entity.fields).filter((name) => !isPerson(entity.fields[name]!))
  return exportColumns(entity, names as never).flatMap((column) => {
    const rule = scope.fields[column.name]?.export
    if (!rule || rule.kind === 'none') return []
    return [{ ...column, reach: covers(rule, exportableRows(scope)) ? ('everywhere' as const) : ('somewhere' as const) }]
  })
}

/** Returns the rows that may leave at all. */
export const exportableRows = (scope: Scope): Predicate => scope.actions.export ?? { kind: 'none' }
