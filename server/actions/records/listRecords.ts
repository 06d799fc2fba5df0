import type { Scope } from '../../../domain/policy/decide.ts'
import { brief } from '../../../domain/policy/brief.ts'
import { AppError } from '../../../domain/errors.ts'
import { cursorOf, type ListQuery } from './listQuery.ts'
import { damagedPart, type Page } from './page.ts'
import type { Look } from '../../store/look.ts'
import type { Parts } from '../parts.ts'
import { viewOf } from './viewOf.ts'

type Found = { ids: string[]; total: number }

const findExactly = async (records: Parts['records'], scope: Scope, query: ListQuery): Promise<Found> => {
  const { exact, facets, labels, created, offset, limit } = query
  const { field, value } = exact!
  if (created || Object.keys({ ...facets, ...labels }).length > 0)
    throw new AppError('input_invalid', { problems: [{ field: `filter[${field}]`, problem: 'alone' }] })
  const found = await records.findExact(scope, field, [value], { text: value })
  const ids = found.get(value) ?? []
  return { ids: ids.slice(offset, offset + limit), total: ids.length }
}

// Labels are asked for as words are: what was looked for belongs to the look.
const textOf = ({ q, labels }: ListQuery): string => [...(q ? [q] : []), ...Object.values(labels).flat()].join(' ')

const lookOf = (query: ListQuery): Look => ({
  ...(textOf(query) ? { action: 'search', detail: { text: textOf(query) } } : { action: 'list' }),
  ...(query.brief ? { brief: true } : {}),
})

/**
 * Returns one page under the actor's scope: ids and exact total from the index, the rows checked again by the database, one audit entry.
 * A record that does not open is named in `damaged`, and counts in the total.
 * Waits until the index has seen `position`. Throws `search_unavailable`, `open_budget`, `audit_unavailable`; `hung_up` when `signal` aborted before
 * anything was opened: nobody looks then, so nothing is opened, charged or recorded.
 */
export const listRecords = async (
  parts: Pick<Parts, 'records' | 'search'>,
  scope: Scope,
  query: ListQuery,
  position: number,
  signal?: AbortSignal,
): Promise<Page> => {
  const { records, search } = parts
  if (position > 0) await search.waitFor(position)
  const { q, sort, offset, limit, facets, trashed, created, labels } = query
  const { ids, total } = query.exact
    ? await findExactly(records, scope, query)
    : await search.page(scope, {
        filters: { ...facets, trashed },
        labels,
        offset,
        limit,
        ...(created ? { created } : {}),
        ...(q ? { q } : {}),
        ...(sort ? { sort } : {}),
      })
  if (signal?.aborted) throw new AppError('hung_up')
  const shown = query.brief ? brief(scope) : scope
  const { rows, damaged } = await records.getMany(shown, ids, lookOf(query))
  const nextCursor = offset + limit < total ? cursorOf(offset + limit) : null
  return { items: rows.map((row) => viewOf(shown, row)), total, nextCursor, ...damagedPart(damaged) }
}
