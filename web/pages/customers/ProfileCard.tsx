import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '../../../domain/catalogue/field.ts'
import { customer } from '../../../domain/crm/customer.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import type { RecordView } from '../../app/contract.ts'
import { FieldRow } from '../../catalogue/FieldRow.tsx'
import { useLabel, valuesOf } from '../../catalogue/FieldValue.tsx'
import { Card } from '../../ui/Card.tsx'
import { formatDay } from '../../ui/formatTime.ts'

/** What stands above the cards already. */
const above = new Set(['name', 'kind', 'storeId', 'ownerId', 'tags', 'facts'])

/** How to reach a customer, how they came, on what ground they are kept, and what is noted about them. */
export const ProfileCard = ({ record, scope }: { record: RecordView; scope: Scope }) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const row = record as unknown as RuleRow
  const fields = Object.entries(customer.fields as Record<string, Field>).filter(([name]) => !above.has(name) && record[name] !== undefined)
  const isGiven = ([name]: [string, Field]): boolean => valuesOf(record, name).length > 0
  const missing = fields.filter((one) => !isGiven(one))
  const basis = record['basis']
  return (
    <Card title={t('profile.title')} aside={t('profile.version', { version: record.version, day: formatDay(record.updatedAt) })}>
      <dl className='facts'>
        {fields.filter(isGiven).map(([name, field]) => (
          <Fragment key={name}>
            <FieldRow
              path='customers'
              record={record}
              name={name}
              field={field}
              mayReveal={satisfies(scope.fields[name]?.reveal ?? { kind: 'none' }, row)}
              mayUse={satisfies(scope.fields[name]?.use ?? { kind: 'none' }, row)}
            />
            {name === 'basis' && typeof basis === 'string' ? (
              <dd className='explained'>{t(`basis.${basis}` as 'basis.contract')}</dd>
            ) : null}
          </Fragment>
        ))}
      </dl>
      {missing.length > 0 ? (
        <p className='faint small missing'>
          {t('profile.missing', { fields: missing.map(([, field]) => labelOf(field)).join(t('listComma')) })}
        </p>
      ) : null}
    </Card>
  )
}
