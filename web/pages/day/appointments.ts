import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Page, RecordView } from '../../app/contract.ts'
import { request } from '../../app/request.ts'
import { sessionKey } from '../../app/session.ts'
import { say } from '../../ui/toast.tsx'
import { useErrorWords } from '../../ui/Trouble.tsx'

/** Appointments of a stretch, and the customers they are with, briefly. */
export type Days = Page<RecordView> & { customers: Record<string, RecordView> }

/** When somebody is taken. */
export type Busy = { staffId: string; startsAt: string; endsAt: string }

/** Returns the appointments of a stretch of time, of everybody in sight or of oneself. */
export const useDays = (from: Date, to: Date, mine: boolean) =>
  useQuery({
    queryKey: ['appointments', from.toISOString(), to.toISOString(), mine],
    queryFn: ({ signal }) =>
      request<Days>('GET', `/api/appointments?from=${from.toISOString()}&to=${to.toISOString()}&mine=${mine}&pageSize=200`, { signal }),
    staleTime: 15_000,
    refetchInterval: 120_000,
  })

/** Returns when people are taken within a stretch of time; nothing while the stretch is none. */
export const useBusy = (from: Date, to: Date, staff: readonly string[], except?: string) =>
  useQuery({
    queryKey: ['appointments', 'busy', from.getTime(), to.getTime(), staff.toSorted().join(), except ?? ''],
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({
        from: from.toISOString(),
        to: to.toISOString(),
        staff: staff.join(','),
        ...(except ? { except } : {}),
      })
      return (await request<{ items: Busy[] }>('GET', `/api/appointments/busy?${query.toString()}`, { signal })).items
    },
    enabled: staff.length > 0 && to > from,
    staleTime: 15_000,
  })

/** Returns what to do once appointments of a customer have changed: whatever shows them is asked for again, and so is who may see whom today. */
export const useAppointmentsChanged = (): ((customerId: string) => void) => {
  const client = useQueryClient()
  return (customerId) => {
    for (const queryKey of [['appointments'], ['customers', customerId], sessionKey]) void client.invalidateQueries({ queryKey })
  }
}

/** Returns the act of cancelling an appointment, with an offer to take that back. */
export const useCancel = () => {
  const { t } = useTranslation()
  const words = useErrorWords()
  const changed = useAppointmentsChanged()
  const onError = (error: unknown): void => {
    const { title, advice } = words(error)
    say(`${title} ${advice}`)
  }
  const revive = useMutation({
    mutationFn: ({ id, version }: RecordView) =>
      request<RecordView>('PATCH', `/api/appointments/${id}`, { body: { version, state: 'planned' } }),
    onSuccess: (record) => changed(String(record['customerId'])),
    onError,
    gcTime: 0,
  })
  return useMutation({
    mutationFn: ({ id, version }: RecordView) => request<RecordView>('POST', `/api/appointments/${id}/cancel`, { body: { version } }),
    onSuccess: (record) => {
      changed(String(record['customerId']))
      say(t('appointments.cancelled'), { label: t('undo'), run: () => revive.mutate(record) })
    },
    onError,
    gcTime: 0,
  })
}
