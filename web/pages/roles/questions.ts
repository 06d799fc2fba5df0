import { catalogue, type EntityName } from '../../../domain/catalogue/all.ts'
import type { Field } from '../../../domain/catalogue/field.ts'
import { isSortable } from '../../../domain/catalogue/tableColumns.ts'
import { usesOf } from '../../../domain/policy/decide.ts'
import type { reachKeys } from '../../../domain/policy/readRole.ts'
import { type Action, actions, type Grant, type Role, type RowScope, rowScopes } from '../../../domain/policy/role.ts'
import { roles } from '../../../domain/policy/roles.ts'

/** A right of a grant that reaches over rows. `rows`: which records exist at all. */
export type ReachRight = 'rows' | (typeof reachKeys)[number]

/** Entities in the order in which a dealer thinks of them. */
export const entityOrder: readonly EntityName[] = ['customer', 'contact', 'interaction', 'appointment', 'consent', 'staff', 'store']

const fieldsOf = (entity: EntityName): Field[] => Object.values(catalogue[entity].fields as Readonly<Record<string, Field>>)

/** Returns the acts that exist for an entity: those the owner, who may do everything, is granted. */
export const actsOf = (entity: EntityName): Action[] => {
  const granted = roles.owner.entities[entity]?.actions ?? {}
  return actions.filter((act) => granted[act] !== undefined)
}

/** Returns the reaches that tell records of the entity apart: what belongs to no store and nobody is seen whole or not at all. */
export const reachesOf = (entity: EntityName): readonly RowScope[] =>
  Object.keys(catalogue[entity].rowScope).length === 0 ? ['none', 'all'] : rowScopes

/** Whether a role may be given something to write of the entity. */
export const isWritten = (entity: EntityName): boolean => actsOf(entity).some((act) => act === 'create' || act === 'update')

/** Returns the rights that mean anything for the entity, `rows` first: nothing is asked about fields it does not have. `grant`: sensitive values may come later, so a right to them is shown. */
export const rightsOf = (entity: EntityName, grant?: Grant): ReachRight[] => {
  const fields = fieldsOf(entity)
  const personal = fields.filter((field) => field.class === 'personal')
  const means: Record<ReachRight, boolean> = {
    rows: true,
    names: personal.some((field) => field.find.includes('name')),
    personal: personal.some((field) => !field.find.includes('name')),
    reveal: personal.length > 0 && reachesOf(entity).length > 2,
    use: fields.some((field) => usesOf(field).length > 0),
    sensitive: fields.some((field) => field.class === 'sensitive'),
    filter: fields.some((field) => field.find.length > 0),
    sort: fields.some(isSortable),
    export: actsOf(entity).includes('export'),
  }
  return (Object.keys(means) as ReachRight[]).filter(
    (right) => means[right] || (right === 'sensitive' && (grant?.sensitive ?? 'none') !== 'none'),
  )
}

/** Returns how far a right of a role reaches; what is not said is refused. */
export const reachOf = (role: Role, entity: EntityName, right: ReachRight): RowScope => role.entities[entity]?.[right] ?? 'none'

/** Returns how far an act of a role reaches. */
export const actReachOf = (role: Role, entity: EntityName, act: Action): RowScope => role.entities[entity]?.actions?.[act] ?? 'none'
