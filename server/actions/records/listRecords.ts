import { decide, type Scope } from '../../../domain/policy/decide.ts'
import { brief } from '../../../domain/policy/brief.ts'
import { AppError } from '../../../domain/errors.ts'
import { cursorOf, type ListQuery } from './listQuery.ts'
import { findMatching, textOf } from './findMatching.ts'
import { damagedPart, type Page } from './page.ts'
import type { Look } from '../../store/look.ts'
import { findMergedAway } from '../../store/mergedAway.ts'
import type { Parts } from '../parts.ts'
import { viewOf } from './viewOf.ts'

const lookOf = (query: ListQuery): Look => ({
  ...(textOf(query) ? { action: 'search', detail: { text: textOf(query) } } : { action: 'list' }),
  ...(query.brief ? { brief: true } : {}),
})

/** Returns which contact found which customer, as far as names and masks tell: a look at them, and on record as one. */
const contactsOf = async (
  { records }: Pick<Parts, 'records'>,
  { actor }: Scope,
  ids: readonly string[],
  via: readonly (string | null)[] | undefined,
  query: ListQuery,
): Promise<Pick<Page, 'via'>> => {
  const wanted = (via ?? []).filter((id) => id !== null)
  if (wanted.length === 0) return {}
  const scope = brief(decide(actor, 'contact'))
  const { rows } = await records.getMany(scope, wanted, { ...lookOf(query), brief: true })
  const views = new Map(rows.map((row) => [row.id, viewOf(scope, row)]))
  return { via: Object.fromEntries(ids.flatMap((id, i) => (views.has(via?.[i] ?? '') ? [[id, views.get(via![i]!)!]] : []))) }
}

/** Returns into whom records of the trash were merged, with names as far as they are in sight: a look at them, and on record as one. */
const mergedOf = async (
  { records, pool }: Pick<Parts, 'records' | 'pool'>,
  scope: Scope,
  ids: readonly string[],
): Promise<Pick<Page, 'merged'>> => {
  const found = await findMergedAway(pool, ids)
  if (found.size === 0) return {}
  const shown = brief(scope)
  const { rows } = await records.getMany(shown, [...new Set([...found.values()].map(({ into }) => into))], { action: 'list', brief: true })
  const names = new Map(rows.map((row) => [row.id, plainName(viewOf(shown, row))]))
  const merged = [...found].map(([id, { into, jobId }]) => {
    const name = names.get(into)
    return [id, { into: name === undefined ? null : into, name: name ?? null, jobId }] as const
  })
  return { merged: Object.fromEntries(merged) }
}

const plainName = (shown: object): string | null => {
  const { name } = shown as { name?: unknown }
  return typeof name === 'string' ? name : null
}

/**
 * Returns one page under the actor's scope: ids and exact total from the index, the rows checked again by the database, one audit entry.
 * A record that does not open is named in `damaged`, and counts in the total.
 * Waits until the index has seen `position`. Throws `search_unavailable`, `open_budget`, `audit_unavailable`; `hung_up` when `signal` aborted before
 * anything was opened: nobody looks then, so nothing is opened, charged or recorded.
 */
export const listRecords = async (
  parts: Pick<Parts, 'records' | 'search' | 'pool'>,
  scope: Scope,
  query: ListQuery,
  position: number,
  signal?: AbortSignal,
): Promise<Page> => {
  const { offset, limit } = query
  const { ids, total, via } = await findMatching(parts, scope, query, position)
  if (signal?.aborted) throw new AppError('hung_up')
  const shown = query.brief ? brief(scope) : scope
  const [{ rows, damaged }, contacts, merged] = await Promise.all([
    parts.records.getMany(shown, ids, lookOf(query)),
    contactsOf(parts, scope, ids, via, query),
    query.trashed ? mergedOf(parts, scope, ids) : {},
  ])
  const nextCursor = offset + limit < total ? cursorOf(offset + limit) : null
  return { items: rows.map((row) => viewOf(shown, row)), total, nextCursor, ...contacts, ...merged, ...damagedPart(damaged) }
}
