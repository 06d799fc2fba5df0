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

/** Returns the text of one open value: references by name, choices by label, phones spaced. */
export const useValueText = (): ((field: Field, value: string | number | boolean) => string) => {
  const { t } = useTranslation()
  const stores = useDirectory('store')
  const staff = useDirectory('staff')
  const label = useLabel()
  return (field, value) => {
    if (typeof value === 'boolean') return value ? t('yes') : t('no')
    if (typeof value === 'number') return String(value)
    if (field.kind === 'ref') return (field.to === 'store' ? stores : staff).nameOf(value) ?? t('unknownName')
    if (field.kind === 'choice') return field.values?.[value] ? label({ label: field.values[value] }) : value
    if (field.kind === 'phone') return formatPhone(value)
    return field.kind === 'timestamp' ? formatInstant(value) : value
  }
}

/** Shows one value, open or masked. */
export const OneValue = ({
  field,
  value,
  query = '',
}: {
  field: Field
  value: Exclude<Shown, undefined | null | unknown[]>
  query?: string
}) => {
  const text = useValueText()
  if (isMasked(value)) return <MaskedText text={value.masked} query={query} />
  if (field.to === 'customer') return <CustomerName id={String(value)} />
  return <Highlight text={text(field, value as string | number | boolean)} query={query} />
}

/** Returns a field's values as a list, absent ones as an empty list. */
export const valuesOf = (record: RecordView, name: string): Exclude<Shown, undefined | null | unknown[]>[] => {
  const value = record[name]
  if (value === undefined || value === null || value === '') return []
  return Array.isArray(value) ? value : [value]
}
