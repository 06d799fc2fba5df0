import type { Scope } from '../../../domain/policy/decide.ts'
import { brief } from '../../../domain/policy/brief.ts'
import { AppError } from '../../../domain/errors.ts'
import { cursorOf, type ListQuery } from './listQuery.ts'
import { findMatching, textOf } from './findMatching.ts'
import { damagedPart, type Page } from './page.ts'
import type { Look } from '../../store/look.ts'
import type { Parts } from '../parts.ts'
import { viewOf } from './viewOf.ts'

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
  const { offset, limit } = query
  const { ids, total } = await findMatching(parts, scope, query, position)
  if (signal?.aborted) throw new AppError('hung_up')
  const shown = query.brief ? brief(scope) : scope
  const { rows, damaged } = await parts.records.getMany(shown, ids, lookOf(query))
  const nextCursor = offset + limit < total ? cursorOf(offset + limit) : null
  return { items: rows.map((row) => viewOf(shown, row)), total, nextCursor, ...damagedPart(damaged) }
}
