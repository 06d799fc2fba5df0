import type { Scope } from '../../../domain/policy/decide.ts'
import type { ListQuery } from '../../store/reads.ts'
import type { Parts } from '../parts.ts'
import type { Page } from '../records/page.ts'
import { pageOf } from '../records/pageOf.ts'

/**
 * Returns a page of what hangs below a customer: timeline, contacts, consents; or of what of it lies in the trash. Throws `not_found` when the customer is out of sight, `envelope_invalid`
 * when it does not open.
 */
export const listBelow = async (
  { records }: Pick<Parts, 'records'>,
  scopes: { customer: Scope; below: Scope },
  customerId: string,
  order: Pick<ListQuery, 'orderBy' | 'descending'>,
  { offset, limit, trashed = false }: { offset: number; limit: number; trashed?: boolean },
): Promise<Page> => {
  // Out of sight and absent must look alike, so the customer is asked for first; one of a list, so that it is no look at the contact details.
  const { rows: customers } = await records.getMany(scopes.customer, [customerId])
  if (customers.length === 0) await records.get(scopes.customer, customerId)
  const listed = await records.list(scopes.below, { where: { customerId }, ...order, limit, offset, trashed })
  return pageOf(scopes.below, offset, limit, listed)
}
