import { useTranslation } from 'react-i18next'
import { useDirectory } from '../../app/directory.ts'
import { type Loan, type Person, useRoleName } from '../../app/people.ts'
import { formatDay } from '../../ui/formatTime.ts'
import { type PersonState, stateOf } from './personState.ts'
import { useToday } from './useToday.ts'

const tones: Record<PersonState, 'ok' | 'warn' | 'danger' | undefined> = {
  working: 'ok',
  leaving: 'warn',
  joining: 'warn',
  suspended: 'danger',
  left: undefined,
}

/** How somebody stands: working, suspended and why, leaving or joining and when. */
export const StateChip = ({ person }: { person: Person }) => {
  const { t } = useTranslation()
  const state = stateOf(person, useToday())
  const day = state === 'leaving' ? person.leavesOn : person.joinsOn
  const why = state === 'suspended' ? t(`suspensions.${person.suspended}` as 'suspensions.manual', { defaultValue: '' }) : undefined
  return (
    <span className='tag' data-tone={tones[state]} title={why}>
      {state === 'leaving' || state === 'joining' ? t(`personStates.${state}`, { day }) : t(`personStates.${state}`)}
    </span>
  )
}

/** Returns a role held until a day, in a few words: whose it is in place of, and from when or until when. */
export const useLoanWords = (): ((loan: Loan) => string) => {
  const { t } = useTranslation()
  const roleName = useRoleName()
  const staff = useDirectory('staff')
  return ({ role, kind, forStaff, starts, ends }) => {
    // The last day is named, not the midnight after it.
    const day = formatDay(new Date(Date.parse(ends) - 1).toISOString())
    const isAhead = starts !== null && Date.parse(starts) > Date.now()
    if (kind === 'delegated') {
      const name = staff.nameOf(forStaff) ?? t('unknownName')
      return isAhead ? t('people.willStandIn', { name, from: formatDay(starts) }) : t('people.delegated', { name, day })
    }
    if (kind === 'emergency') return t('people.emergency', { day })
    return isAhead
      ? t('people.willLend', { role: roleName(role), from: formatDay(starts) })
      : t('people.lent', { role: roleName(role), day })
  }
}

/** The roles somebody holds until a day, each once: a colleague's place may be made of several roles. */
export const LoanChips = ({ person }: { person: Person }) => {
  const words = useLoanWords()
  return [...new Set(person.loans.map(words))].map((text) => (
    <span key={text} className='tag' data-tone='accent' title={text}>
      {text}
    </span>
  ))
}

/** That somebody holds a power over the installation. */
export const PrivilegedMark = () => {
  const { t } = useTranslation()
  return (
    <span className='tag' data-tone='warn' title={t('people.privilegedWhat')}>
      {t('people.privileged')}
    </span>
  )
}

/** Returns the stores somebody works in: by name, or that it is all of them, or none. */
export const useStoreWords = (): ((storeIds: readonly string[]) => string) => {
  const { t } = useTranslation()
  const stores = useDirectory('store')
  return (storeIds) => {
    if (storeIds.length === 0) return t('people.noStore')
    if (storeIds.length > 2 && storeIds.length === stores.options.length) return t('people.allStores', { count: storeIds.length })
    return storeIds.map((id) => stores.nameOf(id) ?? t('unknownName')).join(t('listComma'))
  }
}
