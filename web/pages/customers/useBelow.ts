import { useQuery } from '@tanstack/react-query'
import type { Page, RecordView } from '../../app/contract.ts'
import { request } from '../../app/request.ts'

/** Asks for all that hangs below a customer of one kind, in the server's order: the 200 that count most. */
export const useBelow = (customerId: string, plural: 'contacts' | 'consents' | 'appointments') =>
  useQuery({
    queryKey: ['customers', customerId, plural],
    queryFn: ({ signal }) => request<Page<RecordView>>('GET', `/api/customers/${customerId}/${plural}?pageSize=200`, { signal }),
    staleTime: 30_000,
  })
