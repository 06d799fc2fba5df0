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
  /** The field of those that hang below a record, which finds the record: the persons of a household. Its name says of which entity it is. */
  readonly below: boolean
}

/** Returns the fields whose text the index holds: sealed ones of the entity, and then of those below it, that declare a way to be found. */
export function searchFields(entity: Entity, below?: Entity): SearchField[] {
  return [
    ...ownFields(entity),
    ...(below ? ownFields(below).map((field) => ({ ...field, name: belowName(below, field.name), below: true })) : []),
  ]
}

/** The name under which the index and its scope know a field of those below a record. */
export const belowName = (below: Entity, field: string): string => `${below.name}.${field}`

function ownFields(entity: Entity): SearchField[] {
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
    below: false,
    fragment: field.find.includes('fragment') || field.find.includes('name'),
  }
}

/**
 * How many columns a field has: its values; a name also its syllables (syllables.ts), its initials, and the marked pinyin of names that mix Han with letters
 * ('李Tom': 'LiTom'), which cannot be searched by syllables and stand apart because there are few.
 */
export const columnsOf = (field: SearchField): number => (field.how === 'name' ? 4 : 1)
