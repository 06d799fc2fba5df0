import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useColleagues } from '../../app/people.ts'
import { request } from '../../app/request.ts'
import { useActor } from '../../app/session.ts'
import { Field } from '../../ui/Field.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { RolePicker, StorePicker } from '../people/RolePicker.tsx'
import { useToday } from '../people/useToday.ts'
import { programsKey } from './programs.ts'

/** Registers a program: what it is, who answers for it, what for, and which roles it has. It can do nothing until it has a token. */
export const RegisterDialog = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const colleagues = useColleagues(useToday())
  const me = useActor().staffId
  const [name, setName] = useState('')
  const [login, setLogin] = useState('')
  const [ownerId, setOwnerId] = useState(me)
  const [purpose, setPurpose] = useState('')
  const [roles, setRoles] = useState<string[]>([])
  const [storeIds, setStoreIds] = useState<string[]>([])
  const register = useMutation({
    mutationFn: () =>
      request('POST', '/api/programs', {
        body: { login: login.trim(), name: name.trim(), ownerId, purpose: purpose.trim(), roles, storeIds },
      }),
    onSuccess: () => {
      say(t('programs.registered'))
      onClose()
      void client.invalidateQueries({ queryKey: programsKey })
      void client.invalidateQueries({ queryKey: ['directory', 'staff'] })
    },
    gcTime: 0,
  })
  const isFull = name.trim() !== '' && login.trim() !== '' && purpose.trim().length >= 4 && roles.length > 0
  return (
    <Modal
      open
      title={t('programs.register')}
      okText={t('programs.registerAct')}
      okButtonProps={{ disabled: !isFull }}
      cancelText={t('cancel')}
      confirmLoading={register.isPending}
      onOk={() => register.mutate()}
      onCancel={onClose}
      width={640}
    >
      <div className='stack' style={{ padding: '6px 0 10px' }}>
        {register.isError ? <ErrorNote error={register.error} /> : null}
        <div className='form-grid'>
          <Field label={t('programs.name')}>
            {(ties) => (
              <Input {...ties} autoFocus value={name} maxLength={60} autoComplete='off' onChange={(event) => setName(event.target.value)} />
            )}
          </Field>
          <Field label={t('programs.login')} hint={t('programs.loginHint')}>
            {(ties) => (
              <Input
                {...ties}
                value={login}
                maxLength={40}
                autoComplete='off'
                spellCheck={false}
                onChange={(event) => setLogin(event.target.value)}
              />
            )}
          </Field>
        </div>
        <Field label={t('programs.purpose')} hint={t('programs.purposeHint')}>
          {(ties) => <Input {...ties} value={purpose} maxLength={200} onChange={(event) => setPurpose(event.target.value)} />}
        </Field>
        <Field label={t('programs.owner')} hint={t('programs.ownerHint')}>
          {(ties) => (
            <Select
              {...ties}
              showSearch={{ optionFilterProp: 'label' }}
              value={ownerId}
              options={colleagues}
              onChange={(chosen: string) => setOwnerId(chosen)}
            />
          )}
        </Field>
        <RolePicker plain label={t('programs.roles')} hint={t('programs.rolesHint')} value={roles} onChange={setRoles} />
        <StorePicker label={t('programs.stores')} value={storeIds} onChange={setStoreIds} />
      </div>
    </Modal>
  )
}
