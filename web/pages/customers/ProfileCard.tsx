import { useTranslation } from 'react-i18next'
import type { Field } from '../../../domain/catalogue/field.ts'
import { customer } from '../../../domain/crm/customer.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import type { RecordView } from '../../app/contract.ts'
import { FieldRow } from '../../catalogue/FieldRow.tsx'
import { Card } from '../../ui/Card.tsx'
import { formatDay } from '../../ui/formatTime.ts'

const inHeader = new Set(['name', 'kind', 'storeId', 'ownerId', 'tags'])

/** How to reach a customer, and what is noted about them. */
export const ProfileCard = ({ record, scope }: { record: RecordView; scope: Scope }) => {
  const { t } = useTranslation()
  const row = record as unknown as RuleRow
  const fields = Object.entries(customer.fields as Record<string, Field>).filter(
    ([name]) => !inHeader.has(name) && record[name] !== undefined,
  )
  return (
    <Card title={t('profile.title')} aside={t('profile.version', { version: record.version, day: formatDay(record.updatedAt) })}>
      <dl className='facts'>
        {fields.map(([name, field]) => (
          <FieldRow
            key={name}
            path='customers'
            record={record}
            name={name}
            field={field}
            mayReveal={satisfies(scope.fields[name]?.reveal ?? { kind: 'none' }, row)}
            mayUse={satisfies(scope.fields[name]?.use ?? { kind: 'none' }, row)}
          />
        ))}
      </dl>
    </Card>
  )
}
