import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../../app/apiError.ts'
import type { RecordView } from '../../../app/contract.ts'
import { useDirectory } from '../../../app/directory.ts'
import { request } from '../../../app/request.ts'
import { say } from '../../../ui/toast.tsx'
import { useErrorWords } from '../../../ui/Trouble.tsx'

const claim = async (record: RecordView): Promise<RecordView> => {
  const take = (version: number): Promise<RecordView> => request('POST', `/api/customers/${record.id}/claim`, { body: { version } })
  try {
    return await take(record.version)
  } catch (error) {
    // Somebody wrote something else meanwhile, and the customer still has no owner: that is no reason not to take them.
    const now = error instanceof ApiError && error.code === 'version_conflict' ? (error.current as RecordView | undefined) : undefined
    if (now && now['ownerId'] === null && now.version !== record.version) return take(now.version)
    throw error
  }
}

/** Takes a customer without owner; says who was faster, if somebody was. */
export const ClaimButton = ({ record, small = false, onTaken }: { record: RecordView; small?: boolean; onTaken?: () => void }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const staff = useDirectory('staff')
  const words = useErrorWords()
  const act = useMutation({
    mutationFn: () => claim(record),
    onSuccess: () => {
      say(t('pool.taken'))
      onTaken?.()
    },
    onError: (error) => {
      const owner = error instanceof ApiError ? (error.current as RecordView | undefined)?.['ownerId'] : undefined
      const { title, advice } = words(error)
      say(typeof owner === 'string' ? t('pool.faster', { name: staff.nameOf(owner) ?? t('unknownName') }) : `${title} ${advice}`)
    },
    onSettled: () => void client.invalidateQueries({ queryKey: ['customers'] }),
    gcTime: 0,
  })
  return (
    <Button type={small ? 'default' : 'primary'} size={small ? 'small' : 'middle'} loading={act.isPending} onClick={() => act.mutate()}>
      {t('pool.take')}
    </Button>
  )
}
