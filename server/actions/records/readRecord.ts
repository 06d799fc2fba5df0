import type { Entity, View } from '../../../domain/catalogue/entity.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import type { Parts } from '../parts.ts'
import { viewOf } from './viewOf.ts'

/** Returns one record as the actor may see it. Throws `not_found`, `audit_unavailable`, `open_budget`, `envelope_invalid`. */
export const readRecord = async ({ records }: Pick<Parts, 'records'>, scope: Scope, id: string): Promise<View<Entity>> =>
  viewOf(scope, await records.get(scope, id))
