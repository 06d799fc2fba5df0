import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input, Popover } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { customer } from '../../../domain/crm/customer.ts'
import { exportPurposes } from '../../../domain/export/terms.ts'
import type { AskedExport } from '../../app/contract.ts'
import { useDirectory } from '../../app/directory.ts'
import { request } from '../../app/request.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { Card } from '../../ui/Card.tsx'
import { Field } from '../../ui/Field.tsx'
import { formatInstant } from '../../ui/formatTime.ts'
import { say } from '../../ui/toast.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'

const tones: Record<AskedExport['state'], string | undefined> = {
  open: 'warn',
  approved: 'ok',
  refused: 'danger',
  expired: undefined,
  cancelled: undefined,
}

/** Asks why somebody refuses: whoever asked reads it. */
const Refusing = ({ onRefuse }: { onRefuse: (reason: string) => void }) => {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger='click'
      placement='bottomRight'
      destroyOnHidden
      content={
        <div className='ask stack tight' role='dialog' aria-label={t('exports.refuseAsk')}>
          <Field label={t('exports.refuseAsk')} hint={t('exports.refuseHint')}>
            {(ties) => <Input {...ties} autoFocus value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />}
          </Field>
          <Button danger onClick={() => (setOpen(false), onRefuse(reason))}>
            {t('exports.refuse')}
          </Button>
        </div>
      }
    >
      <Button size='small' aria-haspopup='dialog' aria-expanded={open}>
        {t('exports.refuse')}
      </Button>
    </Popover>
  )
}

const Line = ({ asked }: { asked: AskedExport }) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const staff = useDirectory('staff')
  const stores = useDirectory('store')
  const client = useQueryClient()
  const decide = useMutation({
    mutationFn: ({ verdict, reason }: { verdict: 'approve' | 'refuse'; reason?: string }) =>
      request('POST', `/api/approvals/${asked.id}`, { body: { verdict, ...(reason?.trim() ? { reason: reason.trim() } : {}) } }),
    onSuccess: (_, { verdict }) => say(t(verdict === 'approve' ? 'exports.agreed' : 'exports.refused')),
    onSettled: () => void client.invalidateQueries({ queryKey: ['exports'] }),
    gcTime: 0,
  })
  const nameOf = (id: string): string => staff.nameOf(id) ?? t('unknownName')
  const fields = asked.fields.flatMap((name) => (customer.fields[name as 'name'] ? [labelOf(customer.fields[name as 'name'])] : []))
  return (
    <li>
      <div className='grow stack tight'>
        <div className='row'>
          <b>{t('exports.askedBy', { name: nameOf(asked.askedBy), what: t('exports.rows', { count: asked.rows }) })}</b>
          <span className='tag' data-tone={tones[asked.state]}>
            {t(`exports.approvalStates.${asked.state}`)}
          </span>
          {asked.deviation ? (
            <span className='tag' data-tone='warn'>
              {t('exports.deviation')}
            </span>
          ) : null}
        </div>
        <div className='small'>
          {labelOf({ label: exportPurposes[asked.purpose] })}
          {asked.note ? ` ${t('exports.reason', { text: asked.note })}` : ''}
        </div>
        <div className='small quiet'>
          {formatInstant(asked.askedAt)} · {t(`exports.formats.${asked.format}`)} · {fields.join(t('listComma'))}
        </div>
        {asked.stores.length > 0 ? (
          <div className='small quiet'>
            {asked.stores
              .map(({ id, count }) => t('exports.ofStores', { name: stores.nameOf(id) ?? t('unknownName'), count }))
              .join(t('listComma'))}
          </div>
        ) : null}
        {asked.decidedBy ? (
          <div className='small faint'>
            {t(asked.state === 'refused' ? 'exports.refusedBy' : 'exports.agreedBy', { name: nameOf(asked.decidedBy) })} ·{' '}
            {formatInstant(asked.decidedAt)}
          </div>
        ) : null}
        {asked.state === 'open' && !asked.mine ? (
          <div className='small quiet'>
            {asked.selfAfter ? t('exports.selfAt', { at: formatInstant(asked.selfAfter) }) : t('errors.own_request.advice')}
          </div>
        ) : null}
        {decide.isError ? <ErrorNote error={decide.error} /> : null}
      </div>
      {asked.mine ? (
        <div className='row'>
          <Button size='small' type='primary' loading={decide.isPending} onClick={() => decide.mutate({ verdict: 'approve' })}>
            {t(asked.own ? 'exports.agreeSelf' : 'exports.agree')}
          </Button>
          <Refusing onRefuse={(reason) => decide.mutate({ verdict: 'refuse', reason })} />
        </div>
      ) : null}
    </li>
  )
}

/** What waits for one's agreement, with the facts to decide by, and what was decided of late: a small shop's deviations among it. */
export const ApprovalsCard = () => {
  const { t } = useTranslation()
  const { data, error } = useQuery({
    queryKey: ['exports', 'approvals'],
    queryFn: ({ signal }) => request<{ items: AskedExport[] }>('GET', '/api/approvals', { signal }),
    refetchInterval: 15_000,
  })
  const open = data?.items.filter(({ state }) => state === 'open') ?? []
  const decided = data?.items.filter(({ state }) => state !== 'open') ?? []
  return (
    <Card title={t('exports.approvals')} aside={open.length > 0 ? String(open.length) : undefined}>
      {error ? <ErrorNote error={error} /> : null}
      {data && open.length === 0 ? <p className='quiet'>{t('exports.approvalsNone')}</p> : null}
      <ul className='lines'>
        {open.map((asked) => (
          <Line key={asked.id} asked={asked} />
        ))}
      </ul>
      {decided.length > 0 ? (
        <details>
          <summary className='small quiet'>{t('exports.decided')}</summary>
          <ul className='lines'>
            {decided.map((asked) => (
              <Line key={asked.id} asked={asked} />
            ))}
          </ul>
        </details>
      ) : null}
    </Card>
  )
}
