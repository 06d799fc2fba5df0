import { useTranslation } from 'react-i18next'
import type { Field } from '../../domain/catalogue/field.ts'
import { isMasked, type RecordView } from '../app/contract.ts'
import { formatPhone } from '../ui/formatPhone.ts'
import { Countdown } from './Countdown.tsx'
import { OneValue, useLabel, valuesOf } from './FieldValue.tsx'
import { RevealAsk } from './RevealAsk.tsx'
import { UseButtons } from './UseButtons.tsx'
import { useReveal } from './useReveal.ts'

type FieldRowProps = { path: string; record: RecordView; name: string; field: Field; mayReveal: boolean; mayUse: boolean }

/** One field of a record: label, values, and in place whatever may be done with them: reveal for 60 s, call, copy, navigate. */
export const FieldRow = ({ path, record, name, field, mayReveal, mayUse }: FieldRowProps) => {
  const { t } = useTranslation()
  const label = useLabel()(field)
  const reveal = useReveal(path, record.id)
  const values = valuesOf(record, name)
  const hidden = values.some(isMasked)
  const open = reveal.values?.[name]
  const opened = open === undefined || open === null ? null : Array.isArray(open) ? open : [open]
  const ask =
    !hidden || !mayReveal ? null : opened ? (
      <button type='button' className='chip' onClick={reveal.hide}>
        {t('reveal.hide')}
      </button>
    ) : (
      <RevealAsk reveal={reveal} fields={[name]} label={label} />
    )
  return (
    <>
      <dt>{label}</dt>
      <dd className='field-row'>
        {values.length === 0 ? <span className='faint'>{t('notGiven')}</span> : null}
        {values.map((value, i) => (
          <span key={i} className={field.kind === 'longText' && !hidden ? 'value long' : 'value'}>
            {opened?.[i] === undefined ? (
              <OneValue field={field} value={value} />
            ) : (
              <span className='reveal' role='status'>
                <Countdown left={reveal.left} />
                <b>{field.kind === 'phone' ? formatPhone(opened[i]) : opened[i]}</b>
              </span>
            )}
            {values.length === 1 ? ask : null}
            {mayUse ? (
              <UseButtons
                path={path}
                id={record.id}
                about={typeof record['customerId'] === 'string' ? record['customerId'] : record.id}
                name={name}
                field={field}
                label={label}
                index={i}
                many={values.length > 1}
              />
            ) : null}
          </span>
        ))}
        {values.length > 1 ? ask : null}
      </dd>
    </>
  )
}
