import type { Scope } from '../../../domain/policy/decide.ts'
import { none } from '../../../domain/policy/predicate.ts'
import { predicateSql } from '../../store/predicateSql.ts'
import { shapeOf } from '../../store/shape.ts'
import { shopToday } from '../../store/shopToday.ts'
import type { Parts } from '../parts.ts'

/** Why an owner does not look after their customers of a store: gone, going within a month, suspended, or of other stores now. */
export type HandoverReason = 'left' | 'leaving' | 'suspended' | 'elsewhere'

/** Customers of one store who want another owner. `appointments`: planned from today on. `leavesOn`: ISO 8601 day. */
export type Handover = {
  ownerId: string
  storeId: string
  reason: HandoverReason
  leavesOn: string | null
  customers: number
  appointments: number
}

// Whoever owns the company sees every store, and so looks after customers of each.
const reason = `case when not o.active or o.trashed_at is not null or o.leaves_on < ${shopToday} then 'left'
    when exists (select 1 from auth.suspension x where x.staff_id = o.id) then 'suspended'
    when not (r.store_id = any(o.store_ids) or 'owner' = any(o.roles)) then 'elsewhere'
    when o.leaves_on <= ${shopToday} + 30 then 'leaving' end`

/** Returns whose customers want another owner, as far as the actor may hand them over, the most first. Plain columns only: nobody is looked at. */
export const listHandovers = async ({ pool }: Pick<Parts, 'pool'>, scope: Scope): Promise<{ items: Handover[] }> => {
  const values: unknown[] = []
  const rule = predicateSql(scope.actions.handOver ?? none, shapeOf('customer').rule, values)
  const { rows } = await pool.query<Handover>(
    `with wanting as (
       select r.id, r.owner_id, r.store_id, ${reason} as reason, o.leaves_on
       from customers r join staff o on o.id = r.owner_id where r.trashed_at is null and ${rule})
     select w.owner_id as "ownerId", w.store_id as "storeId", w.reason, w.leaves_on as "leavesOn", count(*)::int as customers,
       coalesce(sum((select count(*) from appointments a where a.customer_id = w.id and a.state = 'planned' and a.starts_at >= ${shopToday}
         and w.owner_id = any(a.assignee_ids))), 0)::int as appointments
     from wanting w where w.reason is not null group by w.owner_id, w.store_id, w.reason, w.leaves_on order by count(*) desc`,
    values,
  )
  return { items: rows }
}
