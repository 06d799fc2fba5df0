import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '../../domain/catalogue/field.ts'
import { isMasked, type RecordView, type Shown } from '../app/contract.ts'
import { useDirectory } from '../app/directory.ts'
import { useLanguage } from '../app/preferences.ts'
import { formatInstant } from '../ui/formatTime.ts'
import { formatPhone } from '../ui/formatPhone.ts'
import { Highlight } from '../ui/Highlight.tsx'
import { CustomerName } from './CustomerName.tsx'
import { MaskedText } from './MaskedText.tsx'

/** Returns a field's label in the reader's language. */
export const useLabel = (): ((labelled: { label: { zh: string; en: string } }) => string) => {
  const language = useLanguage()
  return ({ label }) => (language === 'en' ? label.en : label.zh)
}

type Open = string | number | boolean
/** Writes one open value for who reads it. */
export type ValueText = (field: Field, value: Open) => string

/** Returns the text of one open value: references by name, choices by label, phones spaced. The same function until names or language change. */
export const useValueText = (): ValueText => {
  const { t } = useTranslation()
  const stores = useDirectory('store')
  const staff = useDirectory('staff')
  const language = useLanguage()
  return useCallback(
    (field, value) => {
      if (typeof value === 'boolean') return value ? t('yes') : t('no')
      if (typeof value === 'number') return String(value)
      if (field.kind === 'ref') return (field.to === 'store' ? stores : staff).nameOf(value) ?? t('unknownName')
      if (field.kind === 'choice') {
        const label = field.values?.[value]
        return label ? (language === 'en' ? label.en : label.zh) : value
      }
      if (field.kind === 'phone') return formatPhone(value)
      return field.kind === 'timestamp' ? formatInstant(value) : value
    },
    [t, stores, staff, language],
  )
}

const OwnText = ({ field, value, query }: { field: Field; value: Open; query: string }) => (
  <Highlight text={useValueText()(field, value)} query={query} />
)

/** Shows one value, open or masked. `text`: what writes it, where one is at hand for many: a list has hundreds of values. */
export const OneValue = ({
  field,
  value,
  query = '',
  text,
}: {
  field: Field
  value: Exclude<Shown, undefined | null | unknown[]>
  query?: string
  text?: ValueText
}) => {
  if (isMasked(value)) return <MaskedText text={value.masked} query={query} />
  if (field.to === 'customer') return <CustomerName id={String(value)} />
  return text ? (
    <Highlight text={text(field, value as Open)} query={query} />
  ) : (
    <OwnText field={field} value={value as Open} query={query} />
  )
}

/** Returns a field's values as a list, absent ones as an empty list. */
export const valuesOf = (record: RecordView, name: string): Exclude<Shown, undefined | null | unknown[]>[] => {
  const value = record[name]
  if (value === undefined || value === null || value === '') return []
  return Array.isArray(value) ? value : [value]
}
