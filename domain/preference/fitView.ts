import type { Entity } from '../catalogue/entity.ts'
import type { Field } from '../catalogue/field.ts'
import { isLabels } from '../catalogue/labels.ts'
import { tableColumnsOf } from '../catalogue/tableColumns.ts'
import { mayKnow, type Scope } from '../policy/decide.ts'
import type { ViewState } from './savedView.ts'

/** What a list may be looked at by, under one scope: names of filters, of orders (without sign) and of columns. */
export type Possible = { readonly filters: readonly string[]; readonly sorts: readonly string[]; readonly columns: readonly string[] }

/** The one column that is no field: when the record was made. */
export const createdColumn = 'createdAt'

const mayFilter = (scope: Scope, name: string, field: Field): boolean => {
  const plain =
    field.class === 'internal' && (field.kind === 'ref' || field.kind === 'choice') && !field.many && field.find.includes('exact')
  return (plain || isLabels(field)) && (scope.fields[name]?.filter ?? { kind: 'none' }).kind !== 'none'
}

/** Returns by what the actor of the scope may look at a list of the entity. The server decides the same, and refuses the rest. */
export const possibleIn = (entity: Entity, scope: Scope): Possible => {
  const fields = Object.entries(entity.fields)
  const mayRestore = (scope.actions.restore ?? { kind: 'none' }).kind !== 'none'
  const known = (name: string): boolean => scope.fields[name] !== undefined && mayKnow(scope.fields[name])
  return {
    filters: [
      ...fields.flatMap(([name, field]) => (mayFilter(scope, name, field) ? [name] : [])),
      createdColumn,
      ...(mayRestore ? ['trashed'] : []),
    ],
    sorts: [createdColumn, ...fields.flatMap(([name, field]) => (field.find.includes('name') && scope.fields[name]?.sort ? [name] : []))],
    // A list knows the names of stores and staff; another record's name would be a look of its own.
    columns: [
      ...tableColumnsOf(entity).flatMap(({ name, to }) => (known(name) && (to === null || to === 'store' || to === 'staff') ? [name] : [])),
      createdColumn,
    ],
  }
}

/**
 * Returns the view as far as it is possible, and the names of what had to be left out: a field that is gone, or that the person may not ask by any more.
 * An order that is gone becomes the newest first.
 */
export const fitView = (view: ViewState, possible: Possible): { view: ViewState; lost: string[] } => {
  const field = view.sort.replace(/^-/, '')
  const filters = Object.entries(view.filters)
  const lost = [
    ...filters.flatMap(([name]) => (possible.filters.includes(name) ? [] : [name])),
    ...(possible.sorts.includes(field) ? [] : [field]),
    ...(view.columns ?? []).filter((name) => !possible.columns.includes(name)),
  ]
  return {
    view: {
      q: view.q,
      filters: Object.fromEntries(filters.filter(([name]) => possible.filters.includes(name))),
      sort: possible.sorts.includes(field) ? view.sort : '-createdAt',
      columns: view.columns?.filter((name) => possible.columns.includes(name)) ?? null,
    },
    lost: [...new Set(lost)],
  }
}

/** Whether two ways of looking are the same. */
export const isSameView = (a: ViewState, b: ViewState): boolean => {
  const plain = ({ q, filters, sort, columns }: ViewState): string =>
    JSON.stringify([q, Object.entries(filters).toSorted(([x], [y]) => (x < y ? -1 : 1)), sort, columns])
  return plain(a) === plain(b)
}
