import type { Entity, View } from '../../../domain/catalogue/entity.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import type { Parts } from '../parts.ts'
import { withCurrent } from './conflicts.ts'
import { viewOf } from './viewOf.ts'

/** Puts a record in the trash, or takes it out again, and returns it as the actor may see it. Throws `version_conflict`, `not_found`, `forbidden`. */
export const trashRecord = async (
  parts: Pick<Parts, 'records'>,
  scope: Scope,
  id: string,
  act: { version: number; action: 'trash' | 'restore' },
): Promise<{ view: View<Entity>; position: number }> => {
  const write = () => parts.records.transaction(scope.actor, (tx) => tx[act.action](scope, id, act.version))
  const { value, position } = await withCurrent(parts, scope, id, write)
  return { view: viewOf(scope, value), position }
}
