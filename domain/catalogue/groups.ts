import type { Entity } from './entity.ts'
import { isSealed, type SealedClass } from './field.ts'

/** The fields of one data class of one entity: they are sealed together, in one envelope. */
export type SealedGroup = { readonly class: SealedClass; readonly column: string; readonly fields: readonly string[] }

const order: readonly SealedClass[] = ['personal', 'sensitive', 'secret']

/** Returns the sealed groups an entity uses, from open to closed, each with its column and its fields in the order of declaration. */
export const sealedGroups = (entity: Entity): SealedGroup[] => {
  const names = Object.keys(entity.fields)
  return order
    .map((sealed) => ({ class: sealed, column: `sealed_${sealed}`, fields: names.filter((name) => entity.fields[name]?.class === sealed) }))
    .filter((group) => group.fields.length > 0)
}

/** Returns the names of the fields that lie open in columns of their own, in the order of declaration. */
export const plainFields = (entity: Entity): string[] => Object.keys(entity.fields).filter((name) => !isSealed(entity.fields[name]!.class))

/** Returns the names of the sealed fields that have a blind index: equality can be asked of them without opening anything. */
export const blindIndexed = (entity: Entity): string[] =>
  Object.keys(entity.fields).filter((name) => isSealed(entity.fields[name]!.class) && entity.fields[name]!.find.includes('exact'))
