import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RecordView } from '../../app/contract.ts'
import { request } from '../../app/request.ts'
import { say } from '../../ui/toast.tsx'
import { useErrorWords } from '../../ui/Trouble.tsx'

/** Returns the acts of putting a customer into the trash, with an offer to take it back, and of restoring one. */
export const useTrash = () => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const words = useErrorWords()
  const onError = (error: unknown) => {
    const { title, advice } = words(error)
    say(`${title} ${advice}`)
  }
  const refresh = async (id: string) => {
    await client.invalidateQueries({ queryKey: ['customers', id], exact: true })
    void client.invalidateQueries({ queryKey: ['customers', 'list'] })
  }
  const restore = useMutation({
    mutationFn: async (record: RecordView) => {
      // The version moved when it was trashed.
      const now = await request<RecordView>('GET', `/api/customers/${record.id}`)
      return request('POST', `/api/customers/${record.id}/restore`, { body: { version: now.version } })
    },
    onSuccess: async (_done, record) => {
      await refresh(record.id)
      say(t('customers.restored'))
    },
    onError,
    gcTime: 0,
  })
  const trash = useMutation({
    mutationFn: (record: RecordView) => request('DELETE', `/api/customers/${record.id}`, { body: { version: record.version } }),
    onSuccess: async (_done, record) => {
      client.removeQueries({ queryKey: ['customers', record.id], exact: true })
      void client.invalidateQueries({ queryKey: ['customers', 'list'] })
      say(t('customers.wasTrashed'), { label: t('undo'), run: () => restore.mutate(record) })
    },
    onError,
    gcTime: 0,
  })
  return { trash, restore }
}
