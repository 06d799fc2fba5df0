import { decide } from '../../../domain/policy/decide.ts'
import type { Actor, StandingKind } from '../../../domain/policy/actor.ts'
import { deviationsOf, isPrivileged } from '../../../domain/policy/separation.ts'
import type { Parts } from '../parts.ts'
import { viewOf } from '../records/viewOf.ts'

/** A lent right of somebody, as those who grant see it. `ends`: ISO 8601. */
export type Loan = {
  id: string
  role: string
  storeIds: string[]
  kind: StandingKind
  forStaff: string | null
  starts: string | null
  ends: string
}

/** Somebody who works for the dealer, for whoever keeps accounts or grants. Times are ISO 8601, `lastAct` null for who never did anything. */
export type Person = {
  id: string
  version: number
  login: string
  name: string | null
  /** A program (`service`) is nobody's colleague: it has an owner, and a page of its own. */
  kind: string
  roles: string[]
  storeIds: string[]
  loans: Loan[]
  joinsOn: string | null
  leavesOn: string | null
  active: boolean
  suspended: string | null
  privileged: boolean
  deviations: string[]
  lastAct: string | null
}

type Row = { id: string; suspended: string | null; last_act: string | null; loans: Loan[] }

const facts = `select st.id, x.reason as suspended, a.at as last_act,
    coalesce((select json_agg(json_build_object('id', g.id, 'role', g.role, 'storeIds', g.store_ids, 'kind', g.kind, 'forStaff', g.for_staff,
      'starts', g.starts_at, 'ends', g.ends_at) order by g.ends_at) from auth.role_grant g
      where g.staff_id = st.id and g.kind <> 'lasting' and g.ends_at > now()), '[]') as loans
  from staff st left join auth.suspension x on x.staff_id = st.id
    left join lateral (select e.at from audit.entry e where e.actor = st.id order by e.id desc limit 1) a on true
  where st.trashed_at is null`

/** Returns everybody on the staff, by login, who has left included. */
export const listPeople = async (parts: Pick<Parts, 'pool' | 'records' | 'actors'>, actor: Actor): Promise<{ items: Person[] }> => {
  const { rows } = await parts.pool.query<Row>(facts)
  const scope = decide(actor, 'staff')
  const ids = rows.map(({ id }) => id)
  const [held, { rows: staff }] = await Promise.all([parts.actors.holding(parts.pool, ids), parts.records.getMany(scope, ids)])
  const of = new Map(rows.map((row) => [row.id, row]))
  const items = staff.map((row): Person => {
    const view = viewOf(scope, row) as unknown as Omit<Person, 'loans'>
    const { suspended, last_act, loans } = of.get(row.id)!
    const standings = held.get(row.id)?.standings ?? []
    return {
      id: row.id,
      version: row.version,
      login: view.login,
      name: typeof view.name === 'string' ? view.name : null,
      kind: view.kind,
      roles: view.roles,
      storeIds: view.storeIds,
      loans,
      joinsOn: view.joinsOn,
      leavesOn: view.leavesOn,
      active: view.active,
      suspended,
      privileged: isPrivileged(standings),
      deviations: deviationsOf(standings),
      lastAct: last_act,
    }
  })
  return { items: items.toSorted((a, b) => a.login.localeCompare(b.login)) }
}
