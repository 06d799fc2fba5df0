import type { Entity, View } from '../../../domain/catalogue/entity.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import type { InputOf } from '../../store/records.ts'
import { catalogue, type EntityName } from '../../../domain/catalogue/all.ts'
import type { Parts } from '../parts.ts'
import { inputOf } from './inputOf.ts'
import { judgeCreation } from './judgeWrite.ts'
import { viewOf } from './viewOf.ts'

/** Most records of one batch; the body limit of HTTP admits about as many. */
const mostAtOnce = 1_000

// Who takes a customer down is their owner unless said otherwise (null: nobody): else it would be masked to them at once.
const ownedBy = (scope: Scope, given: unknown): unknown => {
  const { rowScope } = catalogue[scope.entity] as Entity
  const owner = 'owner' in rowScope ? rowScope.owner : undefined
  if (owner === undefined || typeof given !== 'object' || given === null || Array.isArray(given) || owner in given) return given
  return { ...given, [owner]: scope.actor.staffId }
}

/**
 * Creates records, all or none, and returns them as the actor may see them. Throws `input_invalid`, `unknown_key`, `masked_input` (each with the
 * place in the batch), `forbidden`, `not_found` for a parent out of sight. An owner for whom the record would not exist is `owner_elsewhere`, a reference out
 * of sight the same as one to nothing.
 */
export const createRecords = async (
  parts: Pick<Parts, 'records' | 'pool' | 'actors'>,
  scope: Scope,
  given: readonly unknown[],
): Promise<{ views: View<Entity>[]; position: number }> => {
  if (given.length === 0 || given.length > mostAtOnce)
    throw new AppError('input_invalid', { problems: [{ field: 'items', problem: 'range' }] })
  const inputs = given.map((one, i) =>
    inputOf(scope, ownedBy(scope, one), 'create', given.length > 1 ? i : undefined),
  ) as unknown as InputOf<EntityName>[]
  const judge = await judgeCreation(parts, scope, inputs)
  const { value, position } = await parts.records.transaction(scope.actor, async (tx) => {
    const rows = await tx.createMany(scope, inputs)
    judge(rows)
    return rows
  })
  return { views: value.map((row) => viewOf(scope, row)), position }
}
