import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { ExportStatus } from '../../app/contract.ts'
import { request } from '../../app/request.ts'
import { useDuty } from '../../app/session.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Card } from '../../ui/Card.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { ApprovalsCard } from './ApprovalsCard.tsx'
import { ExportItem } from './ExportItem.tsx'
import { LinksCard } from './LinksCard.tsx'
import { LimitsCard } from './LimitsCard.tsx'
import './exports.css'

const moving = new Set(['waiting', 'queued', 'running'])

/** What one took out of the house, and what waits for one's agreement. */
export const ExportsPage = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const mayAgree = useDuty('access.approve')
  const mayManage = useDuty('access.manage')
  const { data, error } = useQuery({
    queryKey: ['exports', 'mine'],
    queryFn: ({ signal }) => request<{ items: ExportStatus[] }>('GET', '/api/exports', { signal }),
    // Others decide and the worker works: what moves is asked for again.
    refetchInterval: ({ state }) => (state.data?.items.some((one) => moving.has(one.state)) ? 1_500 : 30_000),
  })
  return (
    <Page title={t('nav.exports')} sub={t('exports.sub')}>
      <div className='stack narrow'>
        {mayAgree ? <ApprovalsCard /> : null}
        <Card title={t('exports.mine')}>
          {error ? <ErrorNote error={error} /> : null}
          {!data && !error ? <Bones widths={[70, 50, 60]} /> : null}
          {data?.items.length === 0 ? (
            <Empty
              icon='download'
              title={t('exports.none')}
              actions={<Button onClick={() => void navigate('/customers')}>{t('exports.toList')}</Button>}
            >
              {t('exports.noneAdvice')}
            </Empty>
          ) : null}
          <ul className='lines'>
            {data?.items.map((one) => (
              <ExportItem key={one.id} of={one} />
            ))}
          </ul>
        </Card>
        <LinksCard />
        {mayManage ? <LimitsCard /> : null}
      </div>
    </Page>
  )
}
