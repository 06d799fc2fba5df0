import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { customer } from '../../../domain/crm/customer.ts'
import type { ShareLine } from '../../app/contract.ts'
import { useDirectory } from '../../app/directory.ts'
import { request } from '../../app/request.ts'
import { useActor } from '../../app/session.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { Card } from '../../ui/Card.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { formatInstant } from '../../ui/formatTime.ts'
import { say } from '../../ui/toast.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'

const Line = ({ of }: { of: ShareLine }) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const actor = useActor()
  const staff = useDirectory('staff')
  const client = useQueryClient()
  const recall = useMutation({
    mutationFn: () => request('POST', `/api/shares/${of.id}/recall`),
    onSuccess: () => say(t('shares.recalled')),
    onSettled: () => void client.invalidateQueries({ queryKey: ['exports', 'shares'] }),
    gcTime: 0,
  })
  const opened = of.openings.filter(({ outcome }) => outcome === 'opened').length
  const fields = of.fields.flatMap((name) => (customer.fields[name as 'name'] ? [labelOf(customer.fields[name as 'name'])] : []))
  return (
    <li>
      <div className='grow stack tight'>
        <div className='row'>
          <b>{t('shares.forWhom', { name: of.recipient.name })}</b>
          <span className='tag' data-tone={of.state === 'open' ? 'accent' : undefined}>
            {t(`shares.states.${of.state}`)}
          </span>
          {of.recipient.contact ? <span className='small quiet'>{of.recipient.contact}</span> : null}
        </div>
        <div className='small quiet'>
          {of.kind === 'customer' ? <Link to={`/customers/${of.target}`}>{t('shares.ofCustomer')}</Link> : t('shares.ofExport')} ·{' '}
          {fields.join(t('listComma'))}
        </div>
        <div className='small faint'>
          {formatInstant(of.createdAt)}
          {of.staffId === actor.staffId ? '' : ` · ${t('shares.byWhom', { name: staff.nameOf(of.staffId) ?? t('unknownName') })}`}
          {of.state === 'open' ? ` · ${t('shares.until', { at: formatInstant(of.expiresAt) })}` : ''}
        </div>
        {of.openings.length === 0 ? (
          <div className='small faint'>{t('shares.neverOpened')}</div>
        ) : (
          <details>
            <summary className='small'>{opened === 0 ? t('shares.neverOpened') : t('shares.openedTimes', { count: opened })}</summary>
            <ul className='small quiet openings'>
              {of.openings.map(({ at, outcome, from }, i) => (
                <li key={i}>
                  {formatInstant(at)} {t(`shares.outcomes.${outcome}`)}
                  {from ? ` ${t('shares.from', { address: from })}` : ''}
                </li>
              ))}
            </ul>
          </details>
        )}
        {recall.isError ? <ErrorNote error={recall.error} /> : null}
      </div>
      {of.state === 'open' ? (
        <Popconfirm
          title={t('shares.recallAsk')}
          description={<span className='popconfirm-text'>{t('shares.recallWhat')}</span>}
          okText={t('shares.recall')}
          cancelText={t('cancel')}
          okButtonProps={{ danger: true }}
          onConfirm={() => recall.mutate()}
        >
          <Button size='small' loading={recall.isPending}>
            {t('shares.recall')}
          </Button>
        </Popconfirm>
      ) : null}
    </li>
  )
}

/** The links one made (everybody's, for who answers for them), who opened them, and the way back. */
export const LinksCard = () => {
  const { t } = useTranslation()
  const { data, error } = useQuery({
    queryKey: ['exports', 'shares'],
    queryFn: ({ signal }) => request<{ items: ShareLine[] }>('GET', '/api/shares', { signal }),
    refetchInterval: 30_000,
  })
  return (
    <Card title={t('shares.links')}>
      {error ? <ErrorNote error={error} /> : null}
      {data?.items.length === 0 ? (
        <Empty icon='globe' title={t('shares.none')}>
          {t('shares.noneAdvice')}
        </Empty>
      ) : null}
      <ul className='lines'>
        {data?.items.map((one) => (
          <Line key={one.id} of={one} />
        ))}
      </ul>
    </Card>
  )
}
