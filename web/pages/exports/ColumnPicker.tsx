import { useTranslation } from 'react-i18next'
import { customer } from '../../../domain/crm/customer.ts'
import type { OfferedColumn } from '../../../domain/export/columns.ts'
import type { ExportFormat } from '../../../domain/export/terms.ts'
import type { ExportPreview } from '../../app/contract.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'

type ColumnPickerProps = {
  offered: readonly OfferedColumn[]
  chosen: readonly string[]
  format: ExportFormat
  preview: ExportPreview | undefined
  onChoose: (names: string[]) => void
}

/** The columns that can leave, and for each chosen one in how many rows its value does: what is masked is said before anything is made. */
export const ColumnPicker = ({ offered, chosen, format, preview, onChoose }: ColumnPickerProps) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const wordsOf = (name: string): string => {
    const found = preview?.columns.find((column) => column.name === name)
    if (!found || preview!.count === 0 || !chosen.includes(name)) return ''
    if (found.masked === 0) return t('exports.allOpen')
    if (format === 'vcard') return t('exports.leftOut', { count: found.masked })
    if (found.open === 0) return t('exports.allMasked')
    return [t('exports.open', { count: found.open }), t('exports.masked', { count: found.masked })].join(t('listComma'))
  }
  const toggle = (name: string): void => {
    const after = chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]
    // In the order of the catalogue, whatever the order of the clicks.
    onChoose(offered.map((column) => column.name).filter((one) => after.includes(one)))
  }
  return (
    <fieldset className='export-columns'>
      <legend>{t('exports.columns')}</legend>
      {offered.map((column) => (
        <label key={column.name}>
          <input
            type='checkbox'
            checked={chosen.includes(column.name)}
            // A row without a name is nobody's, and a card cannot be without one.
            disabled={column.name === 'name'}
            onChange={() => toggle(column.name)}
          />
          <span className='grow'>
            {labelOf(customer.fields[column.name as 'name'])}
            {column.class === 'personal' ? <span className='faint small'> · {t('exports.personal')}</span> : null}
          </span>
          <span className='small quiet'>{wordsOf(column.name)}</span>
        </label>
      ))}
    </fieldset>
  )
}
