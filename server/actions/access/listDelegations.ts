import type { Actor } from '../../../domain/policy/actor.ts'
import type { Parts } from '../parts.ts'

/** One's place as a colleague has it for a while, or will. `ids`: the grants it is made of, one per role. Times are ISO 8601; `starts` null: at once. */
export type Delegation = { ids: string[]; staffId: string; forStaff: string; roles: string[]; starts: string | null; ends: string }

/** Returns the delegations that go on or are to come: those the actor gave, and those given to the actor; the next to end first. */
export const listDelegations = async (
  { pool }: Pick<Parts, 'pool'>,
  actor: Actor,
): Promise<{ given: Delegation[]; received: Delegation[] }> => {
  const { rows } = await pool.query<Delegation>(
    `select array_agg(g.id::text order by g.role) as ids, g.staff_id as "staffId", g.for_staff as "forStaff", array_agg(g.role order by g.role) as roles,
       g.starts_at as starts, g.ends_at as ends
     from auth.role_grant g where g.kind = 'delegated' and g.ends_at > now() and $1::uuid in (g.for_staff, g.staff_id)
     group by g.staff_id, g.for_staff, g.starts_at, g.ends_at order by g.ends_at, g.staff_id limit 200`,
    [actor.staffId],
  )
  return {
    given: rows.filter(({ forStaff }) => forStaff === actor.staffId),
    received: rows.filter(({ staffId }) => staffId === actor.staffId),
  }
}
