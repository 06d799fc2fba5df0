import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Card } from '../../ui/Card.tsx'
import { type Preview, type Target, targets } from './readStaged.ts'

/** Which column becomes what: recognised beforehand, changeable, with values from the file beside it. */
export const MappingCard = ({ preview, fields, onChange }: { preview: Preview; fields: (Target | null)[]; onChange: (fields: (Target | null)[]) => void }) => {
  const { t } = useTranslation()
  const options = [{ value: '', label: t('imports.leaveOut') }, ...targets.map((target) => ({ value: target as string, label: t(`imports.targets.${target}`) }))]
  const used = fields.filter((field) => field !== null).length
  return (
    <Card title={t('imports.columns')} aside={t('imports.columnsUsed', { used, count: fields.length })}>
      {preview.columns.map((column, i) => (
        <div key={i} className="map-row">
          <b className="clip" title={column.header}>
            {column.header || t('imports.unnamed', { place: i + 1 })}
          </b>
          <span className="quiet small clip">{column.samples.join(' · ') || t('imports.noValues')}</span>
          <Select
            aria-label={t('imports.becomes', { column: column.header || String(i + 1) })}
            value={fields[i] ?? ''}
            options={options}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={(value: string) => onChange(fields.map((field, j) => (j === i ? (value === '' ? null : (value as Target)) : field)))}
          />
        </div>
      ))}
    </Card>
  )
}
