import type { EntityName } from '../catalogue/all.ts'
import { catalogue } from '../catalogue/all.ts'
import type { Field } from '../catalogue/field.ts'
import { isSortable } from '../catalogue/tableColumns.ts'
import type { Actor, Standing } from './actor.ts'
import { all, any, covers, every, isIn, none, type Predicate, type RuleColumn } from './predicate.ts'
import type { Action, Duty, Grant, RowScope, Use } from './role.ts'

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
  /** Rows whose value leaves in the clear in a file; elsewhere it leaves masked. */
  readonly export: Predicate
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

// One grant of one standing, and how far each word of it reaches: the same words reach as far as that standing's stores.
type Held = { readonly grant: Grant; readonly reaches: Readonly<Record<RowScope, Predicate>> }

/** Returns what makes each rule once: two standings of one store are told apart by nothing. */
const maker = (): ((column: RuleColumn, values: readonly string[]) => Predicate) => {
  const made = new Map<string, Predicate>()
  return (column, values) => {
    const key = `${column} ${values.join(' ')}`
    const rule = made.get(key) ?? isIn(column, values)
    made.set(key, rule)
    return rule
  }
}

const reachesOf = (
  make: ReturnType<typeof maker>,
  { storeIds, regionStoreIds, ownerIds }: Standing,
  workingIds: readonly string[],
): Held['reaches'] => {
  const own = make('ownerId', ownerIds)
  const working = workingIds.length === 0 ? own : any([own, make('id', workingIds)])
  return { none, own, working, store: make('storeId', storeIds), region: make('storeId', regionStoreIds), all }
}

const reach = ({ reaches }: Held, scope: RowScope = 'none'): Predicate => reaches[scope]

const readRule = (held: Held, field: Field): Predicate => {
  if (field.class === 'public' || field.class === 'internal') return all
  if (field.class === 'personal') return reach(held, field.find.includes('name') ? held.grant.names : held.grant.personal)
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
const revealRule = (held: Held, field: Field): Predicate => {
  if (field.class === 'sensitive') return reach(held, held.grant.sensitive)
  return field.class === 'secret' ? none : reach(held, held.grant.reveal)
}

const writeRule = (held: Held, field: Field): Predicate => {
  const { write = [], actions } = held.grant
  return field.class !== 'secret' && write.includes(field.class) ? any([reach(held, actions?.update), reach(held, actions?.create)]) : none
}

/** Export is a right of its own: neither sight nor a reveal lets a value into a file. What is not personal, and names, leave as they are seen. */
const exportRule = (held: Held, field: Field): Predicate => {
  if (field.class === 'sensitive' || field.class === 'secret') return none
  const isOpen = field.class !== 'personal' || field.find.includes('name')
  return every([reach(held, held.grant.actions?.export), isOpen ? readRule(held, field) : reach(held, held.grant.export)])
}

type Over = (rule: (held: Held) => Predicate) => Predicate

const fieldRight = (over: Over, rows: Predicate, field: Field): FieldRight => {
  const read = over((held) => readRule(held, field))
  const isFound = field.find.length > 0
  const filter = isFound ? over((held) => every([readRule(held, field), reach(held, held.grant.filter)])) : none
  const use = field.class === 'secret' || usesOf(field).length === 0 ? none : over((held) => reach(held, held.grant.use))
  return {
    read,
    filter,
    // Beyond sight only what serves to reach a person: a phone number is not guessed, but a tag ('VIP') is.
    exact: isFound ? (field.find.includes('exact') ? any([filter, use]) : filter) : none,
    sort:
      rows.kind !== 'none' &&
      isSortable(field) &&
      covers(
        over((held) => every([readRule(held, field), reach(held, held.grant.sort)])),
        rows,
      ),
    write: over((held) => writeRule(held, field)),
    reveal: over((held) => revealRule(held, field)),
    use,
    export: over((held) => exportRule(held, field)),
  }
}

type Rights = Pick<Scope, 'rows' | 'fields' | 'actions'>

// Fields of which policy asks the same have the same right: it is made once for them.
const kindOf = (field: Field): string => [field.class, field.find.join(' '), usesOf(field).length > 0, isSortable(field)].join('/')

const rightsOf = ({ standings, workingIds }: Actor, entity: EntityName): Rights => {
  const fields: Readonly<Record<string, Field>> = Object.hasOwn(catalogue, entity) ? catalogue[entity].fields : {}
  const make = maker()
  const held = standings.flatMap((standing): Held[] => {
    const { entities } = standing.role
    const grant = Object.hasOwn(entities, entity) ? entities[entity] : undefined
    return grant ? [{ grant, reaches: reachesOf(make, standing, workingIds) }] : []
  })
  const together = pairs()
  const over: Over = (rule) => any(held.map((one) => together(reach(one, one.grant.rows), rule(one))))
  const rows = over(() => all)
  const acts = [...new Set(held.flatMap(({ grant }) => Object.keys(grant.actions ?? {}) as Action[]))]
  const made = new Map<string, FieldRight>()
  const rightOf = (field: Field): FieldRight => {
    const kind = kindOf(field)
    const right = made.get(kind) ?? fieldRight(over, rows, field)
    made.set(kind, right)
    return right
  }
  return {
    rows,
    fields: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, rightOf(field)])),
    actions: Object.fromEntries(acts.map((act) => [act, over((one) => reach(one, one.grant.actions?.[act]))])),
  }
}

