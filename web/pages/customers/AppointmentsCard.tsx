import { Dropdown } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { appointment } from '../../../domain/crm/appointment.ts'
import { none, type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import type { Action } from '../../../domain/policy/role.ts'
import type { RecordView } from '../../app/contract.ts'
import { useDirectory } from '../../app/directory.ts'
import { useScope } from '../../app/session.ts'
import { useLabel, useValueText, valuesOf } from '../../catalogue/FieldValue.tsx'
import { plainOf } from '../../catalogue/plainOf.ts'
import { RevealText } from '../../catalogue/RevealText.tsx'
import { Bones } from '../../ui/Bones.tsx'
import { Card } from '../../ui/Card.tsx'
import { DamagedNote } from '../../ui/DamagedNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { useCancel } from '../day/appointments.ts'
import { StateTag } from '../day/StateTag.tsx'
import { useTimes } from '../day/useTimes.ts'
import { dayOf, isPast, today } from '../day/week.ts'
import { useBelow } from './useBelow.ts'
import '../day/day.css'

const AppointmentDialog = lazy(async () => ({ default: (await import('../day/AppointmentDialog.tsx')).AppointmentDialog }))
const DoneDialog = lazy(async () => ({ default: (await import('../day/DoneDialog.tsx')).DoneDialog }))

type Act = { kind: 'edit' | 'done'; record: RecordView } | { kind: 'new' }

type ItemProps = { record: RecordView; may: (action: Action) => boolean; mayReveal: boolean; closed: boolean; onAct: (act: Act) => void }

const Item = ({ record, may, mayReveal, closed, onAct }: ItemProps) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const text = useValueText()
  const staff = useDirectory('staff')
  const cancel = useCancel()
  const { dayName, span } = useTimes()
  const kind = text(appointment.fields.kind, String(record['kind']))
  const who = valuesOf(record, 'assigneeIds').map((id) => staff.nameOf(id) ?? t('unknownName'))
  const day = dayOf(new Date(String(record['startsAt'])))
  const isOpen = record['state'] === 'planned' && !closed
  const acts = [
    ...(isOpen && may('complete') && day <= today() ? [{ key: 'done', label: t('day.done'), icon: <Icon name='check' size={15} /> }] : []),
    ...(isOpen && may('update') ? [{ key: 'edit', label: t('appointments.move'), icon: <Icon name='note' size={15} /> }] : []),
    ...(isOpen && may('update')
      ? [{ key: 'cancel', danger: true, label: t('appointments.cancel'), icon: <Icon name='close' size={15} /> }]
      : []),
  ]
  const when = `${dayName(day)} ${span(String(record['startsAt']), String(record['endsAt']))}`
  return (
    <li data-state={String(record['state'])}>
      <span className='grow'>
        <span className='row'>
          <b>{when}</b> <StateTag record={record} />
        </span>
        <span className='small faint'>
          {kind} · {who.join(t('listComma'))}
        </span>
        {plainOf(record['note']) ? (
          <span className='said small'>
            <RevealText path='appointments' record={record} name='note' label={labelOf(appointment.fields.note)} mayReveal={mayReveal} />
          </span>
        ) : null}
      </span>
      {acts.length > 0 ? (
        <Dropdown
          trigger={['click']}
          menu={{
            items: acts,
            onClick: ({ key }) => (key === 'cancel' ? cancel.mutate(record) : onAct({ kind: key === 'done' ? 'done' : 'edit', record })),
          }}
        >
          <button type='button' className='chip bare' aria-label={t('appointments.moreFor', { when })} aria-haspopup='menu'>
            <Icon name='more' size={16} />
          </button>
        </Dropdown>
      ) : null}
    </li>
  )
}

/** When somebody meets this customer, and when they did. `closed`: the customer is in the trash, so nothing is agreed on. */
export const AppointmentsCard = ({ customer, closed }: { customer: RecordView; closed: boolean }) => {
  const { t } = useTranslation()
  const scope = useScope('appointment')
  const { data, error } = useBelow(customer.id, 'appointments')
  const [act, setAct] = useState<Act | null>(null)
  const [all, setAll] = useState(false)
  const rule = customer as unknown as RuleRow
  const may = (action: Action): boolean => satisfies(scope.actions[action] ?? none, rule)
  const items = data?.items ?? []
  const isNext = (one: RecordView): boolean => one['state'] === 'planned' || !isPast(String(one['endsAt']))
  const next = items.filter(isNext).toReversed()
  const past = items.filter((one) => !isNext(one))
  const name = plainOf(customer['name']) ?? '—'
  const close = (): void => setAct(null)
  const item = (record: RecordView) => (
    <Item
      key={record.id}
      record={record}
      may={may}
      mayReveal={satisfies(scope.fields['note']?.reveal ?? none, rule)}
      closed={closed}
      onAct={setAct}
    />
  )
  const add =
    !closed && may('create') ? (
      <button type='button' className='chip' onClick={() => setAct({ kind: 'new' })}>
        <Icon name='plus' size={13} />
        {t('appointments.add')}
      </button>
    ) : undefined
  return (
    <Card title={t('appointments.title')} aside={add}>
      {error ? <ErrorNote error={error} /> : null}
      {!data && !error ? <Bones widths={[60, 70]} /> : null}
      {data && next.length === 0 ? <p className='faint'>{t('appointments.none')}</p> : null}
      <DamagedNote ids={data?.damaged} />
      <ul className='meetings'>{next.map(item)}</ul>
      {past.length > 0 ? (
        <button type='button' className='chip' aria-expanded={all} onClick={() => setAll(!all)}>
          {t('appointments.past', { count: past.length })}
        </button>
      ) : null}
      {all ? <ul className='meetings'>{past.map(item)}</ul> : null}
      <Suspense>
        {act?.kind === 'done' ? <DoneDialog record={act.record} name={name} onClose={close} /> : null}
        {act && act.kind !== 'done' ? (
          <AppointmentDialog customer={customer} name={name} record={act.kind === 'edit' ? act.record : null} onClose={close} />
        ) : null}
      </Suspense>
    </Card>
  )
}
