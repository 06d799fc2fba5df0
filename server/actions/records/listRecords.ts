import type { Scope } from '../../../domain/policy/decide.ts'
import { AppError } from '../../../domain/errors.ts'
import { cursorOf, type ListQuery } from './listQuery.ts'
import { damagedPart, type Page } from './page.ts'
import type { Look } from '../../store/look.ts'
import type { Parts } from '../parts.ts'
import { viewOf } from './viewOf.ts'

type Found = { ids: string[]; total: number }

const findExactly = async (records: Parts['records'], scope: Scope, { exact, facets, offset, limit }: ListQuery): Promise<Found> => {
  const { field, value } = exact!
  if (Object.keys(facets).length > 0) throw new AppError('input_invalid', { problems: [{ field: `filter[${field}]`, problem: 'alone' }] })
  const found = await records.findExact(scope, field, [value], { text: value })
  const ids = found.get(value) ?? []
  return { ids: ids.slice(offset, offset + limit), total: ids.length }
}

const lookOf = (query: ListQuery): Look => (query.q ? { action: 'search', detail: { text: query.q } } : { action: 'list' })

/**
 * Returns one page under the actor's scope: ids and exact total from the index, the rows checked again by the database, one audit entry.
 * A record that does not open is named in `damaged`, and counts in the total.
 * Waits until the index has seen `position`. Throws `search_unavailable`, `open_budget`, `audit_unavailable`.
 */
export const listRecords = async (
  parts: Pick<Parts, 'records' | 'search'>,
  scope: Scope,
  query: ListQuery,
  position: number,
): Promise<Page> => {
  const { records, search } = parts
  if (position > 0) await search.waitFor(position)
  const { q, sort, offset, limit, facets, trashed } = query
  const { ids, total } = query.exact
    ? await findExactly(records, scope, query)
    : await search.page(scope, { filters: { ...facets, trashed }, offset, limit, ...(q ? { q } : {}), ...(sort ? { sort } : {}) })
  const { rows, damaged } = await records.getMany(scope, ids, lookOf(query))
  const nextCursor = offset + limit < total ? cursorOf(offset + limit) : null
  return { items: rows.map((row) => viewOf(scope, row)), total, nextCursor, ...damagedPart(damaged) }
}
