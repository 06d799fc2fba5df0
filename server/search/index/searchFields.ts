import type { Entity } from '../../../domain/catalogue/entity.ts'
import { type Field, isSealed } from '../../../domain/catalogue/field.ts'

/**
 * How a field is found: `name` by any part, pinyin and initials; `phone` by digits; `text` by any part.
 * `whole`: also by its complete value where only `exact` is granted. `lastFour`: also by what its mask shows anyway.
 */
export type SearchField = {
  readonly name: string
  readonly kind: Field['kind']
  readonly how: 'name' | 'phone' | 'text'
  readonly whole: boolean
  readonly lastFour: boolean
  readonly fragment: boolean
}

/** Returns the fields of the entity whose text the index holds: sealed ones that declare a way to be found. */
export function searchFields(entity: Entity): SearchField[] {
  return Object.entries(entity.fields).flatMap(([name, field]) =>
    isSealed(field.class) && field.find.length > 0 ? [searchField(name, field)] : [],
  )
}

/** Returns the plain fields that rows are filtered by: references and choices found exactly. Their values are the index's groups. */
export function facetFields(entity: Entity): string[] {
  const single = (field: Field): boolean => !field.many && (field.kind === 'ref' || field.kind === 'choice')
  return Object.entries(entity.fields).flatMap(([name, field]) =>
    !isSealed(field.class) && field.find.includes('exact') && single(field) ? [name] : [],
  )
}

function searchField(name: string, field: Field): SearchField {
  return {
    name,
    kind: field.kind,
    how: field.find.includes('name') ? 'name' : field.kind === 'phone' ? 'phone' : 'text',
    whole: field.find.includes('exact'),
    lastFour: field.mask === 'lastFour',
    fragment: field.find.includes('fragment') || field.find.includes('name'),
  }
}
