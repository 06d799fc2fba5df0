import type { Entity, View } from '../../../domain/catalogue/entity.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import type { Parts } from '../parts.ts'
import { createRecords } from '../records/createRecords.ts'

/**
 * Adds an entry to a customer's timeline and returns it. Who adds it is who did it, and it happened now, unless said otherwise.
 * Throws as `createRecords` does.
 */
export const addInteraction = async (
  parts: Pick<Parts, 'records'>,
  scope: Scope,
  customerId: string,
  body: Record<string, unknown>,
): Promise<{ view: View<Entity>; position: number }> => {
  const input = { happenedAt: new Date().toISOString(), staffId: scope.actor.staffId, ...body, customerId }
  const { views, position } = await createRecords(parts, scope, [input])
  return { view: views[0]!, position }
}
