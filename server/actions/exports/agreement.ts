import { type Approval, approvalState } from '../../../domain/access/approval.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { decide, hasDuty } from '../../../domain/policy/decide.ts'
import { type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import { smallShop } from '../../../domain/policy/separation.ts'
import { readApprovals } from '../../auth/approvals.ts'
import type { Queryable } from '../../store/database.ts'
import type { ExportRow } from '../../store/exportTable.ts'
import type { Parts } from '../parts.ts'

/** Whether somebody could agree to a file with these rows: they have the duty, and every one of the rows exists for them too. */
export const couldAgree = (actor: Actor, rows: readonly RuleRow[]): boolean => {
  if (!hasDuty(actor, 'access.approve')) return false
  const scope = decide(actor, 'customer')
  return rows.every((row) => satisfies(scope.rows, row))
}

const activeStaff = async (pool: Queryable): Promise<string[]> =>
  (await pool.query<{ id: string }>('select id from staff where active and trashed_at is null')).rows.map(({ id }) => id)

/** Returns how many others could agree, and whether the shop is so small that one may agree with oneself after a while (DESIGN 6). */
export const whoCouldAgree = async (
  { pool, actors }: Pick<Parts, 'pool' | 'actors'>,
  actor: Actor,
  rows: readonly RuleRow[],
): Promise<{ others: number; isSelfPossible: boolean }> => {
  const ids = await activeStaff(pool)
  const staff = await actors.ofMany(
    pool,
    ids.filter((id) => id !== actor.staffId),
  )
  return {
    others: [...staff.values()].filter((one) => couldAgree(one, rows)).length,
    isSelfPossible: ids.length <= smallShop && couldAgree(actor, rows),
  }
}

/**
 * Refuses an export that needs the agreement of somebody else and does not have it. Asked again when the file is made: what stands in the database may
 * have been altered since. Throws `approval_refused`, `approval_closed`, `forbidden`.
 */
export const requireAgreed = async (
  { pool, macKey }: Pick<Parts, 'pool' | 'macKey'>,
  asked: Pick<ExportRow, 'id' | 'approval' | 'rows' | 'staffId'>,
  threshold: number,
): Promise<void> => {
  if (asked.approval === null) {
    if (asked.rows > threshold) throw new AppError('forbidden', { problem: 'approval' })
    return
  }
  const approval: Approval | undefined = (await readApprovals(pool, await macKey(), [asked.approval])).get(asked.approval)
  if (!approval || approval.target !== asked.id || approval.askedBy !== asked.staffId)
    throw new AppError('forbidden', { problem: 'approval' })
  const state = approvalState(approval)
  if (state === 'refused') throw new AppError('approval_refused')
  if (state !== 'approved') throw new AppError('approval_closed')
}
