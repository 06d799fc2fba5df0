import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { isPrivileged } from '../../../domain/policy/separation.ts'
import { type Person, useRoleName, useRoles } from '../../app/people.ts'
import { useActor, useDuty } from '../../app/session.ts'
import { Card } from '../../ui/Card.tsx'
import { EditRolesDialog } from './EditRolesDialog.tsx'
import { PrivilegedMark, useStoreWords } from './PersonChips.tsx'
import { useRoleAbout } from './RolePicker.tsx'

/** What somebody is for good: each role with what it is for, and the stores it is for. */
export const GrantsCard = ({ person, name }: { person: Person; name: string }) => {
  const { t } = useTranslation()
  const [editing, setEditing] = useState(false)
  const grants = useDuty('access.manage')
  const isMe = useActor().staffId === person.id
  const roles = useRoles().data
  const roleName = useRoleName()
  const about = useRoleAbout()
  const storeWords = useStoreWords()
  return (
    <Card
      title={t('grants.title')}
      aside={
        grants && !isMe ? (
          <Button size='small' onClick={() => setEditing(true)}>
            {t('grants.change')}
          </Button>
        ) : undefined
      }
    >
      <div className='stack tight'>
        {person.roles.length === 0 ? <p className='quiet'>{t('grants.none')}</p> : null}
        <ul className='stack tight'>
          {person.roles.map((id) => {
            const info = roles?.find((one) => one.id === id)
            return (
              <li key={id}>
                <span className='row'>
                  <Link to={`/roles/${id}`}>
                    <b>{roleName(id)}</b>
                  </Link>
                  {info && isPrivileged([info]) ? <PrivilegedMark /> : null}
                </span>
                <div className='small quiet'>{about(id)}</div>
              </li>
            )
          })}
        </ul>
        <dl className='facts'>
          <dt>{t('grants.inStores')}</dt>
          <dd>{storeWords(person.storeIds)}</dd>
        </dl>
        {grants && isMe ? <p className='small quiet'>{t('grants.own')}</p> : null}
      </div>
      {editing ? <EditRolesDialog person={person} name={name} onClose={() => setEditing(false)} /> : null}
    </Card>
  )
}
