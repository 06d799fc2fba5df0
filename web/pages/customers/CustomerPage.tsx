import { Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { customer } from '../../../domain/crm/customer.ts'
import type { Action } from '../../../domain/policy/role.ts'
import { type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import type { RecordView } from '../../app/contract.ts'
import { useScope } from '../../app/session.ts'
import { OneValue, useValueText, valuesOf } from '../../catalogue/FieldValue.tsx'
import { plainOf } from '../../catalogue/plainOf.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import { AppointmentsCard } from './AppointmentsCard.tsx'
import { ClaimButton } from './bulk/ClaimButton.tsx'
import { HandOverDialog } from './bulk/HandOverDialog.tsx'
import { ShareDialog } from '../exports/ShareDialog.tsx'
import { TwinNote } from '../duplicates/TwinNote.tsx'
import { ConsentsCard } from './ConsentsCard.tsx'
import { ContactsCard } from './ContactsCard.tsx'
import { EraseDialog } from './EraseDialog.tsx'
import { PinnedFacts } from './PinnedFacts.tsx'
import { PrivacyLens } from './PrivacyLens.tsx'
import { ProfileCard } from './ProfileCard.tsx'
import { Timeline } from './Timeline.tsx'
import { useCustomer } from './useCustomer.ts'
import { useTrash } from './useTrash.ts'
import './card.css'

const Opened = ({ record }: { record: RecordView }) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const scope = useScope('customer')
  const text = useValueText()
  const [erasing, setErasing] = useState(false)
  const [handing, setHanding] = useState(false)
  const [sharing, setSharing] = useState(false)
  const { trash, restore } = useTrash()
  const may = (action: Action): boolean => satisfies(scope.actions[action] ?? { kind: 'none' }, record as unknown as RuleRow)
  const mayMeet = useScope('appointment').rows.kind !== 'none'
  const name = plainOf(record['name']) ?? '—'
  const facts = (['kind', 'storeId', 'ownerId'] as const).flatMap((field) => {
    const value = record[field]
    return typeof value === 'string'
      ? [field === 'ownerId' ? t('customers.ownedBy', { name: text(customer.fields.ownerId, value) }) : text(customer.fields[field], value)]
      : []
  })
  const trashed = record.trashedAt !== null
  const more = [
    ...(may('handOver') && !trashed ? [{ key: 'handOver', label: t('handOver.menu'), icon: <Icon name='people' size={15} /> }] : []),
    ...(may('export') && !trashed ? [{ key: 'share', label: t('shares.menu'), icon: <Icon name='globe' size={15} /> }] : []),
    ...(may('trash') && !trashed ? [{ key: 'trash', label: t('customers.trash'), icon: <Icon name='trash' size={15} /> }] : []),
    ...(may('erase') ? [{ key: 'erase', danger: true, label: t('erase.title'), icon: <Icon name='key' size={15} /> }] : []),
  ]
  return (
    <Page
      title={name}
      documentTitle={t('customers.one')}
      lead={
        <span className='big' aria-hidden='true'>
          {Array.from(name)[0]}
        </span>
      }
      sub={
        <span className='row'>
          <span>{facts.join(' · ')}</span>
          {valuesOf(record, 'tags').map((tag, i) => (
            <span key={i} className='tag'>
              <OneValue field={customer.fields.tags} value={tag} />
            </span>
          ))}
        </span>
      }
      actions={
        <>
          {trashed && may('restore') ? (
            <Button type='primary' loading={restore.isPending} onClick={() => restore.mutate(record)}>
              {t('customers.restore')}
            </Button>
          ) : null}
          {record['ownerId'] === null && may('claim') && !trashed ? <ClaimButton record={record} /> : null}
          {may('update') && !trashed ? (
            <Button type='primary' onClick={() => void navigate('edit')} icon={<Icon name='note' size={16} />}>
              {t('customers.change')}
            </Button>
          ) : null}
          {more.length > 0 ? (
            <Dropdown
              trigger={['click']}
              menu={{
                items: more,
                onClick: ({ key }) =>
                  key === 'handOver'
                    ? setHanding(true)
                    : key === 'share'
                      ? setSharing(true)
                      : key === 'erase'
                        ? setErasing(true)
                        : trash.mutate(record, { onSuccess: () => void navigate('/customers') }),
              }}
            >
              <Button aria-label={t('nav.more')} icon={<Icon name='more' />} />
            </Dropdown>
          ) : null}
        </>
      }
    >
      {trashed ? (
        <div style={{ marginBottom: 16 }}>
          <Trouble tone='warn' title={t('customers.isTrashed')}>
            {t('customers.isTrashedAdvice')}
          </Trouble>
        </div>
      ) : null}
      <PinnedFacts record={record} scope={scope} closed={trashed} />
      {trashed || (scope.actions.merge ?? { kind: 'none' }).kind === 'none' ? null : <TwinNote id={record.id} />}
      <div className='detail'>
        <div className='stack'>
          <Timeline customer={record} closed={trashed} />
        </div>
        <div className='stack aside'>
          <ProfileCard record={record} scope={scope} />
          {mayMeet ? <AppointmentsCard customer={record} closed={trashed} /> : null}
          <ContactsCard customer={record} closed={trashed} />
          <ConsentsCard customer={record} closed={trashed} />
          <PrivacyLens customer={record} />
        </div>
      </div>
      {handing ? <HandOverDialog record={record} name={name} onClose={() => setHanding(false)} /> : null}
      {sharing ? (
        <ShareDialog
          target={{ kind: 'customer', id: record.id, name, rule: record as unknown as RuleRow }}
          onClose={() => setSharing(false)}
        />
      ) : null}
      {erasing ? <EraseDialog record={record} name={name} onClose={() => setErasing(false)} /> : null}
    </Page>
  )
}

/** One customer: who they are, what happened, who looked. */
export const CustomerPage = () => {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const navigate = useNavigate()
  const { data, error, refetch } = useCustomer(id)
  if (data) return <Opened key={data.id} record={data} />
  return (
    <Page title={t('customers.one')}>
      {error ? (
        <ErrorNote error={error}>
          <Button onClick={() => void refetch()}>{t('tryAgain')}</Button>
          <Button type='text' onClick={() => void navigate('/customers')}>
            {t('customers.back')}
          </Button>
        </ErrorNote>
      ) : (
        <div className='detail'>
          <div className='card'>
            <Bones widths={[80, 50, 70, 40]} />
          </div>
          <div className='card'>
            <Bones widths={[60, 70, 50]} />
          </div>
        </div>
      )}
    </Page>
  )
}
