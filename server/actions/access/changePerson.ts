import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import type { ScopeOf, PatchOf } from '../../store/records.ts'
import type { Parts } from '../parts.ts'
import { inputOf } from '../records/inputOf.ts'
import { lockRights, requireKeepers } from './requireKeepers.ts'

/** What of a person's record is not a right: roles and stores have a way of their own (setRoles.ts). */
export type PersonPatch = { readonly name?: string; readonly joinsOn?: string | null; readonly leavesOn?: string | null }

/**
 * Changes who somebody is and how long they work here. A last day takes effect by itself, when the day is over. Throws `own_rights` for one's own last day,
 * `last_owner`, `nobody_left`, `input_invalid`, `version_conflict`, `not_found`.
 */
export const changePerson = async (
  parts: Pick<Parts, 'records' | 'actors'>,
  scope: ScopeOf<'staff'>,
  staffId: string,
  version: number,
  given: PersonPatch,
): Promise<{ version: number; position: number }> => {
  const actor: Actor = scope.actor
  if (given.leavesOn !== undefined && actor.staffId === staffId) throw new AppError('own_rights')
  const patch = inputOf(scope, given, 'update') as PatchOf<'staff'>
  const { value, position } = await parts.records.transaction(actor, async (tx) => {
    await lockRights(tx)
    const row = await tx.change(scope, staffId, version, patch)
    if (row.joinsOn !== null && row.leavesOn !== null && row.leavesOn < row.joinsOn)
      throw new AppError('input_invalid', { problems: [{ field: 'leavesOn', problem: 'bad_date' }] })
    if (given.leavesOn != null || given.joinsOn != null) await requireKeepers(parts, tx)
    return row.version
  })
  return { version: value, position }
}
