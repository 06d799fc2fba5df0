import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { catalogue } from '../../../domain/catalogue/all.ts'
import { consent } from '../../../domain/crm/consent.ts'
import { mayMarket } from '../../../domain/crm/mayMarket.ts'
import type { Lens, Look, RecordView } from '../../app/contract.ts'
import { request } from '../../app/request.ts'
import { useLabel, useValueText } from '../../catalogue/FieldValue.tsx'
import { Bones } from '../../ui/Bones.tsx'
import { Card } from '../../ui/Card.tsx'
import { formatDay, formatInstant, useShortTime } from '../../ui/formatTime.ts'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { channels, saidOf } from './consents.ts'
import { useBelow } from './useBelow.ts'

type Viewer = { key: string; name: string; reasons: string[]; count: number; last: string }

/** Looks of one person summed up, most first. */
const byViewer = (looks: Look[], unknown: string): Viewer[] => {
  const viewers = new Map<string, Viewer>()
  for (const look of looks) {
    const key = look.staffId ?? ''
    const viewer = viewers.get(key) ?? { key, name: look.staffName ?? unknown, reasons: [], count: 0, last: look.at }
    viewer.count += look.count ?? 1
    if (look.reason && !viewer.reasons.includes(look.reason)) viewer.reasons.push(look.reason)
    if (look.at > viewer.last) viewer.last = look.at
    viewers.set(key, viewer)
  }
  return [...viewers.values()].toSorted((a, b) => b.count - a.count)
}

const LookLine = ({ look }: { look: Look }) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const fields = (look.fields ?? []).flatMap((name) => {
    const field = (catalogue.customer.fields as Record<string, { label: { zh: string; en: string } }>)[name]
    return field ? [labelOf(field)] : []
  })
  return (
    <li>
      <span>
        {look.staffName ?? t('lens.someone')}{' '}
        <span className='faint'>{t(`acts.${look.action}` as 'acts.read', { defaultValue: look.action })}</span>
        {fields.length > 0 && fields.length < 5 ? <span className='faint'> · {fields.join(t('listComma'))}</span> : null}
        {look.reason ? <span className='tag'> {t(`reasons.${look.reason}` as 'reasons.other', { defaultValue: look.reason })}</span> : null}
      </span>
      <span className='faint small nowrap'>
        {formatInstant(look.at).slice(5)}
        {(look.count ?? 1) > 1 ? ` ×${look.count}` : ''}
      </span>
    </li>
  )
}

/** On what ground the data is held, and which channels the customer agreed to be written to by. */
const Standing = ({ customer }: { customer: RecordView }) => {
  const { t } = useTranslation()
  const text = useValueText()
  const { data } = useBelow(customer.id, 'consents')
  const basis = customer['basis']
  const said = saidOf(data?.items ?? [])
  const given = channels.filter((channel) => mayMarket(said, channel)).map((channel) => text(consent.fields.channel, channel))
  return (
    <>
      <dt>{t('lens.basis')}</dt>
      <dd>{typeof basis === 'string' ? text(catalogue.customer.fields.basis, basis) : t('lens.noBasis')}</dd>
      <dt>{t('lens.consents')}</dt>
      <dd>{!data ? '…' : given.length > 0 ? given.join(t('listComma')) : t('lens.noConsent')}</dd>
    </>
  )
}

/** Who saw this customer, when and why; on what ground and with which consents; which key protects them; when the data is due to go. */
export const PrivacyLens = ({ customer }: { customer: RecordView }) => {
  const { t } = useTranslation()
  const { id } = customer
  const shortTime = useShortTime()
  const [all, setAll] = useState(false)
  const { data, error } = useQuery({
    queryKey: ['customers', id, 'privacy'],
    queryFn: ({ signal }) => request<Lens>('GET', `/api/customers/${id}/privacy`, { signal }),
  })
  const looks = data?.looks ?? []
  const viewers = byViewer(looks, t('lens.someone'))
  const times = viewers.reduce((sum, viewer) => sum + viewer.count, 0)
  return (
    <Card title={t('lens.title')} aside={t('lens.aside')}>
      {error ? <ErrorNote error={error} /> : null}
      {!data && !error ? <Bones widths={[90, 60, 60]} /> : null}
      {data ? (
        <>
          <div className='row apart lens-head'>
            <b>{viewers.length === 0 ? t('lens.nobody') : t('lens.seen', { people: viewers.length, count: times })}</b>
            {looks.length > 0 ? (
              <button type='button' className='chip' aria-expanded={all} onClick={() => setAll(!all)}>
                {all ? t('lens.sum') : t('lens.each')}
              </button>
            ) : null}
          </div>
          <ul className='who-saw'>
            {all
              ? looks.slice(0, 60).map((look, i) => <LookLine key={i} look={look} />)
              : viewers.slice(0, 6).map((viewer) => (
                  <li key={viewer.key}>
                    <span>
                      {viewer.name}
                      {viewer.reasons.length > 0 ? (
                        <span className='faint'>
                          {' '}
                          ·{' '}
                          {viewer.reasons
                            .map((reason) => t(`reasons.${reason}` as 'reasons.other', { defaultValue: reason }))
                            .join(t('listComma'))}
                        </span>
                      ) : null}
                    </span>
                    <span className='faint small nowrap'>
                      {t('lens.times', { count: viewer.count })} · {shortTime(viewer.last)}
                    </span>
                  </li>
                ))}
          </ul>
          <dl className='facts lens-key'>
            <Standing customer={customer} />
            <dt>{t('lens.key')}</dt>
            <dd>
              {data.key ? (
                <>
                  <span className='mono'>{String(data.key.id).slice(0, 8)}</span> · {t('lens.epoch', { epoch: data.key.epoch })} ·{' '}
                  {t(`suites.${data.key.suite}` as 'suites.1', { defaultValue: String(data.key.suite) })}
                  <div className='faint small'>{t('lens.sealedAt', { day: formatDay(data.key.sealedAt) })}</div>
                </>
              ) : (
                t('lens.noKey')
              )}
            </dd>
            <dt>{t('lens.keep')}</dt>
            <dd>{data.retainUntil ? t('lens.until', { day: formatDay(data.retainUntil) }) : t('lens.whileCustomer')}</dd>
          </dl>
        </>
      ) : null}
    </Card>
  )
}
