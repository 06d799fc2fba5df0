import { useQuery } from '@tanstack/react-query'
import type { RecordView } from '../../app/contract.ts'
import { request } from '../../app/request.ts'

/** Opens one customer; each opening is one audit entry, so it is not asked for again while it is on the screen. */
export const useCustomer = (id: string) =>
  useQuery({
    queryKey: ['customers', id],
    queryFn: ({ signal }) => request<RecordView>('GET', `/api/customers/${id}`, { signal }),
    staleTime: 30_000,
  })
