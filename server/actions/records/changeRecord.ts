import type { EntityName } from '../../../domain/catalogue/all.ts'
import type { Entity, View } from '../../../domain/catalogue/entity.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import type { PatchOf } from '../../store/records.ts'
import type { Parts } from '../parts.ts'
import { withCurrent } from './conflicts.ts'
import { inputOf } from './inputOf.ts'
import { versionOf } from './versionOf.ts'
import { viewOf } from './viewOf.ts'

/** Changes a record and returns it as the actor may see it. Throws `version_conflict` with the current view, and as `inputOf` and the store do. */
export const changeRecord = async (
  parts: Pick<Parts, 'records'>,
  scope: Scope,
  id: string,
  body: Record<string, unknown>,
): Promise<{ view: View<Entity>; position: number }> => {
  const { version, rest } = versionOf(body)
  const patch = inputOf(scope, rest, 'update') as PatchOf<EntityName>
  const write = () => parts.records.transaction(scope.actor, (tx) => tx.change(scope, id, version, patch))
  const { value, position } = await withCurrent(parts, scope, id, write)
  return { view: viewOf(scope, value), position }
}
