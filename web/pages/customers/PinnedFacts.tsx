import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { customer } from '../../../domain/crm/customer.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import type { RecordView } from '../../app/contract.ts'
import { FieldRow } from '../../catalogue/FieldRow.tsx'
import { valuesOf } from '../../catalogue/FieldValue.tsx'
import { RecordEditor } from '../../catalogue/RecordEditor.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { say } from '../../ui/toast.tsx'

/** What everybody should know before they call or ring the bell, above everything else; changed where it stands. */
export const PinnedFacts = ({ record, scope, closed }: { record: RecordView; scope: Scope; closed: boolean }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [editing, setEditing] = useState(false)
  const row = record as unknown as RuleRow
  const right = scope.fields['facts']
  const mayReveal = satisfies(right?.reveal ?? { kind: 'none' }, row)
  const mayChange = !closed && satisfies(scope.actions.update ?? { kind: 'none' }, row) && satisfies(right?.write ?? { kind: 'none' }, row)
  const none = valuesOf(record, 'facts').length === 0
  if (editing)
    return (
      <section className='pinned' aria-label={t('facts.title')}>
        <RecordEditor
          entity={customer}
          path='customers'
          record={record}
          mayWrite={(name) => name === 'facts'}
          mayReveal={mayReveal}
          hint={() => t('facts.hint')}
          onSaved={(changed, stay) => {
            client.setQueryData(['customers', record.id], changed)
            say(t('customers.saved'))
            if (!stay) setEditing(false)
          }}
          onCancel={() => setEditing(false)}
        />
      </section>
    )
  if (none)
    return mayChange ? (
      <button type='button' className='pin-first' onClick={() => setEditing(true)}>
        <Icon name='pin' size={16} />
        <span>
          {t('facts.add')} <span className='faint'>{t('facts.example')}</span>
        </span>
      </button>
    ) : null
  return (
    <section className='pinned' aria-label={t('facts.title')}>
      <Icon name='pin' size={18} />
      <dl>
        <FieldRow path='customers' record={record} name='facts' field={customer.fields.facts} mayReveal={mayReveal} mayUse={false} />
      </dl>
      {mayChange ? (
        <button type='button' className='chip bare' aria-label={t('facts.edit')} title={t('facts.edit')} onClick={() => setEditing(true)}>
          <Icon name='note' size={16} />
        </button>
      ) : null}
    </section>
  )
}
