import type { FieldRight, Scope } from '../../../domain/policy/decide.ts'

/**
 * Which plain facts a page is narrowed to. A list means any of its values, of which `none` is the absent one; `trashed` true means only trashed
 * records, else only the others.
 */
export type PageFilters = { readonly trashed?: boolean; readonly facets?: Readonly<Record<string, readonly string[]>> }

/** A stretch of time in milliseconds since 1970: `from` belongs to it, `to` does not. */
export type Span = { readonly from: number; readonly to: number }

/** `relevance` is what a text query without a wish gets: whole name, then beginning of a name, then the rest, each newest first. */
export type PageSort = 'name' | '-name' | 'createdAt' | '-createdAt'

/** One question to the index. */
export type PageQuery = {
  readonly q?: string
  readonly filters?: PageFilters
  /** When the record was created. */
  readonly created?: Span
  /** Labels that a record must carry, by field: whole values of sealed lists of texts, found where the actor may match a part of them. */
  readonly labels?: Readonly<Record<string, readonly string[]>>
  readonly sort?: PageSort
  readonly offset: number
  readonly limit: number
}

/**
 * Ids of the page's records in order, and how many records match in all. `via`, where somebody below a record made the difference: for each record the id of
 * one below it that holds a word the record itself does not (of names the best match, else the first), else null.
 */
export type Page = { readonly ids: string[]; readonly total: number; readonly via?: (string | null)[] }

/** What the index needs to know of a `Scope`: no actor. */
export type SearchScope = {
  readonly rows: Scope['rows']
  /** Ids of records that a rule of the scope names: the actor's working set. */
  readonly ids: readonly string[]
  readonly fields: Readonly<Record<string, Pick<FieldRight, 'filter' | 'exact' | 'sort'>>>
}

/** Returns the part of a scope that goes to the worker, with the rights on those that hang below its records. */
export function toSearchScope(scope: Scope, below?: Scope): SearchScope {
  const rights = (of: Scope, prefix: string) =>
    Object.entries(of.fields).map(([name, { filter, exact, sort }]) => [prefix + name, { filter, exact, sort }] as const)
  return {
    rows: scope.rows,
    ids: scope.actor.workingIds,
    fields: Object.fromEntries([...rights(scope, ''), ...(below ? rights(below, `${below.entity}.`) : [])]),
  }
}
