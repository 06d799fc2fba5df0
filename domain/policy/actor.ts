import type { Role } from './role.ts'
import { isShippedRole, roles } from './roles.ts'

/** How somebody came by a role: for good; until a day; in a colleague's place; in an emergency. */
export type StandingKind = 'lasting' | 'temporary' | 'delegated' | 'emergency'

/** One role somebody has, with the stretch of the business it is for. The role itself is in it, so that whoever decides asks nobody else. */
export type Standing = {
  readonly roleId: string
  /** What the dealer calls a role of their own; null for one that ships, which the messages name. */
  readonly name: string | null
  readonly role: Role
  readonly storeIds: readonly string[]
  /** Stores of all regions of `storeIds`; these included. */
  readonly regionStoreIds: readonly string[]
  /** Whose records count as one's own: one's own, and those of whom one stands in for. */
  readonly ownerIds: readonly string[]
  readonly kind: StandingKind
  /** ISO 8601; null: for good. */
  readonly until: string | null
}

/** Who asks. Made by `auth` from a session or token, by the CLI from a sign-in, and by `jobs` from the person who started the job. */
export type Actor = {
  readonly staffId: string
  /** The actor's own data subject number: their personal data in the log is sealed under this key. */
  readonly subject: number
  readonly login: string
  readonly standings: readonly Standing[]
  /** Ids of the roles of the standings, each once: what the log says of them. */
  readonly roles: readonly string[]
  /** Stores of all standings. */
  readonly storeIds: readonly string[]
  /** Customers the actor has an appointment with today, one day either side. */
  readonly workingIds: readonly string[]
  /** Null for acts outside a session (CLI, job). */
  readonly sessionId: string | null
  /** Network address the request came from, null for jobs. Personal data of a staff member: sealed in the log. */
  readonly address: string | null
}

type Person = Pick<Actor, 'staffId' | 'subject' | 'login'> & Partial<Pick<Actor, 'workingIds' | 'sessionId' | 'address'>>

/** Returns the actor of a person with these standings. */
export const actorWith = (person: Person, standings: readonly Standing[]): Actor => ({
  workingIds: [],
  sessionId: null,
  address: null,
  ...person,
  standings,
  roles: [...new Set(standings.map(({ roleId }) => roleId))].toSorted(),
  storeIds: [...new Set(standings.flatMap(({ storeIds }) => storeIds))].toSorted(),
})

type Stretch = Pick<Standing, 'storeIds'> & Partial<Pick<Standing, 'regionStoreIds' | 'kind' | 'until' | 'ownerIds'>>

/** Returns the standing of a person in a role that ships, for good unless said otherwise. Throws RangeError for another role. */
export const shippedStanding = (roleId: string, staffId: string, stretch: Stretch): Standing => {
  if (!isShippedRole(roleId)) throw new RangeError('not a role that ships')
  return {
    kind: 'lasting',
    until: null,
    name: null,
    ownerIds: [staffId],
    regionStoreIds: stretch.storeIds,
    ...stretch,
    roleId,
    role: roles[roleId],
  }
}
