import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Page, RecordView } from '../../app/contract.ts'
import { request } from '../../app/request.ts'
import { plainOf } from '../../catalogue/plainOf.ts'
import { useRecordTrash } from '../../catalogue/useRecordTrash.ts'
import { Icon } from '../../ui/Icon.tsx'
import { formatDay } from '../../ui/formatTime.ts'
import { ErrorNote } from '../../ui/Trouble.tsx'

/** The people of a household that were put into the trash, once somebody asks, and the way to take each out again. */
export const TrashedContacts = ({ customerId }: { customerId: string }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [open, setOpen] = useState(false)
  const { data, error } = useQuery({
    queryKey: ['customers', customerId, 'contacts', 'trash'],
    queryFn: ({ signal }) =>
      request<Page<RecordView>>('GET', `/api/customers/${customerId}/contacts?filter[trashed]=true&pageSize=200`, { signal }),
    enabled: open,
  })
  const refresh = () => client.invalidateQueries({ queryKey: ['customers', customerId, 'contacts'] })
  const { restore } = useRecordTrash({ path: 'contacts', onTrashed: () => void refresh(), onRestored: refresh })
  return (
    <div className='trashed'>
      <button type='button' className='chip bare' aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name='trash' size={14} />
        {t('contacts.trash')}
      </button>
      {error ? <ErrorNote error={error} /> : null}
      {open && data?.items.length === 0 ? <p className='faint small'>{t('contacts.trashNone')}</p> : null}
      {open ? (
        <ul>
          {data?.items.map((record) => (
            <li key={record.id} className='row apart'>
              <span>
                {plainOf(record['name']) ?? '—'} <span className='faint small'>{formatDay(record.trashedAt)}</span>
              </span>
              <Button
                size='small'
                loading={restore.isPending && restore.variables?.id === record.id}
                aria-label={t('contacts.restoreOne', { name: plainOf(record['name']) ?? '—' })}
                onClick={() => restore.mutate(record)}
              >
                {t('customers.restore')}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}
