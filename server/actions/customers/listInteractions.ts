import type { Scope } from '../../../domain/policy/decide.ts'
import type { Parts } from '../parts.ts'
import type { Page } from '../records/page.ts'
import { cursorOf } from '../records/listQuery.ts'
import { viewOf } from '../records/viewOf.ts'

/** Returns a page of a customer's timeline, newest first. Throws `not_found` when the customer is out of sight. */
export const listInteractions = async (
  { records }: Pick<Parts, 'records'>,
  scopes: { customer: Scope; interaction: Scope },
  customerId: string,
  { offset, limit }: { offset: number; limit: number },
): Promise<Page> => {
  // Out of sight and absent must look alike, so the customer is asked for first; one of a list, so that it is no look at the contact details.
  const [customer] = await records.getMany(scopes.customer, [customerId])
  if (!customer) await records.get(scopes.customer, customerId)
  const rows = await records.list(scopes.interaction, {
    where: { customerId },
    orderBy: 'happenedAt',
    descending: true,
    limit: limit + 1,
    offset,
  })
  const items = rows.slice(0, limit).map((row) => viewOf(scopes.interaction, row))
  const more = rows.length > limit
  return { items, total: offset + rows.length, nextCursor: more ? cursorOf(offset + limit) : null }
}
