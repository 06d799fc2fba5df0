import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import type { Parts } from '../parts.ts'
import { lockRights, requireKeepers } from './requireKeepers.ts'

type Needs = Pick<Parts, 'records' | 'actors' | 'sessions'>

/** Why somebody may not act for now. */
export type SuspensionReason = 'dormant' | 'manual' | 'review'

/** Keeps somebody from acting until `resume`: their sessions end at once. Throws `own_rights`, `last_owner`, `nobody_left`, `not_found`. */
export const suspend = async (parts: Needs, actor: Actor, staffId: string, reason: SuspensionReason): Promise<{ position: number }> => {
  if (actor.staffId === staffId) throw new AppError('own_rights')
  const { position } = await parts.records.transaction(actor, async (tx) => {
    await lockRights(tx)
    const { rows } = await tx.query<{ subject: number }>('select subject from staff where id = $1 and trashed_at is null', [staffId])
    if (!rows[0]) throw new AppError('not_found')
    await tx.query('insert into auth.suspension (staff_id, reason, by_staff, at) values ($1, $2, $3, now()) on conflict do nothing', [
      staffId,
      reason,
      actor.subject === 0 ? null : actor.staffId,
    ])
    await requireKeepers(parts, tx)
    await tx.audit([{ actor, action: 'suspend', entity: 'staff', ids: [staffId], subjects: [rows[0].subject], outcome: 'done' }])
  })
  await parts.sessions.endAll(staffId)
  return { position }
}

/** Lets somebody act again. Throws `not_found` for somebody who is not suspended. */
export const resume = async (parts: Needs, actor: Actor, staffId: string): Promise<{ position: number }> => {
  const { position } = await parts.records.transaction(actor, async (tx) => {
    const { rows } = await tx.query<{ subject: number }>(
      'delete from auth.suspension x using staff st where x.staff_id = $1 and st.id = x.staff_id returning st.subject',
      [staffId],
    )
    if (!rows[0]) throw new AppError('not_found')
    await tx.audit([{ actor, action: 'resume', entity: 'staff', ids: [staffId], subjects: [rows[0].subject], outcome: 'done' }])
  })
  return { position }
}
