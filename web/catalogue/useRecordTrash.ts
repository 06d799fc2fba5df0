import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RecordView } from '../app/contract.ts'
import { request } from '../app/request.ts'
import { say } from '../ui/toast.tsx'
import { useErrorWords } from '../ui/Trouble.tsx'

type Moved = { path: string; onTrashed: (record: RecordView) => void; onRestored: (record: RecordView) => unknown }

/** Returns the acts of putting a record into the trash, with an offer to take it back, and of restoring one. */
export const useRecordTrash = ({ path, onTrashed, onRestored }: Moved) => {
  const { t } = useTranslation()
  const words = useErrorWords()
  const onError = (error: unknown) => {
    const { title, advice } = words(error)
    say(`${title} ${advice}`)
  }
  const restore = useMutation({
    mutationFn: ({ id, version }: RecordView) => request('POST', `/api/${path}/${id}/restore`, { body: { version } }),
    onSuccess: async (_done, record) => {
      await onRestored(record)
      say(t('customers.restored'))
    },
    onError,
    gcTime: 0,
  })
  const trash = useMutation({
    mutationFn: ({ id, version }: RecordView) => request<RecordView>('DELETE', `/api/${path}/${id}`, { body: { version } }),
    onSuccess: (moved) => {
      onTrashed(moved)
      // The version moved with it, and is what a restoring has to name.
      say(t('customers.wasTrashed'), { label: t('undo'), run: () => restore.mutate(moved) })
    },
    onError,
    gcTime: 0,
  })
  return { trash, restore }
}
