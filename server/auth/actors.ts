import type { KeyObject } from 'node:crypto'
import { type Actor, actorWith, type Standing } from '../../domain/policy/actor.ts'
import type { Role } from '../../domain/policy/role.ts'
import { emergencyRole, isShippedRole, roles } from '../../domain/policy/roles.ts'
import { shopZone } from '../../domain/text/zonedTime.ts'
import type { Audit } from '../audit/audit.ts'
import type { Queryable } from '../store/database.ts'
import { shopToday } from '../store/shopToday.ts'
import { statement } from '../store/statement.ts'
import { openOwnRole, ownRolesJson, type OwnRoleRow } from './ownRoles.ts'
import { type GrantRow, grantsJson, isGenuine } from './roleGrants.ts'
import { type AssignmentRow, assignmentsJson, readWorkingSet } from './workingSet.ts'

/** Columns of a staff member `st` from which an actor is made; the caller adds its own FROM and WHERE. */
export const actorColumns = `st.id as staff_id, st.subject, st.login, ${grantsJson} as grants, ${ownRolesJson} as own_roles,
  to_char((st.leaves_on + 1)::timestamp at time zone '${shopZone}' at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as leaves_at,
  coalesce((select json_agg(json_build_object('id', id, 'region', region)) from stores where trashed_at is null), '[]') as stores,
  ${assignmentsJson} as assignments`

/** Staff that may act at all: from the first day to the last, both included. */
export const isActing = `st.active and st.trashed_at is null and (st.joins_on is null or st.joins_on <= ${shopToday})
  and (st.leaves_on is null or ${shopToday} <= st.leaves_on) and not exists (select 1 from auth.suspension x where x.staff_id = st.id)`

export type ActorRow = {
  staff_id: string
  subject: number
  login: string
  grants: GrantRow[]
  own_roles: OwnRoleRow[]
  /** The instant after the last day, ISO 8601. */
  leaves_at: string | null
  stores: { id: string; region: string | null }[]
  assignments: AssignmentRow[]
}

const regionOf = (storeIds: readonly string[], stores: ActorRow['stores']): string[] => {
  const regions = new Set(stores.filter((store) => store.region !== null && storeIds.includes(store.id)).map((store) => store.region))
  return [...new Set([...storeIds, ...stores.filter((store) => regions.has(store.region)).map((store) => store.id)])]
}

const earlier = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b < a) ? b : a)

const shippedRole = ({ role, kind }: GrantRow): Role | null =>
  kind === 'emergency' ? emergencyRole : isShippedRole(role) ? roles[role] : null

/** Returns the standings of the grants that hold at `now` (ISO 8601), and the roles of those that this installation did not write as they are. */
const readStandings = (macKey: KeyObject, row: ActorRow, now: string): { standings: Standing[]; forged: string[] } => {
  const own = new Map(row.own_roles.map((one) => [one.id, { name: one.name, role: openOwnRole(macKey, one) }]))
  const forged: string[] = []
  const standings = row.grants.flatMap((grant): Standing[] => {
    const { name = null, role = shippedRole(grant) } = own.get(grant.role) ?? {}
    if (!role || !isGenuine(macKey, row.staff_id, grant)) return (forged.push(grant.role), [])
    if ((grant.starts_at ?? '') > now || (grant.ends_at !== null && grant.ends_at <= now)) return []
    return [
      {
        roleId: grant.role,
        name,
        role,
        storeIds: grant.store_ids.toSorted(),
        regionStoreIds: regionOf(grant.store_ids, row.stores),
        ownerIds: [row.staff_id, ...(grant.for_staff ? [grant.for_staff] : [])],
        kind: grant.kind,
        until: earlier(grant.ends_at, row.leaves_at),
      },
    ]
  })
  return { standings, forged }
}

const byIds = statement(`select ${actorColumns} from staff st where st.id = any($1::uuid[]) and ${isActing}`)

/**
 * Makes actors from rows, and puts a grant whose MAC is wrong on record: once per row and process, so that one forged row does not flood the log.
 * Throws `audit_unavailable` when that cannot be written.
 */
export const openActors = (options: { macKey: () => Promise<KeyObject>; audit: Pick<Audit, 'refused'> }) => {
  const reported = new Set<string>()

  const report = async (actor: Actor, forged: readonly string[]): Promise<void> => {
    for (const role of forged) {
      const key = `${actor.staffId}/${role}`
      if (reported.has(key)) continue
      await options.audit.refused({
        actor,
        action: 'grant_invalid',
        entity: 'staff',
        ids: [actor.staffId],
        subjects: [actor.subject],
        fields: [role.slice(0, 40)],
      })
      reported.add(key)
    }
  }

  const fromRow = async (row: ActorRow, sessionId: string | null, address: string | null): Promise<Actor> => {
    const macKey = await options.macKey()
    const { standings, forged } = readStandings(macKey, row, new Date().toISOString())
    const working = readWorkingSet(macKey, row.staff_id, row.assignments)
    const { workingIds } = working
    const actor = actorWith({ staffId: row.staff_id, subject: row.subject, login: row.login, workingIds, sessionId, address }, standings)
    await report(actor, [...forged, ...(working.forged ? ['assignment'] : [])])
    return actor
  }

  /** Returns members of staff as actors without a session, by id, in one query; whoever may not act any more is left out. */
  const ofMany = async (client: Queryable, staffIds: readonly string[]): Promise<Map<string, Actor>> => {
    const { rows } = await client.query<ActorRow>({ ...byIds, values: [staffIds] })
    return new Map(await Promise.all(rows.map(async (row) => [row.staff_id, await fromRow(row, null, null)] as const)))
  }

  /** Returns one member of staff so (for a job they started), or null when they may not act any more. */
  const ofStaff = async (client: Queryable, staffId: string): Promise<Actor | null> =>
    (await ofMany(client, [staffId])).get(staffId) ?? null

  /** Returns everybody who may act now. */
  const everybody = async (client: Queryable): Promise<Actor[]> => {
    const { rows } = await client.query<ActorRow>(`select ${actorColumns} from staff st where ${isActing}`)
    return Promise.all(rows.map((row) => fromRow(row, null, null)))
  }

  /** Returns what members of staff hold, by id, whether or not they may act now; nobody acts by it. */
  const holding = async (client: Queryable, staffIds: readonly string[]): Promise<Map<string, Actor>> => {
    const { rows } = await client.query<ActorRow>(`select ${actorColumns} from staff st where st.id = any($1::uuid[])`, [staffIds])
    return new Map(await Promise.all(rows.map(async (row) => [row.staff_id, await fromRow(row, null, null)] as const)))
  }

  return { fromRow, ofMany, ofStaff, everybody, holding }
}

export type Actors = ReturnType<typeof openActors>
