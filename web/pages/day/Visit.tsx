import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { appointment } from '../../../domain/crm/appointment.ts'
import { customer as customers } from '../../../domain/crm/customer.ts'
import { none, type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import type { Use } from '../../../domain/policy/role.ts'
import type { RecordView } from '../../app/contract.ts'
import { useDirectory } from '../../app/directory.ts'
import { useActor, useScope } from '../../app/session.ts'
import { OneValue, useLabel, useValueText, valuesOf } from '../../catalogue/FieldValue.tsx'
import { plainOf } from '../../catalogue/plainOf.ts'
import { RevealText } from '../../catalogue/RevealText.tsx'
import { UseButtons } from '../../catalogue/UseButtons.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { StateTag } from './StateTag.tsx'
import { useTimes } from './useTimes.ts'
import { dayOf, today } from './week.ts'

const DoneDialog = lazy(async () => ({ default: (await import('./DoneDialog.tsx')).DoneDialog }))

const reach: readonly { field: 'addresses' | 'phones'; uses: readonly Use[] }[] = [
  { field: 'addresses', uses: ['navigate'] },
  { field: 'phones', uses: ['call', 'message'] },
]

/** One appointment of a day: when, with whom, what for, and the ways there, by phone and by road. */
export const Visit = ({ record, customer }: { record: RecordView; customer: RecordView | undefined }) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const text = useValueText()
  const actor = useActor()
  const staff = useDirectory('staff')
  const { span } = useTimes()
  const scope = useScope('appointment')
  const uses = useScope('customer')
  const [closing, setClosing] = useState(false)
  const rule = customer as unknown as RuleRow | undefined
  const name = plainOf(customer?.['name']) ?? '—'
  const state = String(record['state'])
  const others = valuesOf(record, 'assigneeIds').flatMap((id) => (id === actor.staffId ? [] : (staff.nameOf(id) ?? [])))
  const goes = valuesOf(record, 'assigneeIds').includes(actor.staffId)
  const isDue = dayOf(new Date(String(record['startsAt']))) <= today()
  const mayClose = state === 'planned' && isDue && rule !== undefined && satisfies(scope.actions.complete ?? none, rule)
  return (
    <li className='visit' data-state={state}>
      <div className='visit-time'>
        <time dateTime={String(record['startsAt'])}>{span(String(record['startsAt']), String(record['endsAt']))}</time>
        <span className='tag' data-tone='accent'>
          {text(appointment.fields.kind, String(record['kind']))}
        </span>
      </div>
      <div className='visit-who'>
        <h3>{customer ? <Link to={`/customers/${customer.id}`}>{name}</Link> : name}</h3>
        <StateTag record={record} />
        {others.length > 0 ? (
          <span className='faint small'>{t(goes ? 'day.with' : 'day.who', { names: others.join(t('listComma')) })}</span>
        ) : null}
      </div>
      {customer && rule && state !== 'cancelled' ? (
        <div className='visit-reach'>
          {reach.flatMap(({ field, uses: shown }) => {
            const [value] = valuesOf(customer, field)
            if (value === undefined) return []
            return (
              <span key={field} className='visit-way'>
                <span className='clip'>
                  <OneValue field={customers.fields[field]} value={value} />
                </span>
                {satisfies(uses.fields[field]?.use ?? none, rule) ? (
                  <UseButtons
                    path='customers'
                    id={customer.id}
                    about={customer.id}
                    name={field}
                    field={customers.fields[field]}
                    label={`${labelOf(customers.fields[field])} · ${name}`}
                    index={0}
                    many={false}
                    only={shown}
                  />
                ) : null}
              </span>
            )
          })}
        </div>
      ) : null}
      {plainOf(record['note']) ? (
        <p className='said visit-note'>
          <RevealText
            path='appointments'
            record={record}
            name='note'
            label={labelOf(appointment.fields.note)}
            mayReveal={rule !== undefined && satisfies(scope.fields['note']?.reveal ?? none, rule)}
          />
        </p>
      ) : null}
      {mayClose ? (
        <Button
          className='visit-done'
          icon={<Icon name='check' size={16} />}
          aria-label={t('day.doneFor', { name })}
          onClick={() => setClosing(true)}
        >
          {t('day.done')}
        </Button>
      ) : null}
      {closing ? (
        <Suspense>
          <DoneDialog record={record} name={name} onClose={() => setClosing(false)} />
        </Suspense>
      ) : null}
    </li>
  )
}
