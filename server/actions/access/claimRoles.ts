import { AppError } from '../../../domain/errors.ts'
import type { RoleId } from '../../../domain/policy/roles.ts'
import { systemActor } from '../../audit/systemActor.ts'
import { unclaimableRoles } from '../../config/singleSignOn.ts'
import { replaceRoles } from './replaceRoles.ts'
import { lockRights, requireKeepers } from './requireKeepers.ts'
import type { Parts } from '../parts.ts'

/**
 * Brings the lasting roles of who signs in to what their directory says: of `claimable` those in `claimed`, and what people granted beside. Stores stay as
 * they are, and so does whoever holds a role that no directory may touch. Throws `separation`, `nobody_left`; nothing has changed then.
 */
export const claimRoles = async (
  parts: Pick<Parts, 'records' | 'actors' | 'macKey'>,
  staffId: string,
  claimed: readonly RoleId[],
  claimable: readonly RoleId[],
): Promise<void> => {
  const may = claimable.filter((role) => !unclaimableRoles.includes(role))
  const isMay = (role: string): role is RoleId => (may as readonly string[]).includes(role)
  await parts.records.transaction(systemActor, async (tx) => {
    await lockRights(tx)
    const holder = (await parts.actors.holding(tx, [staffId])).get(staffId)
    if (!holder) throw new AppError('identity_unknown')
    const lasting = holder.standings.filter(({ kind }) => kind === 'lasting')
    if (lasting.some(({ roleId }) => (unclaimableRoles as readonly string[]).includes(roleId))) return
    const before = lasting.map(({ roleId }) => roleId)
    const roles = [...new Set([...before.filter((role) => !isMay(role)), ...claimed.filter(isMay)])]
    if (roles.length === before.length && roles.every((role) => before.includes(role))) return
    const { rows } = await tx.query<{ store_ids: string[] }>('select store_ids from staff where id = $1', [staffId])
    const storeIds = lasting.length > 0 ? [...new Set(lasting.flatMap((one) => one.storeIds))] : (rows[0]?.store_ids ?? [])
    await replaceRoles(parts, tx, systemActor, { staffId, version: null, roles, storeIds, accepts: null })
    await requireKeepers(parts, tx)
  })
}
