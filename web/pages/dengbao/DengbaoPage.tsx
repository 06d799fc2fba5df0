import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { idleEndMinutes, passwordDays } from '../../../domain/compliance/dengbao.ts'
import { request } from '../../app/request.ts'
import { sessionKey, useDuty } from '../../app/session.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Card } from '../../ui/Card.tsx'
import { Page } from '../../ui/Page.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import '../exports/exports.css'
import '../people/people.css'
import { type Dengbao, DengbaoItem } from './DengbaoItem.tsx'

const dengbaoKey = ['dengbao'] as const

const ProfileCard = ({ on, people }: { on: boolean; people: number }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const manages = useDuty('access.manage')
  const [asking, setAsking] = useState(false)
  const change = useMutation({
    mutationFn: () => request<Dengbao>('PUT', '/api/dengbao', { body: { on: !on } }),
    onSuccess: (answer) => {
      setAsking(false)
      client.setQueryData(dengbaoKey, answer)
      say(t(answer.profile ? 'dengbao.switchedOn' : 'dengbao.switchedOff'))
      void client.invalidateQueries({ queryKey: sessionKey })
    },
    gcTime: 0,
  })
  const asks = (
    <ul className='dots'>
      <li>{t('dengbao.asks.password', { days: passwordDays })}</li>
      <li>{t('dengbao.asks.kinds')}</li>
      <li>{t('dengbao.asks.factor')}</li>
      <li>{t('dengbao.asks.idle', { minutes: idleEndMinutes })}</li>
    </ul>
  )
  return (
    <Card
      title={t('dengbao.profile')}
      aside={
        <span className='tag' data-tone={on ? 'ok' : undefined}>
          {t(on ? 'dengbao.on' : 'dengbao.off')}
        </span>
      }
    >
      <div className='stack tight'>
        <p className='quiet'>{t(on ? 'dengbao.asksNow' : 'dengbao.wouldAsk', { count: people })}</p>
        {asks}
        {manages ? (
          <div className='row'>
            <Button type={on ? 'default' : 'primary'} onClick={() => setAsking(true)}>
              {t(on ? 'dengbao.switchOff' : 'dengbao.switchOn')}
            </Button>
          </div>
        ) : null}
      </div>
      <Modal
        open={asking}
        width={460}
        title={t(on ? 'dengbao.offAsk' : 'dengbao.onAsk')}
        okText={t(on ? 'dengbao.switchOff' : 'dengbao.switchOn')}
        cancelText={t('cancel')}
        confirmLoading={change.isPending}
        onOk={() => change.mutate()}
        onCancel={() => {
          setAsking(false)
          change.reset()
        }}
      >
        <div className='stack tight'>
          <p>{t(on ? 'dengbao.offWhat' : 'dengbao.onWhat', { count: people })}</p>
          {on ? null : asks}
          {change.isError ? <ErrorNote error={change.error} /> : null}
        </div>
      </Modal>
    </Card>
  )
}

/** How the installation stands to each item of 等保, counted now; and the switch for what it asks beyond what the product does for everybody. */
export const DengbaoPage = () => {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery({
    queryKey: dengbaoKey,
    queryFn: ({ signal }) => request<Dengbao>('GET', '/api/dengbao', { signal }),
    staleTime: 0,
  })
  const count = (verdict: string): number => data?.items.filter((item) => item.verdict === verdict).length ?? 0
  return (
    <Page title={t('nav.dengbao')} sub={t('dengbao.sub')}>
      {error ? (
        <ErrorNote error={error}>
          <Button onClick={() => void refetch()}>{t('tryAgain')}</Button>
        </ErrorNote>
      ) : null}
      {data ? (
        <div className='stack'>
          <div className='card'>
            <dl className='tally'>
              {(['met', 'deviates', 'unmet'] as const).map((verdict) => (
                <div key={verdict}>
                  <dt>{t(`dengbao.verdicts.${verdict}`)}</dt>
                  <dd>{count(verdict)}</dd>
                </div>
              ))}
            </dl>
          </div>
          <ProfileCard on={data.profile} people={data.people} />
          <Card title={t('dengbao.items')}>
            <ul className='lines'>
              {data.items.map((item) => (
                <DengbaoItem key={item.ref} item={item} />
              ))}
            </ul>
          </Card>
        </div>
      ) : error ? null : (
        <div className='card'>
          <Bones widths={[60, 80, 70, 75, 65]} />
        </div>
      )}
    </Page>
  )
}
