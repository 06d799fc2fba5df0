import type { Entity, View } from '../../../domain/catalogue/entity.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import type { Parts } from '../parts.ts'
import { withCurrent } from '../records/conflicts.ts'
import { viewOf } from '../records/viewOf.ts'

/**
 * Takes a customer without owner for the actor. Throws `version_conflict` with the current view, whose `ownerId` says who was faster; `forbidden`,
 * `not_found`.
 */
export const claimCustomer = async (
  parts: Pick<Parts, 'records'>,
  scope: Scope,
  id: string,
  version: number,
): Promise<{ view: View<Entity>; position: number }> => {
  const write = () => parts.records.transaction(scope.actor, (tx) => tx.claim({ ...scope, entity: 'customer' }, id, version))
  const { value, position } = await withCurrent(parts, scope, id, write)
  return { view: viewOf(scope, value), position }
}
