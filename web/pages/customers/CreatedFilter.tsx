import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createdStretches } from '../../../domain/preference/created.ts'

const names = Object.keys(createdStretches) as (keyof typeof createdStretches)[]

/** When a record was made: a stretch that ends today, or two days. */
export const CreatedFilter = ({ value, onChange }: { value: string | null; onChange: (value: string | null) => void }) => {
  const { t } = useTranslation()
  const [isBetween, setIsBetween] = useState(false)
  const days = value?.includes('..') ? value.split('..') : null
  const [from = '', to = ''] = days ?? []
  const shown = days || isBetween ? 'between' : value
  const set = (first: string, last: string) => onChange(first === '' && last === '' ? null : `${first}..${last}`)
  return (
    <>
      <Select
        className='pick-filter'
        aria-label={t('filters.created')}
        placeholder={t('filters.created')}
        allowClear
        value={shown}
        options={[...names, 'between' as const].map((one) => ({ value: one, label: t(`filters.stretches.${one}`) }))}
        onChange={(chosen: string | null | undefined) => {
          setIsBetween(chosen === 'between')
          if (chosen !== 'between') onChange(chosen ?? null)
        }}
        popupMatchSelectWidth={false}
      />
      {shown === 'between' ? (
        <span className='row nowrap-row days'>
          <input
            type='date'
            aria-label={t('filters.from')}
            value={from}
            max={to || undefined}
            onChange={(event) => set(event.target.value, to)}
          />
          <span aria-hidden='true'>–</span>
          <input
            type='date'
            aria-label={t('filters.to')}
            value={to}
            min={from || undefined}
            onChange={(event) => set(from, event.target.value)}
          />
        </span>
      ) : null}
    </>
  )
}
