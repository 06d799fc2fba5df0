import { catalogue, type EntityName } from '../../domain/catalogue/all.ts'
import { columnsOf, tableOf } from '../../domain/catalogue/columns.ts'
import type { Entity } from '../../domain/catalogue/entity.ts'
import type { Field } from '../../domain/catalogue/field.ts'
import { blindIndexed, plainFields, type SealedGroup, sealedGroups } from '../../domain/catalogue/groups.ts'
import { snake } from '../../domain/catalogue/snake.ts'
import type { RuleColumns } from './predicateSql.ts'

/** What the store knows of an entity's table, derived once from the catalogue. */
export type Shape = {
  readonly name: EntityName
  readonly entity: Entity
  readonly table: string
  readonly plain: readonly { readonly field: string; readonly column: string }[]
  readonly groups: readonly SealedGroup[]
  readonly indexed: readonly { readonly field: string; readonly column: string; readonly many: boolean }[]
  /** Every column with its type, in the order of the table. */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly hasSubject: boolean
  /** The ref field through which the rule, and unless `isPerson` the subject, come from another record; null where the record has its own. */
  readonly parent: { readonly field: string; readonly column: string; readonly shape: Shape } | null
  /** Whether each record is a data subject itself, with a key of its own. */
  readonly isPerson: boolean
  /** Rule columns as SQL over the aliases `r` (the record) and `p` (its parent). */
  readonly rule: RuleColumns
}

const ruleOf = (entity: Entity, alias: string): RuleColumns => {
  if ('parent' in entity.rowScope) return {}
  const { store, owner } = entity.rowScope
  return {
    id: `${alias}.id`,
    ...(store ? { storeId: `${alias}.${snake(store)}` } : {}),
    ...(owner ? { ownerId: `${alias}.${snake(owner)}` } : {}),
  }
}

const build = (name: EntityName): Shape => {
  const entity = catalogue[name] as Entity
  const parentField = 'parent' in entity.rowScope ? entity.rowScope.parent : null
  const parent = parentField
    ? { field: parentField, column: snake(parentField), shape: shapeOf(entity.fields[parentField]!.to as EntityName) }
    : null
  return {
    name,
    entity,
    table: tableOf(entity),
    plain: plainFields(entity).map((field) => ({ field, column: snake(field) })),
    groups: sealedGroups(entity),
    indexed: blindIndexed(entity).map((field) => ({ field, column: `${snake(field)}_bidx`, many: (entity.fields[field] as Field).many })),
    columns: columnsOf(entity).map((column) => ({ name: column.name, type: column.type })),
    hasSubject: entity.subject !== 'none',
    isPerson: entity.subject === 'self',
    parent,
    rule: parent ? ruleOf(parent.shape.entity, 'p') : ruleOf(entity, 'r'),
  }
}

const shapes = new Map<EntityName, Shape>()

/** Returns the entity's shape. */
export const shapeOf = (name: EntityName): Shape => {
  const known = shapes.get(name)
  if (known) return known
  const made = build(name)
  shapes.set(name, made)
  return made
}

/** Every entity's shape. */
export const allShapes = (): Shape[] => (Object.keys(catalogue) as EntityName[]).map(shapeOf)
