import { randomUUID } from 'node:crypto'
import type { Actor } from '../../../domain/policy/actor.ts'
import { reviewDays, reviewEvery, type ReviewKind } from '../../../domain/policy/review.ts'
import { isPrivileged } from '../../../domain/policy/separation.ts'
import { tellHolders } from '../../auth/tellHolders.ts'
import type { Parts } from '../parts.ts'
import { lockRights } from './requireKeepers.ts'

type Needs = Pick<Parts, 'pool' | 'records' | 'actors'>

const day = 24 * 3_600_000

/** Whether a review of this kind is due at `now`: the last one was opened so long ago, or the installation is so old and there was none. */
export const isReviewDue = async ({ pool }: Pick<Parts, 'pool'>, kind: ReviewKind, now: Date): Promise<boolean> => {
  const { rows } = await pool.query<{ since: string | null; open: boolean }>(
    `select coalesce((select max(opened_at) from auth.review where kind = $1), (select min(created_at) from staff)) as since,
       exists (select 1 from auth.review where kind = $1 and closed_at is null) as open`,
    [kind],
  )
  const { since, open } = rows[0]!
  return since !== null && !open && now.getTime() - Date.parse(since) >= reviewEvery[kind] * day
}

/**
 * Opens a review of what everybody holds for good (or those who are privileged) and returns its id; the open one where there is one. What is lent ends by itself
 * and is not asked. Throws `audit_unavailable`.
 */
export const openReview = async (parts: Needs, actor: Actor, kind: ReviewKind, now: Date): Promise<{ id: string; position: number }> => {
  const { value, position } = await parts.records.transaction(actor, async (tx) => {
    await lockRights(tx)
    const open = await tx.query<{ id: string }>('select id from auth.review where kind = $1 and closed_at is null', [kind])
    if (open.rows[0]) return open.rows[0].id
    const id = randomUUID()
    const due = new Date(now.getTime() + reviewDays * day)
    await tx.query('insert into auth.review (id, kind, opened_at, due_at) values ($1, $2, $3, $4)', [id, kind, now, due])
    const everybody = await parts.actors.everybody(tx)
    for (const { staffId, standings } of everybody) {
      if (kind === 'privileged' && !isPrivileged(standings)) continue
      for (const { roleId, storeIds } of standings.filter((one) => one.kind === 'lasting'))
        await tx.query('insert into auth.review_item (review_id, staff_id, role, store_ids) values ($1, $2, $3, $4)', [
          id,
          staffId,
          roleId,
          storeIds,
        ])
    }
    await tellHolders(tx, parts.actors, ['access.manage'], { except: actor.staffId, kind: 'review_opened', detail: { review: id } })
    await tx.audit([{ actor, action: 'review_open', entity: 'installation', ids: [id], fields: [kind], outcome: 'done' }])
    return id
  })
  return { id: value, position }
}
