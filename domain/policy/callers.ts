import type { Actor } from './actor.ts'
import { type FieldRight, hasDuty, type Scope } from './decide.ts'
import { all, none } from './predicate.ts'

const onlyWhole: FieldRight = { read: none, filter: none, exact: all, sort: false, write: none, reveal: none, use: none, export: none }

/**
 * Returns the scope in which whoever takes calls may ask whose a complete phone number is, anywhere (DESIGN 3, uses): no field can be read in it, and nothing but
 * the whole number asked for. Without the duty nothing exists in it.
 */
export const callerScope = <N extends 'customer' | 'contact'>(actor: Actor, entity: N): Scope & { readonly entity: N } => {
  const may = hasDuty(actor, 'calls.take')
  return { entity, actor, rows: may ? all : none, fields: may ? { phones: onlyWhole } : {}, actions: {} }
}
