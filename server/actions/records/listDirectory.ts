import type { Scope } from '../../../domain/policy/decide.ts'
import type { Parts } from '../parts.ts'
import { readListQuery } from './listQuery.ts'
import type { Page } from './page.ts'
import { pageOf } from './pageOf.ts'

/** Returns a page of an entity that is few and needs no search, ordered by a plain field. */
export const listDirectory = async (
  { records }: Pick<Parts, 'records'>,
  scope: Scope,
  orderBy: string,
  query: URLSearchParams,
): Promise<Page> => {
  const { offset, limit } = readListQuery(scope, query)
  return pageOf(scope, offset, limit, await records.list(scope, { orderBy, limit, offset }))
}
