import { localTimeIn, shopZone } from '../../../domain/text/zonedTime.ts'
import type { Person } from '../../app/people.ts'

/** How somebody stands with the dealer. `leaving`, `joining`: a day is set that has not come, or not gone by, yet. */
export const personStates = ['working', 'leaving', 'joining', 'suspended', 'left'] as const
export type PersonState = (typeof personStates)[number]

/** Returns the day in the shop at an instant, as dates of employment are kept: `2026-11-25`. */
export const shopDay = (at: Date): string => {
  const { year, month, day } = localTimeIn(shopZone, at)
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** Returns how somebody stands on a day (`2026-11-25`). The last day is still worked. */
export const stateOf = (person: Pick<Person, 'active' | 'suspended' | 'joinsOn' | 'leavesOn'>, today: string): PersonState => {
  if (!person.active || (person.leavesOn !== null && person.leavesOn < today)) return 'left'
  if (person.suspended !== null) return 'suspended'
  if (person.joinsOn !== null && person.joinsOn > today) return 'joining'
  return person.leavesOn === null ? 'working' : 'leaving'
}

/** What a list of people is narrowed to; null: not at all. `state` `here`: whoever has not left. `lent`: whoever has a role until a day. */
export type PeopleFilter = {
  readonly text: string
  readonly store: string | null
  readonly role: string | null
  readonly state: PersonState | 'here' | 'lent' | 'all'
}

/** Returns the text in which somebody is looked for: name and login, and how the name is spelled, where that is known. */
export const soughtText = (person: Pick<Person, 'name' | 'login'>, spell: ((name: string) => string) | null): string =>
  [person.name ?? '', person.login, spell && person.name ? spell(person.name) : ''].join(' ').toLowerCase()

const isInState = (person: Person, state: PeopleFilter['state'], today: string): boolean => {
  if (state === 'all') return true
  if (state === 'lent') return person.loans.length > 0
  const now = stateOf(person, today)
  return state === 'here' ? now !== 'left' : now === state
}

/** Returns whoever the filter leaves. `soughtOf` gives each person's text to look in, in lower case. */
export const narrowPeople = (
  people: readonly Person[],
  filter: PeopleFilter,
  today: string,
  soughtOf: (person: Person) => string,
): Person[] => {
  const text = filter.text.trim().toLowerCase()
  return people.filter(
    (person) =>
      (filter.store === null ||
        person.storeIds.includes(filter.store) ||
        person.loans.some(({ storeIds }) => storeIds.includes(filter.store!))) &&
      (filter.role === null || person.roles.includes(filter.role) || person.loans.some(({ role }) => role === filter.role)) &&
      isInState(person, filter.state, today) &&
      (text === '' || soughtOf(person).includes(text)),
  )
}

/** Returns how many people each state has. */
export const countStates = (people: readonly Person[], today: string): Record<PeopleFilter['state'], number> => {
  const states = ['here', ...personStates, 'lent', 'all'] as const
  const count = (state: PeopleFilter['state']): number => people.filter((person) => isInState(person, state, today)).length
  return Object.fromEntries(states.map((state) => [state, count(state)])) as Record<PeopleFilter['state'], number>
}
