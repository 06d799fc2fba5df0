import type { Role } from '../../../domain/policy/role.ts'
import { type DeviationKind, deviationsOf } from '../../../domain/policy/separation.ts'
import type { Person, RoleInfo } from '../../app/people.ts'
import { standingsOf } from '../../app/standingsOf.ts'
import { type Effect, effectOf } from './effectOf.ts'

/** What a change of a role does to somebody who has it. `alone`: it is their only role. `fresh`: departures from the separation of powers that it begins. */
export type HolderEffect = {
  readonly person: Person
  readonly effects: readonly Effect[]
  readonly alone: boolean
  readonly fresh: readonly DeviationKind[]
}

type Known = {
  readonly people: readonly Person[]
  readonly roles: readonly RoleInfo[]
  readonly stores: readonly { id: string; region?: unknown }[]
}

/** Returns for each holder of a role what they gain and lose when it becomes `after`, by the same decision as the server's. `now`: ISO 8601. */
export const holdersOf = (roleId: string, after: Role, { people, roles, stores }: Known, now: string): HolderEffect[] => {
  const changed = roles.map((info) => (info.id === roleId ? { ...info, role: after } : info))
  return people
    .filter((person) => person.active && (person.roles.includes(roleId) || person.loans.some(({ role }) => role === roleId)))
    .map((person) => {
      const [was, is] = [standingsOf(person, roles, stores, now), standingsOf(person, changed, stores, now)]
      const fresh = deviationsOf(is).filter((kind) => !person.deviations.includes(kind))
      return { person, effects: effectOf(was, is), alone: was.length <= 1, fresh }
    })
}
