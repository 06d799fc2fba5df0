import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { decide } from '../../../domain/policy/decide.ts'
import type { DeviationReason } from '../../../domain/policy/separation.ts'
import { systemActor } from '../../audit/systemActor.ts'
import { recordDeviations } from '../../auth/deviations.ts'
import { tellHolders } from '../../auth/tellHolders.ts'
import { notify } from '../../store/notices.ts'
import { grantRoles } from '../../auth/roleGrants.ts'
import type { ScopeOf, Transaction } from '../../store/records.ts'
import type { Parts } from '../parts.ts'

/** What somebody shall be for good; `version` of their record, null for whichever it has. */
type Asked = {
  readonly staffId: string
  readonly version: number | null
  readonly roles: readonly string[]
  readonly storeIds: readonly string[]
  readonly accepts: DeviationReason | null
}

/**
 * Replaces the lasting grants of somebody and what their record shows of them, and puts it in the log: for whoever has checked the right to, under
 * `lockRights`. Returns the record's version. Throws `separation`, `version_conflict`, `not_found`.
 */
export const replaceRoles = async (
  parts: Pick<Parts, 'actors' | 'macKey'>,
  tx: Transaction,
  actor: Actor,
  { staffId, version, roles, storeIds, accepts }: Asked,
): Promise<number> => {
  const { rows } = await tx.query<{ version: number; roles: string[] }>(
    'select version, roles from staff where id = $1 and trashed_at is null',
    [staffId],
  )
  if (!rows[0]) throw new AppError('not_found')
  const before = rows[0].roles
  // Whoever grants need not be who keeps the accounts.
  const scope = { ...decide(systemActor, 'staff'), actor } as ScopeOf<'staff'>
  const row = await tx.change(scope, staffId, version ?? rows[0].version, { roles: [...roles], storeIds: [...storeIds] })
  const by = actor.subject === 0 ? null : actor.staffId
  await grantRoles(tx, await parts.macKey(), { staffId, roles, storeIds, grantedBy: by })
  const after = (await parts.actors.holding(tx, [staffId])).get(staffId)
  if (after) await recordDeviations(tx, after, { staffId: by, reason: accepts })
  if (by !== null) await notify(tx, staffId, 'rights_changed', { by })
  if (before.includes('owner') !== roles.includes('owner'))
    await tellHolders(tx, parts.actors, ['access.manage'], { except: actor.staffId, kind: 'owner_changed', detail: { by: actor.staffId } })
  await tx.audit([{ actor, action: 'grant', entity: 'staff', ids: [staffId], subjects: [row.subject], fields: roles, outcome: 'done' }])
  return row.version
}
