import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { ApiError } from '../app/apiError.ts'
import type { RecordView } from '../app/contract.ts'
import { request } from '../app/request.ts'
import { plainOf } from './plainOf.ts'

/** Under which a customer's brief look is kept. */
export const briefKey = (id: string) => ['customers', id, 'brief'] as const

/** The name of a customer who stands on somebody else's page, as a link to theirs unless `plain`. Whoever may not see them learns that, and no more. */
export const CustomerName = ({ id, plain = false }: { id: string; plain?: boolean }) => {
  const { t } = useTranslation()
  const { data, error } = useQuery({
    queryKey: briefKey(id),
    queryFn: ({ signal }) => request<RecordView>('GET', `/api/customers/${id}?show=brief`, { signal }),
    staleTime: 5 * 60_000,
  })
  if (error)
    return (
      <span className='faint'>{error instanceof ApiError && error.code === 'not_found' ? t('referrer.outOfSight') : t('unknownName')}</span>
    )
  if (!data) return <span className='faint'>…</span>
  const name = plainOf(data['name']) ?? '—'
  return (
    <>
      {plain ? name : <Link to={`/customers/${id}`}>{name}</Link>}
      {data.trashedAt === null ? null : <span className='tag beside'>{t('customers.trashed')}</span>}
    </>
  )
}
