import { Button, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { type Person, type RoleInfo, usePeople, useRoleName, useRoles, useStores } from '../../app/people.ts'
import { useActor, useDuty } from '../../app/session.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Card } from '../../ui/Card.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { Field } from '../../ui/Field.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import { useRoleAbout } from '../people/RolePicker.tsx'
import '../people/people.css'
import { emptyRole } from './draft.ts'
import { RetireButton } from './RetireButton.tsx'
import { RoleEditor } from './RoleEditor.tsx'
import { RoleForm } from './RoleForm.tsx'
import { RoleSummary } from './RoleSummary.tsx'
import './roles.css'

const nothing = 'nothing'
const noProblems: ReadonlyMap<string, string> = new Map()

const BackLink = () => {
  const { t } = useTranslation()
  return (
    <Link className='chip tall' to='/roles'>
      <Icon name='left' size={14} />
      {t('roles.back')}
    </Link>
  )
}

type Known = { roles: readonly RoleInfo[]; people: readonly Person[]; stores: readonly { id: string; region?: unknown }[] }

/** A role that is only to be read: one that ships, one the reader holds, or any for who does not grant. */
const Shown = ({ info, note }: { info: RoleInfo; note: { title: string; advice?: string } | null }) => {
  const { t } = useTranslation()
  return (
    <div className='detail role-detail'>
      <div className='stack'>
        {note ? (
          <Trouble tone='info' title={note.title}>
            {note.advice}
          </Trouble>
        ) : null}
        <RoleForm name={null} role={info.role} problems={noProblems} onChange={null} />
      </div>
      <div className='stack aside'>
        <Card title={t('roles.does')}>
          <RoleSummary role={info.role} />
        </Card>
      </div>
    </div>
  )
}

const NewRole = ({ roles, people, stores }: Known) => {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const roleName = useRoleName()
  const from = params.get('from')
  const base = roles.find(({ id }) => id === from)
  const start = base
    ? { name: t('roles.copyName', { name: roleName(base.id) }), role: base.role }
    : from === nothing
      ? { name: '', role: emptyRole }
      : null
  return (
    <div className='stack'>
      <div className='card'>
        <Field label={t('roles.startFrom')}>
          {(ties) => (
            <Select
              {...ties}
              style={{ width: 'min(320px, 100%)' }}
              value={from}
              placeholder={t('form.choose')}
              options={[...roles.map(({ id }) => ({ value: id, label: roleName(id) })), { value: nothing, label: t('roles.fromNothing') }]}
              onChange={(id: string) => setParams({ from: id }, { replace: true })}
            />
          )}
        </Field>
      </div>
      {start ? (
        <RoleEditor key={from} info={null} start={start} from={base?.id ?? null} roles={roles} people={people} stores={stores} />
      ) : null}
    </div>
  )
}

/** One role: what it can do; for who grants, the editor of the dealer's own. */
export const RolePage = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { id = '' } = useParams()
  const roles = useRoles()
  const people = usePeople()
  const stores = useStores()
  const roleName = useRoleName()
  const about = useRoleAbout()
  const mayGrant = useDuty('access.manage')
  const holds = useActor().roles.includes(id)
  const isNew = id === 'new' && mayGrant
  const info = roles.data?.find((one) => one.id === id)
  const error = roles.error ?? people.error
  const known = roles.data && people.data && stores ? { roles: roles.data, people: people.data, stores } : null
  const isOwn = info?.name != null && info.version !== null
  const note = !info
    ? null
    : info.version === null
      ? { title: t('roles.shippedNote'), advice: t('roles.shippedAdvice') }
      : holds && mayGrant
        ? { title: t('roles.heldByYou') }
        : mayGrant
          ? null
          : { title: t('roles.readOnly') }
  return (
    <Page
      title={isNew ? t('roles.newTitle') : info ? roleName(info.id) : t('roles.one')}
      sub={info?.version === null ? about(info.id) : undefined}
      actions={
        <>
          <BackLink />
          {info && info.version !== null && mayGrant && !holds ? <RetireButton info={info} name={roleName(info.id)} /> : null}
          {info && mayGrant ? <Button onClick={() => void navigate(`/roles/new?from=${info.id}`)}>{t('roles.copy')}</Button> : null}
        </>
      }
    >
      {error ? (
        <ErrorNote error={error}>
          <Button onClick={() => void Promise.all([roles.refetch(), people.refetch()])}>{t('tryAgain')}</Button>
        </ErrorNote>
      ) : !known ? (
        <div className='card'>
          <Bones widths={[80, 50, 70, 40]} />
        </div>
      ) : isNew ? (
        <NewRole {...known} />
      ) : !info ? (
        <div className='card'>
          <Empty icon='staff' title={t('roles.gone')} actions={<Button onClick={() => void navigate('/roles')}>{t('roles.back')}</Button>}>
            {t('roles.goneAdvice')}
          </Empty>
        </div>
      ) : isOwn && mayGrant && !holds ? (
        <RoleEditor
          key={info.id}
          info={info as RoleInfo & { name: string; version: number }}
          start={info as RoleInfo & { name: string }}
          from={null}
          {...known}
        />
      ) : (
        <Shown info={info} note={note} />
      )}
    </Page>
  )
}
