import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import { type Person, usePeople } from '../../app/people.ts'
import { useDuty } from '../../app/session.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { AboutCard } from './AboutCard.tsx'
import { DeviationsCard } from './DeviationsCard.tsx'
import { GrantsCard } from './GrantsCard.tsx'
import { LoansCard } from './LoansCard.tsx'
import './people.css'
import { LoanChips, PrivilegedMark, StateChip } from './PersonChips.tsx'
import { SightCard } from './SightCard.tsx'
import { SuspendCard } from './SuspendCard.tsx'

/** The way back to a list, above a page's heading. */
const BackLink = () => {
  const { t } = useTranslation()
  return (
    <Link className='chip tall' to='/people'>
      <Icon name='left' size={14} />
      {t('people.back')}
    </Link>
  )
}

const Opened = ({ person, people }: { person: Person; people: readonly Person[] }) => {
  const { t } = useTranslation()
  const [grants, audits] = [useDuty('access.manage'), useDuty('audit.read')]
  const name = person.name ?? person.login
  return (
    <Page
      title={name}
      documentTitle={t('people.one')}
      lead={
        <span className='big' aria-hidden='true'>
          {Array.from(name)[0]}
        </span>
      }
      sub={
        <span className='chips'>
          <span>{person.login}</span>
          <StateChip person={person} />
          {person.privileged ? <PrivilegedMark /> : null}
          <LoanChips person={person} />
        </span>
      }
      actions={<BackLink />}
    >
      <div className='detail'>
        <div className='stack'>
          <GrantsCard person={person} name={name} />
          <LoansCard person={person} people={people} name={name} />
          {grants || audits ? <SightCard person={person} /> : null}
        </div>
        <div className='stack aside'>
          <AboutCard person={person} name={name} />
          <SuspendCard person={person} name={name} />
          {grants || audits ? <DeviationsCard people={people} of={person.id} /> : null}
        </div>
      </div>
    </Page>
  )
}

/** One member of staff: who they are, what they hold and until when, what they could see, and keeping them from acting. */
export const PersonPage = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { id = '' } = useParams()
  const { data, error, refetch } = usePeople()
  const person = data?.find((one) => one.id === id)
  if (data && person) return <Opened key={person.id} person={person} people={data} />
  return (
    <Page title={t('people.one')} actions={<BackLink />}>
      {error ? (
        <ErrorNote error={error}>
          <Button onClick={() => void refetch()}>{t('tryAgain')}</Button>
        </ErrorNote>
      ) : (
        <div className='card'>
          {data ? (
            <Empty
              icon='staff'
              title={t('people.gone')}
              actions={<Button onClick={() => void navigate('/people')}>{t('people.back')}</Button>}
            >
              {t('people.goneAdvice')}
            </Empty>
          ) : (
            <Bones widths={[80, 50, 70, 40]} />
          )}
        </div>
      )}
    </Page>
  )
}
