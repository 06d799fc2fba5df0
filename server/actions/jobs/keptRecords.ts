import type { Actor } from '../../../domain/policy/actor.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import type { Parts } from '../parts.ts'
import { damagedPart, type Page } from '../records/page.ts'
import { viewOf } from '../records/viewOf.ts'
import { jobFor } from './jobFor.ts'

/** Customers of one page. */
const pageSize = 50

/**
 * Returns a page of the customers that a job left as they were, as far as they exist for the actor, in the order of the job's list. What the job says of
 * each stands in its result. Throws `not_found`.
 */
export const keptRecords = async (
  parts: Pick<Parts, 'pool' | 'records'>,
  scope: Scope,
  actor: Actor,
  id: string,
  offset: number,
): Promise<Page> => {
  const { result } = await jobFor(parts, actor, id)
  const list = Array.isArray(result['list']) ? (result['list'] as { id: string; entity: string }[]) : []
  const ids = [...new Set(list.filter(({ entity }) => entity === scope.entity).map((one) => one.id))]
  const { rows, damaged } = await parts.records.getMany(scope, ids.slice(offset, offset + pageSize))
  return { items: rows.map((row) => viewOf(scope, row)), total: ids.length, nextCursor: null, ...damagedPart(damaged) }
}
