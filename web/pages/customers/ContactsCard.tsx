import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import type { RecordView } from '../../app/contract.ts'
import { useScope } from '../../app/session.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Card } from '../../ui/Card.tsx'
import { DamagedNote } from '../../ui/DamagedNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { ContactItem } from './ContactItem.tsx'
import { TrashedContacts } from './TrashedContacts.tsx'
import { useBelow } from './useBelow.ts'

const ContactDialog = lazy(async () => ({ default: (await import('./ContactDialog.tsx')).ContactDialog }))

/** The people of a household or organisation. `closed`: the customer is in the trash, so nothing is added or changed. */
export const ContactsCard = ({ customer, closed }: { customer: RecordView; closed: boolean }) => {
  const { t } = useTranslation()
  const scope = useScope('contact')
  const { data, error } = useBelow(customer.id, 'contacts')
  const [editing, setEditing] = useState<RecordView | 'new' | null>(null)
  const mayAdd = !closed && satisfies(scope.actions.create ?? { kind: 'none' }, customer as unknown as RuleRow)
  const mayRestore = !closed && satisfies(scope.actions.restore ?? { kind: 'none' }, customer as unknown as RuleRow)
  const kind = customer['kind'] === 'organisation' ? 'organisation' : 'household'
  const add = mayAdd ? (
    <button type='button' className='chip' onClick={() => setEditing('new')}>
      <Icon name='plus' size={13} />
      {t('contacts.add')}
    </button>
  ) : undefined
  return (
    <Card title={t('contacts.title')} aside={add}>
      {error ? <ErrorNote error={error} /> : null}
      {!data && !error ? <Bones widths={[50, 70]} /> : null}
      {data?.items.length === 0 && !data.damaged ? <p className='faint'>{t(`contacts.none.${kind}`)}</p> : null}
      <DamagedNote ids={data?.damaged} />
      <ul className='contacts'>
        {data?.items.map((record) => (
          <ContactItem key={record.id} customer={customer} record={record} closed={closed} onEdit={() => setEditing(record)} />
        ))}
      </ul>
      {mayRestore ? <TrashedContacts customerId={customer.id} /> : null}
      {editing ? (
        <Suspense>
          <ContactDialog customer={customer} record={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
        </Suspense>
      ) : null}
    </Card>
  )
}
