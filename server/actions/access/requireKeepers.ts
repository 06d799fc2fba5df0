import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import type { Duty } from '../../../domain/policy/role.ts'
import type { Transaction } from '../../store/records.ts'
import type { Parts } from '../parts.ts'

const needed: readonly Duty[] = ['access.manage', 'staff.manage', 'keys.manage']

/** Takes the lock under which rights change: two who take each other's away at once must see each other. Held until the transaction ends. */
export const lockRights = async (tx: Pick<Transaction, 'query'>): Promise<void> => {
  await tx.query("select pg_advisory_xact_lock(hashtext('anechoic.rights'))")
}

const isForGood = ({ standings }: Actor, duty: Duty): boolean =>
  standings.some(({ kind, until, role }) => kind === 'lasting' && until === null && role.duties.includes(duty))

/**
 * Throws where, with what the transaction has changed so far, nobody would be left for good who owns, grants, keeps accounts or keys: `last_owner`, or
 * `nobody_left` with the duty. Call it at the end of whatever takes rights away, after `lockRights`.
 */
export const requireKeepers = async ({ actors }: Pick<Parts, 'actors'>, tx: Pick<Transaction, 'query'>): Promise<void> => {
  const everybody = await actors.everybody(tx)
  const owns = ({ standings }: Actor): boolean =>
    standings.some(({ roleId, kind, until }) => roleId === 'owner' && kind === 'lasting' && until === null)
  if (!everybody.some(owns)) throw new AppError('last_owner')
  const missing = needed.find((duty) => !everybody.some((actor) => isForGood(actor, duty)))
  if (missing) throw new AppError('nobody_left', { duty: missing })
}
