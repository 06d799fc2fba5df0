import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { type Person, useRoleName } from '../../app/people.ts'
import { useActor } from '../../app/session.ts'
import { formatInstant, useAgo } from '../../ui/formatTime.ts'
import { LoanChips, PrivilegedMark, StateChip, useStoreWords } from './PersonChips.tsx'

const Row = ({ person, mine }: { person: Person; mine: boolean }) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const roleName = useRoleName()
  const storeWords = useStoreWords()
  const ago = useAgo()
  const roles = person.roles.map(roleName)
  return (
    <tr
      className='opens'
      onClick={(event) => {
        if ((event.target as Element).closest('a') || window.getSelection()?.toString()) return
        void navigate(`/people/${person.id}`)
      }}
    >
      <td className='first'>
        <Link className='lead' to={`/people/${person.id}`}>
          {person.name ?? person.login}
        </Link>{' '}
        {mine ? <span className='tag'>{t('people.you')}</span> : null}
        <div className='small faint clip'>{person.login}</div>
      </td>
      <td data-label={t('people.what')}>
        <span className='chips'>
          {roles.length === 0 ? <span className='faint'>{t('people.noRole')}</span> : <span>{roles.join(t('listComma'))}</span>}
          {person.privileged ? <PrivilegedMark /> : null}
        </span>
      </td>
      <td data-label={t('people.where')} className={person.storeIds.length === 0 ? 'faint' : ''}>
        {storeWords(person.storeIds)}
      </td>
      <td data-label={t('people.how')}>
        <span className='chips'>
          <StateChip person={person} />
          <LoanChips person={person} />
        </span>
      </td>
      <td data-label={t('people.lastAct')} className='quiet' title={person.lastAct ? formatInstant(person.lastAct) : undefined}>
        {ago(person.lastAct)}
      </td>
    </tr>
  )
}

/** People in rows; on a phone each is a card. */
export const PeopleTable = ({ people }: { people: readonly Person[] }) => {
  const { t } = useTranslation()
  const { staffId } = useActor()
  return (
    <table className='grid-table people'>
      <thead>
        <tr>
          {(['who', 'what', 'where', 'how', 'lastAct'] as const).map((column) => (
            <th key={column} scope='col'>
              {t(`people.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <Row key={person.id} person={person} mine={person.id === staffId} />
        ))}
      </tbody>
    </table>
  )
}
