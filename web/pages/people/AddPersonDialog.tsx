import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { type DeviationReason, deviationsOf } from '../../../domain/policy/separation.ts'
import { ApiError, fieldProblems } from '../../app/apiError.ts'
import { useDirectory } from '../../app/directory.ts'
import { peopleKey, rolesKey, useRoles, useStores } from '../../app/people.ts'
import { request } from '../../app/request.ts'
import { useDuty } from '../../app/session.ts'
import { standingsOf } from '../../app/standingsOf.ts'
import { Field } from '../../ui/Field.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import { FirstPassword } from './FirstPassword.tsx'
import { RolePicker, StorePicker } from './RolePicker.tsx'
import { refusedKinds, SeparationNote } from './SeparationNote.tsx'
import { useToday } from './useToday.ts'
import { useNow } from '../../ui/useNow.ts'

type Hired = { id: string; login: string; password: string | null }

/** The login that a name suggests: its pinyin. The readings are large, so they come when they are needed. */
const suggestLogin = async (name: string): Promise<string> => {
  const { pinyinForms } = await import('../../../domain/text/pinyin.ts')
  return (pinyinForms(name).full.split(' ')[0] ?? '').replace(/[^a-z0-9]/g, '').slice(0, 40)
}

/** Asks who somebody is, where they work and what they do; hires them; and shows their first password, once. */
export const AddPersonDialog = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const today = useToday()
  const grants = useDuty('access.manage')
  const stores = useDirectory('store')
  const roles = useRoles()
  const storeRows = useStores()
  const [name, setName] = useState('')
  const [login, setLogin] = useState<string | null>(null)
  const [suggested, setSuggested] = useState('')
  const [joinsOn, setJoinsOn] = useState('')
  const [roleIds, setRoleIds] = useState<string[]>([])
  const [chosenStores, setChosenStores] = useState<string[] | null>(null)
  const [reason, setReason] = useState<DeviationReason | null>(null)
  // A dealer with one store need not say which.
  const storeIds = chosenStores ?? (stores.options.length === 1 ? stores.options.map(({ value }) => value) : [])
  const held = standingsOf(
    { id: 'new', roles: roleIds, storeIds, loans: [] },
    roles.data ?? [],
    storeRows ?? [],
    new Date(useNow()).toISOString(),
  )
  const hire = useMutation({
    mutationFn: (accepts: DeviationReason | null) =>
      request<Hired>('POST', '/api/staff', {
        body: {
          name: name.trim(),
          login: (login ?? suggested).trim(),
          roles: grants ? roleIds : [],
          storeIds: grants ? storeIds : [],
          ...(joinsOn === '' ? {} : { joinsOn }),
          ...(accepts === null ? {} : { accepts }),
        },
      }),
    onSuccess: () => {
      for (const queryKey of [peopleKey, rolesKey, ['deviations'], ['directory', 'staff']]) void client.invalidateQueries({ queryKey })
    },
    gcTime: 0,
  })
  const kinds = [...new Set([...deviationsOf(held), ...refusedKinds(hire.error)])]
  const problems = fieldProblems(hire.error)
  const problemOf = (field: string): string | null => {
    if (field === 'login' && hire.error instanceof ApiError && hire.error.code === 'duplicate') return t('errors.duplicate.title')
    const problem = problems.find((one) => one.field === field)?.problem
    return problem === undefined ? null : t(`problems.${problem}` as 'problems.required', { defaultValue: t('problems.other') })
  }
  const isShownAtField = ['name', 'login', 'joinsOn'].some((field) => problemOf(field) !== null) || refusedKinds(hire.error).length > 0
  const again = (): void => {
    hire.reset()
    setName('')
    setLogin(null)
    setSuggested('')
    setRoleIds([])
    setReason(null)
  }
  if (hire.data)
    return (
      <Modal
        open
        width={520}
        title={t(joinsOn > today ? 'addPerson.doneFrom' : 'addPerson.done', { name: name.trim(), day: joinsOn })}
        onCancel={onClose}
        footer={
          <>
            <Button onClick={again}>{t('addPerson.another')}</Button>
            <Button onClick={() => void navigate(`/people/${hire.data.id}`)}>{t('addPerson.open', { name: name.trim() })}</Button>
            <Button type='primary' onClick={onClose}>
              {t('addPerson.close')}
            </Button>
          </>
        }
      >
        <FirstPassword login={hire.data.login} password={hire.data.password} />
      </Modal>
    )
  return (
    <Modal
      open
      width={720}
      title={t('people.add')}
      okText={t('addPerson.act')}
      okButtonProps={{ disabled: name.trim() === '' || (login ?? suggested).trim() === '' || (kinds.length > 0 && reason === null) }}
      cancelText={t('cancel')}
      confirmLoading={hire.isPending}
      mask={{ closable: false }}
      onOk={() => hire.mutate(kinds.length > 0 ? reason : null)}
      onCancel={onClose}
    >
      <div className='stack' style={{ padding: '6px 0 10px' }}>
        {hire.isError && !isShownAtField ? <ErrorNote error={hire.error} /> : null}
        <div className='form-grid'>
          <Field label={t('addPerson.name')} problem={problemOf('name')}>
            {(ties) => (
              <Input
                {...ties}
                autoFocus
                value={name}
                maxLength={60}
                autoComplete='off'
                onChange={(event) => setName(event.target.value)}
                onBlur={() => void suggestLogin(name).then(setSuggested)}
              />
            )}
          </Field>
          <Field label={t('addPerson.login')} hint={t('addPerson.loginHint')} problem={problemOf('login')}>
            {(ties) => (
              <Input
                {...ties}
                value={login ?? suggested}
                maxLength={40}
                autoComplete='off'
                spellCheck={false}
                onChange={(event) => setLogin(event.target.value)}
              />
            )}
          </Field>
          <Field label={t('addPerson.from')} hint={t('addPerson.fromHint')} problem={problemOf('joinsOn')}>
            {(ties) => <Input {...ties} type='date' value={joinsOn} onChange={(event) => setJoinsOn(event.target.value)} />}
          </Field>
        </div>
        {grants ? (
          <>
            <StorePicker label={t('addPerson.stores')} hint={t('addPerson.storesHint')} value={storeIds} onChange={setChosenStores} />
            <RolePicker label={t('addPerson.roles')} hint={t('addPerson.rolesHint')} value={roleIds} onChange={setRoleIds} />
          </>
        ) : (
          <Trouble tone='info' title={t('addPerson.later')} />
        )}
        <SeparationNote kinds={kinds} reason={reason} onReason={setReason} />
      </div>
    </Modal>
  )
}
