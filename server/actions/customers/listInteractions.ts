import type { Scope } from '../../../domain/policy/decide.ts'
import type { Parts } from '../parts.ts'
import type { Page } from '../records/page.ts'
import { pageOf } from '../records/pageOf.ts'

/** Returns a page of a customer's timeline, newest first. Throws `not_found` when the customer is out of sight, `envelope_invalid` when it does not open. */
export const listInteractions = async (
  { records }: Pick<Parts, 'records'>,
  scopes: { customer: Scope; interaction: Scope },
  customerId: string,
  { offset, limit }: { offset: number; limit: number },
): Promise<Page> => {
  // Out of sight and absent must look alike, so the customer is asked for first; one of a list, so that it is no look at the contact details.
  const { rows: customers } = await records.getMany(scopes.customer, [customerId])
  if (customers.length === 0) await records.get(scopes.customer, customerId)
  const listed = await records.list(scopes.interaction, {
    where: { customerId },
    orderBy: 'happenedAt',
    descending: true,
    limit,
    offset,
  })
  return pageOf(scopes.interaction, offset, limit, listed)
}
