import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type DeviationReason, deviationsOf } from '../../../domain/policy/separation.ts'
import { ApiError } from '../../app/apiError.ts'
import { peopleKey, type Person, rolesKey, useRoles, useStores } from '../../app/people.ts'
import { request } from '../../app/request.ts'
import { standingsOf } from '../../app/standingsOf.ts'
import { say } from '../../ui/toast.tsx'
import { Trouble } from '../../ui/Trouble.tsx'
import { EffectList } from '../roles/EffectList.tsx'
import { effectOf } from '../roles/effectOf.ts'
import { KeeperNote } from './KeeperNote.tsx'
import { RolePicker, StorePicker } from './RolePicker.tsx'
import { refusedKinds, SeparationNote } from './SeparationNote.tsx'
import { useNow } from '../../ui/useNow.ts'

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.toSorted().join() === b.toSorted().join()

/** What somebody is for good: stores and roles, what they gain and lose by the change, and what of it departs from the separation of powers. */
export const EditRolesDialog = ({ person, name, onClose }: { person: Person; name: string; onClose: () => void }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const roles = useRoles().data ?? []
  const stores = useStores() ?? []
  const [roleIds, setRoleIds] = useState<string[]>(person.roles)
  const [storeIds, setStoreIds] = useState<string[]>(person.storeIds)
  const [reason, setReason] = useState<DeviationReason | null>(null)
  const now = new Date(useNow()).toISOString()
  const before = standingsOf(person, roles, stores, now)
  const after = standingsOf({ ...person, roles: roleIds, storeIds }, roles, stores, now)
  const save = useMutation({
    mutationFn: (accepts: DeviationReason | null) =>
      request('PUT', `/api/people/${person.id}/roles`, {
        body: { version: person.version, roles: roleIds, storeIds, ...(accepts === null ? {} : { accepts }) },
      }),
    onSuccess: () => {
      say(t('grants.saved'))
      onClose()
    },
    onSettled: () => {
      for (const queryKey of [peopleKey, rolesKey, ['deviations'], ['directory', 'staff'], ['sight', person.id]])
        void client.invalidateQueries({ queryKey })
    },
    gcTime: 0,
  })
  const fresh = deviationsOf(after).filter((kind) => !person.deviations.includes(kind))
  const kinds = [...new Set([...fresh, ...refusedKinds(save.error)])]
  const isStale = save.error instanceof ApiError && save.error.code === 'version_conflict'
  const unchanged = isSame(roleIds, person.roles) && isSame(storeIds, person.storeIds)
  return (
    <Modal
      open
      width={720}
      title={t('grants.dialog', { name })}
      okText={t('grants.save')}
      okButtonProps={{ disabled: unchanged || (kinds.length > 0 && reason === null) }}
      cancelText={t('cancel')}
      confirmLoading={save.isPending}
      mask={{ closable: false }}
      onOk={() => save.mutate(kinds.length > 0 ? reason : null)}
      onCancel={onClose}
    >
      <div className='stack' style={{ padding: '6px 0 10px' }}>
        {isStale ? (
          <Trouble tone='warn' title={t('errors.version_conflict.title')}>
            {t('person.stale')}
          </Trouble>
        ) : save.isError && refusedKinds(save.error).length === 0 ? (
          <KeeperNote error={save.error} name={name} />
        ) : null}
        <StorePicker label={t('addPerson.stores')} hint={t('addPerson.storesHint')} value={storeIds} onChange={setStoreIds} />
        <RolePicker label={t('addPerson.roles')} value={roleIds} onChange={setRoleIds} />
        <SeparationNote kinds={kinds} reason={reason} onReason={setReason} />
        {unchanged ? null : (
          <div className='effect-box' role='status'>
            <EffectList effects={effectOf(before, after)} same={t('grants.same')} />
          </div>
        )}
      </div>
    </Modal>
  )
}
