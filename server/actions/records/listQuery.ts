import { catalogue } from '../../../domain/catalogue/all.ts'
import type { Field } from '../../../domain/catalogue/field.ts'
import { isLabels } from '../../../domain/catalogue/labels.ts'
import { instant } from '../../../domain/catalogue/patterns.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import type { Predicate } from '../../../domain/policy/predicate.ts'
import type { Span } from '../../search/index/query.ts'

/** Query parameters every list takes. */
export const listParameters = ['q', 'filter', 'sort', 'page', 'pageSize', 'cursor', 'show'] as const

export type ListSort = 'name' | '-name' | 'createdAt' | '-createdAt'

/** A list request, read and allowed. `exact` asks for one complete value of a sealed field. */
export type ListQuery = {
  readonly q?: string
  readonly facets: Readonly<Record<string, readonly string[]>>
  readonly exact: { readonly field: string; readonly value: string } | null
  readonly trashed: boolean
  /** Created within, in milliseconds since 1970; `to` does not belong to it. */
  readonly created: Span | null
  /** Labels that must all be there, by field. */
  readonly labels: Readonly<Record<string, readonly string[]>>
  readonly sort?: ListSort
  readonly offset: number
  readonly limit: number
  /** Only what tells people apart: for results while somebody types. */
  readonly brief: boolean
}

const longestText = 200
const largestPage = 200
const furthest = 50_000_000
/** Labels asked for at once: each is a scan of its own. */
const mostLabels = 5

const wholeNumber = (name: string, given: string | null, otherwise: number, least: number, most: number): number => {
  if (given === null) return otherwise
  const value = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN
  if (!(value >= least && value <= most)) throw new AppError('input_invalid', { problems: [{ field: name, problem: 'range' }] })
  return value
}

/** Returns the opaque cursor of an offset, and reads it back. */
export const cursorOf = (offset: number): string => Buffer.from(`o${offset}`).toString('base64url')
const offsetOf = (cursor: string): number =>
  wholeNumber('cursor', /^o(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1] ?? 'x', 0, 0, furthest)

// The same refusal for a field that does not exist, one this actor must not know of, and one that cannot be asked by.
const unknown = (key: string): AppError => new AppError('unknown_key', { key: key.slice(0, 64) })

const sortOf = (scope: Scope, given: string | null): ListSort | undefined => {
  if (given === null) return undefined
  const field = given.replace(/^-/, '')
  if (field !== 'createdAt' && !(field === 'name' && scope.fields[field]?.sort)) throw unknown('sort')
  return given as ListSort
}

const yesOrNo = (field: string, value: string): boolean => {
  if (value !== 'true' && value !== 'false') throw new AppError('input_invalid', { problems: [{ field, problem: 'not_an_option' }] })
  return value === 'true'
}

type Filters = Pick<ListQuery, 'facets' | 'exact' | 'trashed' | 'created' | 'labels'>

const anInstant = new RegExp(instant, 'u')

/** Reads `from..to`, of which either may be left out. */
const spanOf = (text: string): Span => {
  const ends = text.split('..')
  if (ends.length !== 2 || !ends.every((end) => end === '' || anInstant.test(end)))
    throw new AppError('input_invalid', { problems: [{ field: 'filter[createdAt]', problem: 'bad_timestamp' }] })
  const [from, to] = ends as [string, string]
  return { from: from === '' ? -Infinity : Date.parse(from), to: to === '' ? Infinity : Date.parse(to) }
}

const isOpen = (rule: Predicate | undefined): boolean => rule !== undefined && rule.kind !== 'none'

const filtersOf = (scope: Scope, query: URLSearchParams): Filters => {
  const fields = catalogue[scope.entity].fields as Record<string, Field>
  const filters: {
    facets: Record<string, string[]>
    exact: ListQuery['exact']
    trashed: boolean
    created: Span | null
    labels: Record<string, string[]>
  } = { facets: {}, exact: null, trashed: false, created: null, labels: {} }
  for (const [key, value] of query) {
    const name = /^filter\[(\w{1,40})\]$/.exec(key)?.[1]
    if (name === undefined) {
      // Also where no route has looked at the keys: a mistyped filter must not mean everybody.
      if (key.startsWith('filter') || !(listParameters as readonly string[]).includes(key)) throw unknown(key)
      continue
    }
    if (value.length > longestText) throw new AppError('input_invalid', { problems: [{ field: key, problem: 'too_long' }] })
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    const right = scope.fields[name]
    if (name === 'trashed' && isOpen(scope.actions.restore)) filters.trashed = yesOrNo(key, value)
    else if (name === 'createdAt' && !filters.created) filters.created = spanOf(value)
    else if (field?.class === 'internal' && isOpen(right?.filter))
      filters.facets[name] = [...(filters.facets[name] ?? []), ...value.split(',')]
    else if (field && isLabels(field) && isOpen(right?.filter) && (filters.labels[name]?.length ?? 0) < mostLabels)
      filters.labels[name] = [...(filters.labels[name] ?? []), value]
    else if (field?.find.includes('exact') && isOpen(right?.exact) && !filters.exact) filters.exact = { field: name, value }
    else throw unknown(key)
  }
  return filters
}

/** Reads how much of a record is asked for: all that the actor may see, or only what tells people apart. Throws `input_invalid`. */
export const readShow = (query: URLSearchParams): 'all' | 'brief' => {
  const show = query.get('show')
  if (show !== null && show !== 'brief') throw new AppError('input_invalid', { problems: [{ field: 'show', problem: 'choice' }] })
  return show ?? 'all'
}

/**
 * Reads a list's query under the actor's scope. Hidden and unknown fields are refused alike, so that neither filter nor sort tells what exists.
 * Throws `unknown_key` or `input_invalid`.
 */
export const readListQuery = (scope: Scope, query: URLSearchParams): ListQuery => {
  const limit = wholeNumber('pageSize', query.get('pageSize'), 50, 1, largestPage)
  const cursor = query.get('cursor')
  const page = wholeNumber('page', query.get('page'), 1, 1, furthest)
  const offset = cursor === null ? (page - 1) * limit : offsetOf(cursor)
  if (offset > furthest) throw new AppError('input_invalid', { problems: [{ field: 'page', problem: 'range' }] })
  const q = query.get('q')?.trim()
  if (q !== undefined && q.length > longestText) throw new AppError('input_invalid', { problems: [{ field: 'q', problem: 'too_long' }] })
  const sort = sortOf(scope, query.get('sort'))
  return { ...filtersOf(scope, query), offset, limit, brief: readShow(query) === 'brief', ...(q ? { q } : {}), ...(sort ? { sort } : {}) }
}
