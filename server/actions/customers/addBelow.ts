import { catalogue } from '../../../domain/catalogue/all.ts'
import type { Entity, View } from '../../../domain/catalogue/entity.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import type { Parts } from '../parts.ts'
import { createRecords } from '../records/createRecords.ts'

/**
 * Adds to what hangs below a customer and returns it. Where the entity says who and when, it is who adds it and now, unless said otherwise.
 * Throws as `createRecords` does.
 */
export const addBelow = async (
  parts: Pick<Parts, 'records'>,
  scope: Scope,
  customerId: string,
  body: Record<string, unknown>,
): Promise<{ view: View<Entity>; position: number }> => {
  const { fields } = catalogue[scope.entity] as Entity
  const by = Object.hasOwn(fields, 'staffId') ? { staffId: scope.actor.staffId } : {}
  const at = Object.hasOwn(fields, 'happenedAt') ? { happenedAt: new Date().toISOString() } : {}
  const { views, position } = await createRecords(parts, scope, [{ ...by, ...at, ...body, customerId }])
  return { view: views[0]!, position }
}
