import type { EntityName } from '../../../domain/catalogue/all.ts'
import { type Action, type Duty, duties, type Role, type RowScope, writable, type Writable } from '../../../domain/policy/role.ts'
import { isWider } from './draft.ts'
import { actReachOf, actsOf, entityOrder, reachOf, type ReachRight, rightsOf } from './questions.ts'

type Subject =
  | { readonly of: 'right'; readonly entity: EntityName; readonly right: ReachRight; readonly before: RowScope; readonly after: RowScope }
  | { readonly of: 'act'; readonly entity: EntityName; readonly act: Action; readonly before: RowScope; readonly after: RowScope }
  | { readonly of: 'write'; readonly entity: EntityName; readonly before: readonly Writable[]; readonly after: readonly Writable[] }
  | { readonly of: 'duty'; readonly duty: Duty }
  | { readonly of: 'budget'; readonly budget: 'revealsPerDay' | 'opensPerHour'; readonly before: number; readonly after: number }

/** One thing in which two roles differ. `more`: the second has more of it. */
export type Difference = Subject & { readonly more: boolean }

const inEntity = (from: Role, to: Role, entity: EntityName): Difference[] => {
  const rights = [...new Set([...rightsOf(entity, from.entities[entity]), ...rightsOf(entity, to.entities[entity])])]
  const byRight = rights.flatMap((right): Difference[] => {
    const [before, after] = [reachOf(from, entity, right), reachOf(to, entity, right)]
    return before === after ? [] : [{ of: 'right', entity, right, before, after, more: isWider(after, before) }]
  })
  // Where nothing exists any more, that says it all.
  if (byRight[0]?.of === 'right' && byRight[0].right === 'rows' && [byRight[0].before, byRight[0].after].includes('none'))
    return [byRight[0]]
  const byAct = actsOf(entity).flatMap((act): Difference[] => {
    const [before, after] = [actReachOf(from, entity, act), actReachOf(to, entity, act)]
    return before === after ? [] : [{ of: 'act', entity, act, before, after, more: isWider(after, before) }]
  })
  const [before, after] = [from, to].map((role) => writable.filter((one) => role.entities[entity]?.write?.includes(one))) as [
    Writable[],
    Writable[],
  ]
  const byWrite: Difference[] =
    before.join() === after.join() ? [] : [{ of: 'write', entity, before, after, more: after.some((one) => !before.includes(one)) }]
  return [...byRight, ...byAct, ...byWrite]
}

/** Returns each thing in which the second role differs from the first, entity by entity, then duties and budgets. */
export const compareRoles = (from: Role, to: Role): Difference[] => [
  ...entityOrder.flatMap((entity) => inEntity(from, to, entity)),
  ...duties.flatMap((duty): Difference[] => {
    const has = to.duties.includes(duty)
    return from.duties.includes(duty) === has ? [] : [{ of: 'duty', duty, more: has }]
  }),
  ...(['revealsPerDay', 'opensPerHour'] as const).flatMap((budget): Difference[] =>
    from[budget] === to[budget] ? [] : [{ of: 'budget', budget, before: from[budget], after: to[budget], more: to[budget] > from[budget] }],
  ),
]

/** Returns the candidate that differs least from a role: most likely what it was copied from. Null where there is none. */
export const nearestRole = <R extends { readonly role: Role }>(role: Role, candidates: readonly R[]): R | null =>
  candidates
    .map((candidate) => ({ candidate, distance: compareRoles(candidate.role, role).length }))
    .toSorted((a, b) => a.distance - b.distance)[0]?.candidate ?? null
