import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Staged } from '../../app/contract.ts'
import { Card } from '../../ui/Card.tsx'
import { type Mapping, type Target, targets } from './readStaged.ts'

/** Which column becomes what: recognised beforehand, changeable, with values from the file beside it. */
export const MappingCard = ({ staged, mapping, onChange }: { staged: Staged; mapping: Mapping; onChange: (mapping: Mapping) => void }) => {
  const { t } = useTranslation()
  const options = [
    { value: '', label: t('imports.leaveOut') },
    ...targets.map((target) => ({ value: target as string, label: t(`imports.targets.${target}`) })),
  ]
  const used = Object.values(mapping).filter((target) => target !== null).length
  return (
    <Card title={t('imports.columns')} aside={t('imports.columnsUsed', { used, count: staged.columns.length })}>
      {staged.columns.map(({ name, samples }) => (
        <div key={name} className='map-row'>
          <b className='clip' title={name}>
            {name}
          </b>
          <span className='quiet small clip'>
            {samples
              .filter((sample) => sample !== '')
              .slice(0, 3)
              .join(' · ') || t('imports.noValues')}
          </span>
          <Select
            aria-label={t('imports.becomes', { column: name })}
            value={mapping[name] ?? ''}
            options={options}
            listHeight={480}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={(value: string) => onChange({ ...mapping, [name]: value === '' ? null : (value as Target) })}
          />
        </div>
      ))}
    </Card>
  )
}