/** Returns `every` of two rules, each pair made once. */
const pairs = (): ((a: Predicate, b: Predicate) => Predicate) => {
  const made = new Map<Predicate, Map<Predicate, Predicate>>()
  return (a, b) => {
    const of = made.get(a) ?? new Map<Predicate, Predicate>()
    made.set(a, of)
    const rule = of.get(b) ?? every([a, b])
    of.set(b, rule)
    return rule
  }
}

// What standings and a working set allow stands as long as they do: a session's requests share them. An actor is new with each request, and asks several times.
const standing = new WeakMap<Actor['standings'], { workingIds: Actor['workingIds']; rights: Map<EntityName, Rights> }>()
const decided = new WeakMap<Actor, Map<EntityName, Scope>>()

const knownRights = (actor: Actor, entity: EntityName): Rights => {
  const known = standing.get(actor.standings)
  const of = known?.workingIds === actor.workingIds ? known : { workingIds: actor.workingIds, rights: new Map<EntityName, Rights>() }
  if (of !== known) standing.set(actor.standings, of)
  const rights = of.rights.get(entity) ?? rightsOf(actor, entity)
  of.rights.set(entity, rights)
  return rights
}

/**
 * Decides what the actor may do with the entity: the union of the actor's roles' grants, each within the rows that exist for its role. Always
 * returns a scope; an unknown entity, or one without a grant, gets one in which nothing exists. Pure, so server and browser decide alike.
 */
export const decide = <N extends EntityName>(actor: Actor, entity: N): Scope & { readonly entity: N } => {
  const known = decided.get(actor) ?? new Map<EntityName, Scope>()
  decided.set(actor, known)
  const scope = known.get(entity) ?? { entity, actor, ...knownRights(actor, entity) }
  known.set(entity, scope)
  return scope as Scope & { readonly entity: N }
}

/** Whether one of the actor's roles carries the duty. */
export const hasDuty = (actor: Actor, duty: Duty): boolean => actor.standings.some(({ role }) => role.duties.includes(duty))

const widest = (actor: Actor, budget: 'revealsPerDay' | 'opensPerHour'): number =>
  Math.max(0, ...actor.standings.map(({ role }) => role[budget]))

/** The widest daily reveal budget among the actor's roles, in distinct customers. */
export const revealsPerDay = (actor: Actor): number => widest(actor, 'revealsPerDay')

/** The widest hourly budget of distinct subjects opened among the actor's roles. */
export const opensPerHour = (actor: Actor): number => widest(actor, 'opensPerHour')

/** Whether the actor may know that the field exists: where a value is never shown, revealed or used, not even a mask tells that there is one. */
export const mayKnow = (right: FieldRight): boolean => [right.read, right.reveal, right.use].some((rule) => rule.kind !== 'none')
