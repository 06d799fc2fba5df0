import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { isPrivileged } from '../../../domain/policy/separation.ts'
import { type RoleInfo, useRoleName, useRoles } from '../../app/people.ts'
import { useActor, useDuty } from '../../app/session.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { PrivilegedMark } from '../people/PersonChips.tsx'
import { useRoleAbout } from '../people/RolePicker.tsx'
import '../people/people.css'
import { nearestRole } from './compareRoles.ts'
import './roles.css'

const RoleCard = ({ info, all, mayGrant }: { info: RoleInfo; all: readonly RoleInfo[]; mayGrant: boolean }) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const roleName = useRoleName()
  const about = useRoleAbout()
  const holds = useActor().roles.includes(info.id)
  const nearest =
    info.version === null
      ? null
      : nearestRole(
          info.role,
          all.filter(({ version }) => version === null),
        )
  const name = roleName(info.id)
  const whose = <span className='unseen'>{name}</span>
  return (
    <li className='card role-card'>
      <div className='row apart'>
        <Link className='lead' to={`/roles/${info.id}`}>
          <b>{name}</b>
        </Link>
        {isPrivileged([info]) ? <PrivilegedMark /> : null}
      </div>
      <p className='quiet small grow'>{nearest ? t('roles.basedOn', { name: roleName(nearest.id) }) : about(info.id)}</p>
      <div className='row apart'>
        {info.holders > 0 ? (
          <Link className='small' to={`/people?role=${info.id}`}>
            {t('roles.holders', { count: info.holders })}
          </Link>
        ) : (
          <span className='small faint'>{t('roles.noHolders')}</span>
        )}
        <span className='row'>
          <Button size='small' onClick={() => void navigate(`/roles/${info.id}`)}>
            {t(info.version !== null && mayGrant && !holds ? 'roles.edit' : 'roles.open')}
            {whose}
          </Button>
          {mayGrant ? (
            <Button size='small' onClick={() => void navigate(`/roles/new?from=${info.id}`)}>
              {t('roles.copy')}
              {whose}
            </Button>
          ) : null}
        </span>
      </div>
    </li>
  )
}

/** Every role there is: those that ship, and the dealer's own. */
export const RolesPage = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const mayGrant = useDuty('access.manage')
  const { data, error, refetch } = useRoles()
  const own = data?.filter(({ version }) => version !== null) ?? []
  const shipped = data?.filter(({ version }) => version === null) ?? []
  return (
    <Page
      title={t('roles.title')}
      sub={mayGrant ? t('roles.sub') : `${t('roles.sub')} ${t('roles.readOnly')}`}
      actions={
        <>
          <Link className='chip tall' to='/people'>
            <Icon name='left' size={14} />
            {t('people.back')}
          </Link>
          {mayGrant ? (
            <Button type='primary' icon={<Icon name='plus' size={16} />} onClick={() => void navigate('/roles/new')}>
              {t('roles.new')}
            </Button>
          ) : null}
        </>
      }
    >
      {error ? (
        <ErrorNote error={error}>
          <Button onClick={() => void refetch()}>{t('tryAgain')}</Button>
        </ErrorNote>
      ) : null}
      {data ? (
        <div className='stack'>
          <section className='stack tight'>
            <h2>{t('roles.own')}</h2>
            {own.length === 0 ? <p className='quiet'>{t('roles.ownNone')}</p> : null}
            <ul className='role-cards'>
              {own.map((info) => (
                <RoleCard key={info.id} info={info} all={data} mayGrant={mayGrant} />
              ))}
            </ul>
          </section>
          <section className='stack tight'>
            <h2>{t('roles.shipped')}</h2>
            <ul className='role-cards'>
              {shipped.map((info) => (
                <RoleCard key={info.id} info={info} all={data} mayGrant={mayGrant} />
              ))}
            </ul>
          </section>
        </div>
      ) : error ? null : (
        <div className='card'>
          <Bones widths={[60, 80, 70]} />
        </div>
      )}
    </Page>
  )
}
