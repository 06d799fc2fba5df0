import { catalogue, type EntityName } from '../../../domain/catalogue/all.ts'
import type { Entity, View } from '../../../domain/catalogue/entity.ts'
import type { Field } from '../../../domain/catalogue/field.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import type { PatchOf } from '../../store/records.ts'
import type { Parts } from '../parts.ts'
import { withCurrent } from './conflicts.ts'
import { inputOf } from './inputOf.ts'
import { judgeChange } from './judgeWrite.ts'
import { versionOf } from './versionOf.ts'
import { viewOf } from './viewOf.ts'

// Nobody is who introduced them: a reference to a record of its own kind means another one.
const refuseItself = (entity: EntityName, id: string, patch: Readonly<Record<string, unknown>>): void => {
  for (const [field, { to }] of Object.entries(catalogue[entity].fields as Record<string, Field>))
    if (to === entity && patch[field] === id) throw new AppError('input_invalid', { problems: [{ field, problem: 'bad_reference' }] })
}

/** Changes a record and returns it as the actor may see it. Throws `version_conflict` with the current view, and as `inputOf`, `judgeChange` and the store do. */
export const changeRecord = async (
  parts: Pick<Parts, 'records' | 'pool' | 'actors'>,
  scope: Scope,
  id: string,
  body: Record<string, unknown>,
): Promise<{ view: View<Entity>; position: number }> => {
  const { version, rest } = versionOf(body)
  const patch = inputOf(scope, rest, 'update') as PatchOf<EntityName>
  refuseItself(scope.entity, id, patch)
  const judge = await judgeChange(parts, scope, id, patch)
  const write = () =>
    parts.records.transaction(scope.actor, async (tx) => {
      const row = await tx.change(scope, id, version, patch)
      judge([row])
      return row
    })
  const { value, position } = await withCurrent(parts, scope, id, write)
  return { view: viewOf(scope, value), position }
}
