import { Select } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { isShippedRole } from '../../../domain/policy/roles.ts'
import { roleLabels } from '../../../domain/policy/roleLabels.ts'
import { isPrivileged } from '../../../domain/policy/separation.ts'
import { useDirectory } from '../../app/directory.ts'
import { type RoleInfo, useRoleName, useRoles } from '../../app/people.ts'
import { useActor } from '../../app/session.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { Bones } from '../../ui/Bones.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { PrivilegedMark } from './PersonChips.tsx'

/** Returns in one line what a role is for. */
export const useRoleAbout = (): ((roleId: string) => string) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  return (roleId) => (isShippedRole(roleId) ? labelOf({ label: roleLabels[roleId].about }) : t('rolePicker.about'))
}

type RolePickerProps = { label: string; hint?: string; value: readonly string[]; onChange: (value: string[]) => void }

const Option = ({ info, checked, locked, onToggle }: { info: RoleInfo; checked: boolean; locked: boolean; onToggle: () => void }) => {
  const { t } = useTranslation()
  const name = useRoleName()(info.id)
  const about = useRoleAbout()(info.id)
  const id = useId()
  return (
    <div className='role-option' data-checked={checked} data-locked={locked}>
      <input id={id} type='checkbox' checked={checked} disabled={locked} aria-describedby={`${id}a`} onChange={onToggle} />
      <label htmlFor={id}>
        <b>{name}</b>
        {isPrivileged([info]) ? <PrivilegedMark /> : null}
      </label>
      <Link className='chip bare' to={`/roles/${info.id}`} target='_blank'>
        {t('roles.open')}
        <span className='unseen'>{name}</span>
      </Link>
      <small id={`${id}a`}>{locked ? t('grants.ownerOnly') : about}</small>
    </div>
  )
}

/** Which roles somebody has, each with what it is for. Only an owner makes or unmakes an owner. `plain`: none that is privileged. */
export const RolePicker = ({ label, hint, value, onChange, plain = false }: RolePickerProps & { plain?: boolean }) => {
  const { t } = useTranslation()
  const { data, error } = useRoles()
  const isOwner = useActor().roles.includes('owner')
  const toggle = (id: string): void => onChange(value.includes(id) ? value.filter((one) => one !== id) : [...value, id])
  const options = (own: boolean) =>
    data
      ?.filter((info) => (info.version !== null) === own && !(plain && isPrivileged([info])))
      .map((info) => (
        <Option
          key={info.id}
          info={info}
          checked={value.includes(info.id)}
          locked={info.id === 'owner' && !isOwner}
          onToggle={() => toggle(info.id)}
        />
      ))
  return (
    <fieldset className='plain field'>
      <legend className='label'>{label}</legend>
      {hint ? <p className='hint'>{hint}</p> : null}
      {error ? <ErrorNote error={error} /> : null}
      {data ? null : error ? null : <Bones />}
      <div className='role-options'>{options(false)}</div>
      {data?.some(({ version }) => version !== null) ? (
        <>
          <p className='small faint'>{t('rolePicker.own')}</p>
          <div className='role-options'>{options(true)}</div>
        </>
      ) : null}
    </fieldset>
  )
}

/** Which stores somebody works in: boxes for few, a list to search for many. */
export const StorePicker = ({ label, hint, value, onChange }: RolePickerProps) => {
  const stores = useDirectory('store')
  const id = useId()
  if (stores.options.length > 8)
    return (
      <div className='field'>
        <label htmlFor={id}>{label}</label>
        <Select
          id={id}
          mode='multiple'
          showSearch={{ optionFilterProp: 'label' }}
          value={[...value]}
          options={stores.options}
          onChange={(chosen: string[]) => onChange(chosen)}
        />
        {hint ? <span className='hint'>{hint}</span> : null}
      </div>
    )
  return (
    <fieldset className='plain field'>
      <legend className='label'>{label}</legend>
      {hint ? <p className='hint'>{hint}</p> : null}
      <div className='checks'>
        {stores.options.map((store) => (
          <label key={store.value}>
            <input
              type='checkbox'
              checked={value.includes(store.value)}
              onChange={(event) => onChange(event.target.checked ? [...value, store.value] : value.filter((one) => one !== store.value))}
            />
            {store.label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
