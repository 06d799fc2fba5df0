import type { Entity, View } from '../../../domain/catalogue/entity.ts'
import { brief } from '../../../domain/policy/brief.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import type { Parts } from '../parts.ts'
import { viewOf } from './viewOf.ts'

/**
 * Returns what tells one record from others: its name, plain fields, numbers and addresses by their masks. For a name that stands on somebody else's page: it
 * is no look at the whole record, and has the budget of brief looks. Throws `not_found`, `audit_unavailable`, `open_budget`, `envelope_invalid`.
 */
export const readBriefly = async ({ records }: Pick<Parts, 'records'>, scope: Scope, id: string): Promise<View<Entity>> => {
  const narrow = brief(scope)
  const look = { action: 'list', brief: true } as const
  const { rows } = await records.getMany(narrow, [id], look)
  // What is out of sight or does not open is said, and put on record, as for any other look at one.
  return viewOf(narrow, rows[0] ?? (await records.get(narrow, id, look)))
}
