import { smallShop } from '../../../domain/policy/separation.ts'
import type { Parts } from '../parts.ts'

/** A departure from the separation of powers as it was accepted. `overdue`: it goes on although the shop is no small one any more. Times are ISO 8601. */
export type Deviation = {
  id: string
  kind: string
  staffId: string | null
  reason: string
  acceptedBy: string | null
  at: string
  endedAt: string | null
  overdue: boolean
}

/** Returns every departure there is or was, those that go on first. */
export const listDeviations = async ({ pool }: Pick<Parts, 'pool'>): Promise<{ items: Deviation[] }> => {
  const { rows } = await pool.query<Deviation>(
    `select d.id, d.kind, d.staff_id as "staffId", d.reason, d.accepted_by as "acceptedBy", d.at, d.ended_at as "endedAt",
       d.ended_at is null and (select count(*) from staff where active and trashed_at is null) > $1 as overdue
     from auth.deviation d order by d.ended_at nulls first, d.at desc limit 500`,
    [smallShop],
  )
  return { items: rows }
}
