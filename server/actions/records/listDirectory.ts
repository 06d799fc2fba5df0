import type { Scope } from '../../../domain/policy/decide.ts'
import type { Parts } from '../parts.ts'
import { cursorOf, readListQuery } from './listQuery.ts'
import type { Page } from './page.ts'
import { viewOf } from './viewOf.ts'

/** Returns a page of an entity that is few and needs no search, ordered by a plain field. */
export const listDirectory = async (
  { records }: Pick<Parts, 'records'>,
  scope: Scope,
  orderBy: string,
  query: URLSearchParams,
): Promise<Page> => {
  const { offset, limit } = readListQuery(scope, query)
  const rows = await records.list(scope, { orderBy, limit: limit + 1, offset })
  const items = rows.slice(0, limit).map((row) => viewOf(scope, row))
  return { items, total: offset + rows.length, nextCursor: rows.length > limit ? cursorOf(offset + limit) : null }
}
