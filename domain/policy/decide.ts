import type { EntityName } from '../catalogue/all.ts'
import { catalogue } from '../catalogue/all.ts'
import type { Field } from '../catalogue/field.ts'
import { isSortable } from '../catalogue/tableColumns.ts'
import type { Actor } from './actor.ts'
import { all, any, covers, every, isIn, none, type Predicate } from './predicate.ts'
import { type Action, type Duty, type Grant, type Role, roles, type RowScope, type Use } from './roles.ts'

/** What the actor may do with one field, each as a rule over rows; `none` is deny. */
export type FieldRight = {
  /** Rows where the value is shown as it is; elsewhere in scope it is masked. */
  readonly read: Predicate
  /** Rows that a condition on this field may match. Never wider than `read`: a filter must not spell out a mask. */
  readonly filter: Predicate
  /** Rows that a complete value, or exactly what the mask shows, may match: who knows the whole number learns only whose it is. */
  readonly exact: Predicate
  /** Sorting shows order among all rows in scope, so it needs the value open in all of them. */
  readonly sort: boolean
  readonly write: Predicate
  readonly reveal: Predicate
  readonly use: Predicate
}

/** What policy decided for one actor and one entity: the only thing reads, writes and views accept. */
export type Scope = {
  readonly entity: EntityName
  readonly actor: Actor
  /** Rows that exist for this actor. Outside them everything is `not_found`. */
  readonly rows: Predicate
  readonly fields: Readonly<Record<string, FieldRight>>
  readonly actions: Readonly<Partial<Record<Action, Predicate>>>
}

const reach = (actor: Actor, scope: RowScope | undefined): Predicate => {
  switch (scope) {
    case undefined:
    case 'none':
      return none
    case 'own':
      return isIn('ownerId', [actor.staffId])
    case 'store':
      return isIn('storeId', actor.storeIds)
    case 'region':
      return isIn('storeId', actor.regionStoreIds)
    case 'all':
      return all
  }
}

const readRule = (actor: Actor, grant: Grant, field: Field): Predicate => {
  if (field.class === 'public' || field.class === 'internal') return all
  if (field.class === 'personal') return field.find.includes('name') ? reach(actor, grant.names) : reach(actor, grant.personal)
  return none
}

/** The uses that fit a kind of field; none for most. */
export const usesOf = (field: Field): readonly Use[] => {
  if (field.category === 'user.contact.phone_number') return ['call', 'message', 'copy']
  if (field.category === 'user.contact.address') return ['navigate', 'copy']
  if (field.category === 'user.contact.email' || field.category === 'user.contact.wechat_id') return ['message', 'copy']
  return field.category?.startsWith('user.contact.') ? ['copy'] : []
}

/** Personal values are revealed where the role reveals, sensitive ones where the role names them; a secret has a way of its own. */
const revealRule = (actor: Actor, grant: Grant, field: Field): Predicate => {
  if (field.class === 'sensitive') return reach(actor, grant.sensitive)
  return field.class === 'secret' ? none : reach(actor, grant.reveal)
}

type Over = (rule: (grant: Grant) => Predicate) => Predicate

const fieldRight = (actor: Actor, over: Over, rows: Predicate, field: Field): FieldRight => {
  const read = over((grant) => readRule(actor, grant, field))
  const use = field.class === 'secret' || usesOf(field).length === 0 ? none : over((grant) => reach(actor, grant.use))
  return {
    read,
    filter: field.find.length === 0 ? none : read,
    // Beyond sight only what serves to reach a person: a phone number is not guessed, but a tag ('VIP') is.
    exact: field.find.length === 0 ? none : field.find.includes('exact') ? any([read, use]) : read,
    sort: rows.kind !== 'none' && isSortable(field) && covers(read, rows),
    write: over((grant) => any([reach(actor, grant.actions?.update), reach(actor, grant.actions?.create)])),
    reveal: over((grant) => revealRule(actor, grant, field)),
    use,
  }
}

// A role that is not in the table, by a name such as `constructor` either, grants nothing.
const rolesOf = (actor: Actor): Role[] => actor.roles.flatMap((role) => (Object.hasOwn(roles, role) ? roles[role] : []))

// An actor never changes, so what was decided for one stands as long as the object lives: a request asks several times.
const decided = new WeakMap<Actor, Map<EntityName, Scope>>()

/**
 * Decides what the actor may do with the entity: the union of the actor's roles' grants, each within the rows that exist for its role. Always
 * returns a scope; an unknown entity, or one without a grant, gets one in which nothing exists. Pure, so server and browser decide alike.
 */
export const decide = <N extends EntityName>(actor: Actor, entity: N): Scope & { readonly entity: N } => {
  const known = decided.get(actor) ?? new Map<EntityName, Scope>()
  decided.set(actor, known)
  const scope = known.get(entity) ?? decideAnew(actor, entity)
  known.set(entity, scope)
  return scope as Scope & { readonly entity: N }
}

const decideAnew = (actor: Actor, entity: EntityName): Scope => {
  const fields: Readonly<Record<string, Field>> = Object.hasOwn(catalogue, entity) ? catalogue[entity].fields : {}
  const grants = rolesOf(actor).flatMap((role) => (Object.hasOwn(role.entities, entity) ? (role.entities[entity] ?? []) : []))
  const over = (rule: (grant: Grant) => Predicate): Predicate => any(grants.map((grant) => every([reach(actor, grant.rows), rule(grant)])))
  const rows = over(() => all)
  const acts = [...new Set(grants.flatMap((grant) => Object.keys(grant.actions ?? {}) as Action[]))]
  return {
    entity,
    actor,
    rows,
    fields: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldRight(actor, over, rows, field)])),
    actions: Object.fromEntries(acts.map((act) => [act, over((grant) => reach(actor, grant.actions?.[act]))])),
  }
}

/** Whether one of the actor's roles carries the duty. */
export const hasDuty = (actor: Actor, duty: Duty): boolean => rolesOf(actor).some((role) => role.duties.includes(duty))

/** The widest daily reveal budget among the actor's roles, in distinct customers. */
export const revealsPerDay = (actor: Actor): number => Math.max(0, ...rolesOf(actor).map((role) => role.revealsPerDay))

/** The widest hourly budget of distinct subjects opened among the actor's roles. */
export const opensPerHour = (actor: Actor): number => Math.max(0, ...rolesOf(actor).map((role) => role.opensPerHour))

/** Whether the actor may know that the field exists: where a value is never shown, revealed or used, not even a mask tells that there is one. */
export const mayKnow = (right: FieldRight): boolean => [right.read, right.reveal, right.use].some((rule) => rule.kind !== 'none')
