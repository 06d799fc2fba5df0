import type { Entity, View } from '../../../domain/catalogue/entity.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import type { InputOf } from '../../store/records.ts'
import type { EntityName } from '../../../domain/catalogue/all.ts'
import type { Parts } from '../parts.ts'
import { inputOf } from './inputOf.ts'
import { viewOf } from './viewOf.ts'

/** Most records of one batch; the body limit of HTTP admits about as many. */
const mostAtOnce = 1_000

/**
 * Creates records, all or none, and returns them as the actor may see them. Throws `input_invalid`, `unknown_key`, `masked_input` (each with the
 * place in the batch), `forbidden`, `not_found` for a parent out of sight.
 */
export const createRecords = async (
  { records }: Pick<Parts, 'records'>,
  scope: Scope,
  given: readonly unknown[],
): Promise<{ views: View<Entity>[]; position: number }> => {
  if (given.length === 0 || given.length > mostAtOnce) throw new AppError('input_invalid', { problems: [{ field: 'items', problem: 'range' }] })
  const inputs = given.map((one, i) => inputOf(scope, one, 'create', given.length > 1 ? i : undefined)) as unknown as InputOf<EntityName>[]
  const { value, position } = await records.transaction(scope.actor, (tx) => tx.createMany(scope, inputs))
  return { views: value.map((row) => viewOf(scope, row)), position }
}
