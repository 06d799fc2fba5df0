import { catalogue } from '../catalogue/all.ts'
import { type Field, isSealed } from '../catalogue/field.ts'
import type { FieldRight, Scope } from './decide.ts'
import { none } from './predicate.ts'

// By the rights, which a session's requests share, not by the scope, which is new with each.
const narrowed = new WeakMap<Scope['fields'], Scope['fields']>()

const briefRight = (field: Field, right: FieldRight): FieldRight | null => {
  if (!isSealed(field.class) || field.find.includes('name')) return right
  // What a mask leaves of these tells two people of one name apart: last digits, and the part of town.
  return field.mask === 'lastFour' || field.mask === 'region' ? { ...right, read: none } : null
}

/**
 * Returns the scope of a look that only tells people apart: names and plain fields as `scope` shows them, numbers and addresses by their masks, nothing
 * else. For results while somebody types: most of those who appear are not whom they look for.
 */
export const brief = (scope: Scope): Scope => {
  const known = narrowed.get(scope.fields)
  if (known) return { ...scope, fields: known }
  const fields: Readonly<Record<string, Field>> = catalogue[scope.entity].fields
  const made = Object.fromEntries(
    Object.entries(scope.fields).flatMap(([name, right]) => {
      const left = fields[name] ? briefRight(fields[name], right) : null
      return left ? [[name, left]] : []
    }),
  )
  narrowed.set(scope.fields, made)
  return { ...scope, fields: made }
}
