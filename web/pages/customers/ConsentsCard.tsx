import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { consent } from '../../../domain/crm/consent.ts'
import { mayMarket, newestConsent } from '../../../domain/crm/mayMarket.ts'
import { type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import type { RecordView } from '../../app/contract.ts'
import { useDirectory } from '../../app/directory.ts'
import { useScope } from '../../app/session.ts'
import { useLabel, useValueText, valuesOf } from '../../catalogue/FieldValue.tsx'
import { RevealText } from '../../catalogue/RevealText.tsx'
import { Bones } from '../../ui/Bones.tsx'
import { Card } from '../../ui/Card.tsx'
import { DamagedNote } from '../../ui/DamagedNote.tsx'
import { formatDay, formatInstant } from '../../ui/formatTime.ts'
import { Icon, type IconName } from '../../ui/Icon.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { ConsentPicker } from './ConsentPicker.tsx'
import { channels, saidOf } from './consents.ts'
import { useBelow } from './useBelow.ts'

const icons: Readonly<Record<string, IconName>> = { call: 'call', sms: 'sms', wechat: 'wechat', email: 'email', post: 'home' }
const tones: Readonly<Record<string, string>> = { given: 'ok', withdrawn: 'danger' }
const { channel: channelField, how: howField, note: noteField } = consent.fields

/** Which of the two the newest word about a channel was; unknown where there never was one. */
const StateTag = ({ state }: { state: string | null }) => {
  const { t } = useTranslation()
  const text = useValueText()
  return (
    <span className='tag' data-tone={state ? tones[state] : undefined}>
      {state ? text(consent.fields.state, state) : t('consents.unknown')}
    </span>
  )
}

const History = ({ items, mayReveal }: { items: readonly RecordView[]; mayReveal: boolean }) => {
  const labelOf = useLabel()
  const text = useValueText()
  const staff = useDirectory('staff')
  return (
    <ol className='consent-history'>
      {items.map((item) => (
        <li key={item.id}>
          <span className='row'>
            <b>{text(channelField, String(item['channel']))}</b>
            <StateTag state={String(item['state'])} />
            <span className='faint small'>
              {formatInstant(String(item['happenedAt']))} · {text(howField, String(item['how']))} · {staff.nameOf(item['staffId'])}
            </span>
          </span>
          {valuesOf(item, 'note').length > 0 ? (
            <span className='small quiet'>
              <RevealText path='consents' record={item} name='note' label={labelOf(noteField)} mayReveal={mayReveal} />
            </span>
          ) : null}
        </li>
      ))}
    </ol>
  )
}

/** What a customer said about being written to and called for marketing, by channel. What was said is never changed: a mistake is answered by a new record. */
export const ConsentsCard = ({ customer, closed }: { customer: RecordView; closed: boolean }) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const text = useValueText()
  const staff = useDirectory('staff')
  const scope = useScope('consent')
  const [all, setAll] = useState(false)
  const { data, error } = useBelow(customer.id, 'consents')
  const mayAdd = !closed && satisfies(scope.actions.create ?? { kind: 'none' }, customer as unknown as RuleRow)
  const mayReveal = satisfies(scope.fields['note']?.reveal ?? { kind: 'none' }, customer as unknown as RuleRow)
  const items = data?.items ?? []
  const said = saidOf(items)
  const list = (allowed: boolean): string =>
    channels
      .filter((channel) => mayMarket(said, channel) === allowed)
      .map((channel) => text(channelField, channel))
      .join(t('listComma'))
  const [may, mayNot] = [list(true), list(false)]
  const history = (
    <button type='button' className='chip' aria-expanded={all} onClick={() => setAll(!all)}>
      {all ? t('consents.hide') : t('consents.history', { count: items.length })}
    </button>
  )
  return (
    <Card title={t('consents.title')} aside={items.length > 0 ? history : undefined}>
      {error ? <ErrorNote error={error} /> : null}
      {!data && !error ? <Bones widths={[80, 60, 60]} /> : null}
      <DamagedNote ids={data?.damaged} />
      {data ? (
        <>
          <p className='consent-sum'>
            {may === '' ? t('consents.none') : t('consents.may', { channels: may })}
            {may !== '' && mayNot !== '' ? t('consents.mayNot', { channels: mayNot }) : ''}
          </p>
          <ul className='consents'>
            {channels.map((channel) => {
              const newest = newestConsent(said, channel)
              const label = labelOf({ label: channelField.values![channel]! })
              return (
                <li key={channel}>
                  <Icon name={icons[channel] ?? 'note'} size={16} />
                  <span className='grow'>
                    <span className='row'>
                      {label} <StateTag state={newest?.state ?? null} />
                    </span>
                    {newest ? (
                      <span className='faint small'>
                        {formatDay(newest.happenedAt)} · {text(howField, newest.how)}
                        {staff.nameOf(newest.staffId) ? ` · ${staff.nameOf(newest.staffId)}` : ''}
                      </span>
                    ) : null}
                  </span>
                  {mayAdd ? <ConsentPicker customerId={customer.id} channel={channel} label={label} /> : null}
                </li>
              )
            })}
          </ul>
          {all ? <History items={items} mayReveal={mayReveal} /> : null}
        </>
      ) : null}
    </Card>
  )
}
