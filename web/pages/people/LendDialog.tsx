import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { longestLoan } from '../../../domain/policy/longestLoan.ts'
import { loanSpan } from '../../app/loanSpan.ts'
import { peopleKey, type Person, useRoleName, useRoles, useStores } from '../../app/people.ts'
import { request } from '../../app/request.ts'
import { standingsOf } from '../../app/standingsOf.ts'
import { useActor } from '../../app/session.ts'
import { DaySpan } from '../../ui/DaySpan.tsx'
import { Field } from '../../ui/Field.tsx'
import { say } from '../../ui/toast.tsx'
import { EffectList } from '../roles/EffectList.tsx'
import { effectOf } from '../roles/effectOf.ts'
import { KeeperNote } from './KeeperNote.tsx'
import { StorePicker, useRoleAbout } from './RolePicker.tsx'
import { useToday } from './useToday.ts'
import { useNow } from '../../ui/useNow.ts'

/** Gives somebody a role that ends by itself: which, in which stores, from when until when, and what they gain by it. */
export const LendDialog = ({ person, name, onClose }: { person: Person; name: string; onClose: () => void }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const today = useToday()
  const roles = useRoles().data ?? []
  const stores = useStores() ?? []
  const roleName = useRoleName()
  const about = useRoleAbout()
  const isOwner = useActor().roles.includes('owner')
  const [role, setRole] = useState<string | null>(null)
  const [storeIds, setStoreIds] = useState<string[]>(person.storeIds)
  const [from, setFrom] = useState(today)
  const [to, setTo] = useState('')
  const span = loanSpan(from, to, today)
  const lend = useMutation({
    mutationFn: (given: object) => request('POST', `/api/people/${person.id}/loans`, { body: { role, storeIds, ...given } }),
    onSuccess: () => {
      say(t('loans.given'))
      onClose()
      for (const queryKey of [peopleKey, ['sight', person.id]]) void client.invalidateQueries({ queryKey })
    },
    gcTime: 0,
  })
  const now = new Date(useNow()).toISOString()
  const before = standingsOf(person, roles, stores, now)
  const lent = role === null ? [] : standingsOf({ id: person.id, roles: [role], storeIds, loans: [] }, roles, stores, now)
  const problem = span === 'bad_days' ? t('standIn.badDays') : span === 'too_long' ? t('standIn.tooLong', { days: longestLoan }) : null
  return (
    <Modal
      open
      title={t('loans.dialog', { name })}
      okText={t('loans.give')}
      okButtonProps={{ disabled: role === null || typeof span === 'string' }}
      cancelText={t('cancel')}
      confirmLoading={lend.isPending}
      onOk={() => typeof span !== 'string' && lend.mutate(span)}
      onCancel={onClose}
    >
      <div className='stack' style={{ padding: '6px 0 10px' }}>
        {lend.isError ? <KeeperNote error={lend.error} name={name} /> : null}
        <Field label={t('loans.role')} hint={role === null ? undefined : about(role)}>
          {(ties) => (
            <Select
              {...ties}
              autoFocus
              value={role}
              placeholder={t('form.choose')}
              options={roles
                .filter(({ id }) => id !== 'owner' || isOwner)
                .map(({ id }) => ({ value: id, label: roleName(id), disabled: person.roles.includes(id) }))}
              onChange={(chosen: string) => setRole(chosen)}
            />
          )}
        </Field>
        <StorePicker label={t('loans.stores')} value={storeIds} onChange={setStoreIds} />
        <DaySpan
          from={from}
          to={to}
          onFrom={setFrom}
          onTo={setTo}
          words={{ from: t('loans.from'), to: t('loans.to'), hint: t('loans.toHint', { days: longestLoan }) }}
          problem={problem}
        />
        {lent.length > 0 ? (
          <div className='effect-box' role='status'>
            <EffectList effects={effectOf(before, [...before, ...lent])} same={t('grants.same')} />
          </div>
        ) : null}
      </div>
    </Modal>
  )
}
