import { AppError } from '../../../domain/errors.ts'
import { decide, type Scope } from '../../../domain/policy/decide.ts'
import { none } from '../../../domain/policy/predicate.ts'
import type { Page as SearchPage } from '../../search/index/query.ts'
import type { Parts } from '../parts.ts'
import type { ListQuery } from './listQuery.ts'

type Found = Pick<SearchPage, 'ids' | 'total' | 'via'>

const findExactly = async (records: Parts['records'], scope: Scope, query: ListQuery): Promise<Found> => {
  const { exact, facets, labels, created, offset, limit } = query
  const { field, value } = exact!
  if (created || Object.keys({ ...facets, ...labels }).length > 0)
    throw new AppError('input_invalid', { problems: [{ field: `filter[${field}]`, problem: 'alone' }] })
  const own = await records.findExact(scope, field, [value], { text: value })
  // Who knows the whole number of a contact finds the customer, as who knows the customer's does.
  const contacts = decide(scope.actor, 'contact')
  const asksContacts = scope.entity === 'customer' && (contacts.fields[field]?.exact ?? none).kind !== 'none'
  const below = asksContacts ? await records.findExact(contacts, field, [value], { text: value }, true) : new Map<string, string[]>()
  const ids = [...new Set([...(own.get(value) ?? []), ...(below.get(value) ?? [])])]
  return { ids: ids.slice(offset, offset + limit), total: ids.length }
}

// Labels are asked for as words are: what was looked for belongs to the look.
/** Returns the words a query asks for, for the log; empty where it asks for none. */
export const textOf = ({ q, labels }: ListQuery): string => [...(q ? [q] : []), ...Object.values(labels).flat()].join(' ')

/**
 * Returns the ids of one page of those that match a list's query under the scope, and how many match in all; waits until the index has seen `position`.
 * The one reading of a query: what is listed and what is changed at once are the same people. Throws `input_invalid`, `search_unavailable`.
 */
export const findMatching = async (
  { records, search }: Pick<Parts, 'records' | 'search'>,
  scope: Scope,
  query: ListQuery,
  position: number,
): Promise<Found> => {
  if (position > 0) await search.waitFor(position)
  if (query.exact) return findExactly(records, scope, query)
  const { q, sort, offset, limit, facets, trashed, created, labels } = query
  return search.page(scope, {
    filters: { ...facets, trashed },
    labels,
    offset,
    limit,
    ...(created ? { created } : {}),
    ...(q ? { q } : {}),
    ...(sort ? { sort } : {}),
  })
}
