import { useQueryClient } from '@tanstack/react-query'
import { Dropdown } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '../../../domain/catalogue/field.ts'
import { contact } from '../../../domain/crm/contact.ts'
import type { Predicate, RuleRow } from '../../../domain/policy/predicate.ts'
import { satisfies } from '../../../domain/policy/predicate.ts'
import { isMasked, type RecordView } from '../../app/contract.ts'
import { useScope } from '../../app/session.ts'
import { FieldRow } from '../../catalogue/FieldRow.tsx'
import { OneValue, valuesOf } from '../../catalogue/FieldValue.tsx'
import { plainOf } from '../../catalogue/plainOf.ts'
import { useRecordTrash } from '../../catalogue/useRecordTrash.ts'
import { Icon } from '../../ui/Icon.tsx'

const EraseRecordDialog = lazy(async () => ({ default: (await import('../erasures/EraseRecordDialog.tsx')).EraseRecordDialog }))

const details = ['role', 'phones', 'wechatIds', 'emails', 'notes'] as const

type ContactItemProps = { customer: RecordView; record: RecordView; closed: boolean; onEdit: () => void }

/** One person of a household or organisation: who they are, how to reach them, and what may be done with their entry. */
export const ContactItem = ({ customer, record, closed, onEdit }: ContactItemProps) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const scope = useScope('contact')
  const [erasing, setErasing] = useState(false)
  const refresh = () => void client.invalidateQueries({ queryKey: ['customers', customer.id, 'contacts'] })
  const { trash } = useRecordTrash({ path: 'contacts', onTrashed: refresh, onRestored: refresh })
  // A contact follows its customer: who may change the one may change the other.
  const holds = (rule: Predicate | undefined): boolean => satisfies(rule ?? { kind: 'none' }, customer as unknown as RuleRow)
  const name = plainOf(record['name']) ?? '—'
  const more = [
    ...(holds(scope.actions.trash) && !closed
      ? [{ key: 'trash', label: t('customers.trash'), icon: <Icon name='trash' size={15} /> }]
      : []),
    ...(holds(scope.actions.erase) ? [{ key: 'erase', danger: true, label: t('erase.title'), icon: <Icon name='key' size={15} /> }] : []),
  ]
  const [role] = valuesOf(record, 'role')
  return (
    <li className='contact'>
      <header>
        <span className='ava soft' aria-hidden='true'>
          {Array.from(name)[0]}
        </span>
        <h3 className='clip'>{name}</h3>
        {role === undefined || isMasked(role) ? null : (
          <span className='tag'>
            <OneValue field={contact.fields.role} value={role} />
          </span>
        )}
        <span className='contact-acts'>
          {holds(scope.actions.update) && !closed ? (
            <button type='button' className='chip bare' aria-label={t('contacts.editOne', { name })} onClick={onEdit}>
              <Icon name='note' size={16} />
            </button>
          ) : null}
          {more.length > 0 ? (
            <Dropdown
              trigger={['click']}
              menu={{ items: more, onClick: ({ key }) => (key === 'erase' ? setErasing(true) : trash.mutate(record)) }}
            >
              <button type='button' className='chip bare' aria-label={t('contacts.moreFor', { name })} aria-haspopup='menu'>
                <Icon name='more' size={16} />
              </button>
            </Dropdown>
          ) : null}
        </span>
      </header>
      <dl className='facts'>
        {details
          // An open role stands beside the name; a masked one is asked for like everything else.
          .filter((field) => (field === 'role' ? isMasked(role) : valuesOf(record, field).length > 0))
          .map((field) => (
            <FieldRow
              key={field}
              path='contacts'
              record={record}
              name={field}
              field={contact.fields[field] as Field}
              mayReveal={holds(scope.fields[field]?.reveal)}
              mayUse={holds(scope.fields[field]?.use)}
            />
          ))}
      </dl>
      {erasing ? (
        <Suspense>
          <EraseRecordDialog
            path='contacts'
            record={record}
            name={name}
            leave={t('close')}
            onErased={() => {
              setErasing(false)
              refresh()
            }}
            onClose={() => setErasing(false)}
          />
        </Suspense>
      ) : null}
    </li>
  )
}
