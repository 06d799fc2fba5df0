import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import type { DeviationReason } from '../../../domain/policy/separation.ts'
import type { Parts } from '../parts.ts'
import { requireGrantable } from './requireGrantable.ts'
import { replaceRoles } from './replaceRoles.ts'
import { lockRights, requireKeepers } from './requireKeepers.ts'

type Needs = Pick<Parts, 'records' | 'actors' | 'macKey'>

/** What somebody shall be for good. `accepts`: why a departure from the separation of powers is accepted. `version`: of the staff record. */
export type AskedRoles = {
  readonly version: number
  readonly roles: readonly string[]
  readonly storeIds: readonly string[]
  readonly accepts?: DeviationReason
}

const holdsOwner = ({ roles }: Pick<Actor, 'roles'>): boolean => roles.includes('owner')

/**
 * Throws unless the actor may change what this person is: never their own rights, and the owner's role only among owners. `before` and `after` are the roles.
 */
export const requireOthers = (actor: Actor, staffId: string, before: readonly string[], after: readonly string[]): void => {
  if (actor.staffId === staffId) throw new AppError('own_rights')
  const touchesOwner = before.includes('owner') !== after.includes('owner')
  if (touchesOwner && !holdsOwner(actor)) throw new AppError('forbidden', { fields: ['roles'] })
}

/**
 * Replaces what somebody is for good; sessions notice within two seconds. Throws `own_rights`, `forbidden`, `separation`, `last_owner`, `nobody_left`,
 * `version_conflict`, `not_found`, `input_invalid`.
 */
export const setRoles = async (
  parts: Needs,
  actor: Actor,
  staffId: string,
  asked: AskedRoles,
): Promise<{ version: number; position: number }> => {
  const roles = [...new Set(asked.roles)]
  const storeIds = [...new Set(asked.storeIds)]
  const { value, position } = await parts.records.transaction(actor, async (tx) => {
    await lockRights(tx)
    await requireGrantable(tx, actor, { roles, storeIds })
    const { rows } = await tx.query<{ roles: string[] }>('select roles from staff where id = $1 and trashed_at is null', [staffId])
    if (!rows[0]) throw new AppError('not_found')
    requireOthers(actor, staffId, rows[0].roles, roles)
    const { version, accepts = null } = asked
    const written = await replaceRoles(parts, tx, actor, { staffId, version, roles, storeIds, accepts })
    await requireKeepers(parts, tx)
    return written
  })
  return { version: value, position }
}
