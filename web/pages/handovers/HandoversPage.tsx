import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useDirectory } from '../../app/directory.ts'
import { request } from '../../app/request.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import '../exports/exports.css'

/** Customers of one store who want another owner (`GET /api/handovers`). `leavesOn`: ISO 8601 day. */
type Handover = {
  ownerId: string
  storeId: string
  reason: 'left' | 'leaving' | 'suspended' | 'elsewhere'
  leavesOn: string | null
  customers: number
  appointments: number
}

const tones = { left: 'danger', leaving: 'warn', suspended: 'danger', elsewhere: 'warn' } as const

const Line = ({ handover }: { handover: Handover }) => {
  const { t } = useTranslation()
  const { ownerId, storeId, reason, leavesOn, customers, appointments } = handover
  const owner = useDirectory('staff').nameOf(ownerId) ?? t('unknownName')
  const store = useDirectory('store').nameOf(storeId) ?? t('unknownName')
  return (
    <li>
      <div className='grow stack tight'>
        <div className='row'>
          <b>{owner}</b>
          <span className='tag' data-tone={tones[reason]}>
            {t(`handovers.reasons.${reason}`)}
            {leavesOn && (reason === 'left' || reason === 'leaving') ? ` ${leavesOn}` : ''}
          </span>
        </div>
        <div className='small quiet'>
          {store} · {t('handovers.customers', { count: customers })}
          {appointments > 0 ? ` · ${t('handovers.appointments', { count: appointments })}` : ''}
        </div>
      </div>
      <Link className='chip tall' to={`/customers?${new URLSearchParams({ ownerId, storeId })}`} state={{ takeWhole: true }}>
        {t('handovers.open')}
        <span className='unseen'>
          {owner} {store}
        </span>
        <Icon name='right' size={14} />
      </Link>
    </li>
  )
}

/** Whose customers want another owner: by former owner and store, each a step away from handing all of them over. */
export const HandoversPage = () => {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery({
    queryKey: ['handovers'],
    queryFn: async ({ signal }) => (await request<{ items: Handover[] }>('GET', '/api/handovers', { signal })).items,
    staleTime: 0,
  })
  // The server has the most first; one person's stores stay together.
  const lines = data ? [...Map.groupBy(data, ({ ownerId }) => ownerId).values()].flat() : []
  return (
    <Page title={t('nav.handovers')} sub={t('handovers.sub')}>
      {error ? (
        <ErrorNote error={error}>
          <Button onClick={() => void refetch()}>{t('tryAgain')}</Button>
        </ErrorNote>
      ) : null}
      {error && !data ? null : (
        <div className='card'>
          {data ? null : <Bones widths={[60, 80, 70]} />}
          {data?.length === 0 ? (
            <Empty icon='check' title={t('handovers.none.title')}>
              {t('handovers.none.advice')}
            </Empty>
          ) : null}
          <ul className='lines'>
            {lines.map((handover) => (
              <Line key={`${handover.ownerId} ${handover.storeId}`} handover={handover} />
            ))}
          </ul>
        </div>
      )}
    </Page>
  )
}
