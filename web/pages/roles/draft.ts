import type { EntityName } from '../../../domain/catalogue/all.ts'
import { reachKeys } from '../../../domain/policy/readRole.ts'
import {
  type Action,
  type Duty,
  duties,
  type Grant,
  type Role,
  type RowScope,
  rowScopes,
  type Writable,
  writable,
} from '../../../domain/policy/role.ts'
import { reachesOf, type ReachRight, rightsOf } from './questions.ts'

/** A role that sees nothing and may do nothing: where one of the dealer's own begins that is copied from no other. */
export const emptyRole: Role = { entities: {}, duties: [], revealsPerDay: 30, opensPerHour: 1_500 }

/** Returns whether one reach is wider than another. */
export const isWider = (a: RowScope, b: RowScope): boolean => rowScopes.indexOf(a) > rowScopes.indexOf(b)

/** Returns the widest reach the entity has that is no wider than `most`. */
const within = (entity: EntityName, reach: RowScope, most: RowScope): RowScope =>
  isWider(reach, most) ? (reachesOf(entity).findLast((one) => !isWider(one, most)) ?? 'none') : reach

const withGrant = (role: Role, entity: EntityName, grant: Grant | null): Role => {
  const { [entity]: _, ...others } = role.entities
  return { ...role, entities: grant === null ? others : { ...others, [entity]: grant } }
}

/** A grant that begins: what exists can be seen by name, searched and put in order, and nothing else. */
const firstGrant = (entity: EntityName, rows: RowScope): Grant => {
  const given = rightsOf(entity).filter((right) => ['names', 'filter', 'sort'].includes(right))
  return { rows, ...Object.fromEntries(given.map((right) => [right, rows])) }
}

const withRows = (entity: EntityName, grant: Grant, rows: RowScope): Grant => {
  const held = reachKeys.filter((right) => grant[right] !== undefined)
  return {
    ...grant,
    rows,
    ...Object.fromEntries(held.map((right) => [right, within(entity, grant[right]!, rows)])),
    ...(grant.actions
      ? { actions: Object.fromEntries(Object.entries(grant.actions).map(([act, reach]) => [act, within(entity, reach, rows)])) }
      : {}),
  }
}

/** Returns the role with a right of an entity changed. Where fewer records exist, every right that reached further follows; where none do, the grant goes. */
export const setReach = (role: Role, entity: EntityName, right: ReachRight, reach: RowScope): Role => {
  const grant = role.entities[entity]
  if (right !== 'rows') return grant ? withGrant(role, entity, { ...grant, [right]: within(entity, reach, grant.rows) }) : role
  if (reach === 'none') return withGrant(role, entity, null)
  return withGrant(role, entity, grant ? withRows(entity, grant, reach) : firstGrant(entity, reach))
}

/** Returns the role with an act of an entity changed. Who may add or change something may write what is not sensitive, until it is said otherwise. */
export const setAct = (role: Role, entity: EntityName, act: Action, reach: RowScope): Role => {
  const grant = role.entities[entity]
  if (!grant) return role
  const { [act]: _, ...others } = grant.actions ?? {}
  const acts = reach === 'none' ? others : { ...others, [act]: within(entity, reach, grant.rows) }
  const begins = reach !== 'none' && (act === 'create' || act === 'update') && grant.write === undefined
  return withGrant(role, entity, { ...grant, actions: acts, ...(begins ? { write: ['public', 'internal', 'personal'] as const } : {}) })
}

/** Returns the role with a class of values of an entity that may, or may not, be written. */
export const setWrite = (role: Role, entity: EntityName, which: Writable, may: boolean): Role => {
  const grant = role.entities[entity]
  if (!grant) return role
  const chosen = new Set(grant.write ?? [])
  if (may) chosen.add(which)
  else chosen.delete(which)
  return withGrant(role, entity, { ...grant, write: writable.filter((one) => chosen.has(one)) })
}

/** Returns the role with a duty, or without. */
export const setDuty = (role: Role, duty: Duty, has: boolean): Role => ({
  ...role,
  duties: duties.filter((one) => (one === duty ? has : role.duties.includes(one))),
})
