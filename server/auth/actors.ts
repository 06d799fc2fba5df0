import type { KeyObject } from 'node:crypto'
import type { Actor } from '../../domain/policy/actor.ts'
import type { Audit } from '../audit/audit.ts'
import type { Queryable } from '../store/database.ts'
import { statement } from '../store/statement.ts'
import { type GrantRow, readStanding } from './roleGrants.ts'

/** Columns of a staff member `st` from which an actor is made; the caller adds its own FROM and WHERE. */
export const actorColumns = `st.id as staff_id, st.subject, st.login,
  coalesce((select json_agg(json_build_object('staff_id', g.staff_id, 'role', g.role, 'store_ids', g.store_ids, 'granted_by', g.granted_by,
    'granted_at', to_char(g.granted_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'mac', encode(g.mac, 'hex')))
    from auth.role_grant g where g.staff_id = st.id), '[]') as grants,
  coalesce((select json_agg(json_build_object('id', id, 'region', region)) from stores where trashed_at is null), '[]') as stores`

/** Staff that may act at all. */
export const isActing = 'st.active and st.trashed_at is null'

export type ActorRow = {
  staff_id: string
  subject: number
  login: string
  grants: GrantRow[]
  stores: { id: string; region: string | null }[]
}

const regionOf = (storeIds: readonly string[], stores: ActorRow['stores']): string[] => {
  const regions = new Set(stores.filter((store) => store.region !== null && storeIds.includes(store.id)).map((store) => store.region))
  return [...new Set([...storeIds, ...stores.filter((store) => regions.has(store.region)).map((store) => store.id)])]
}

const byIds = statement(`select ${actorColumns} from staff st where st.id = any($1::uuid[]) and ${isActing}`)

/**
 * Makes actors from rows, and puts a grant whose MAC is wrong on record: once per row and process, so that one forged row does not flood the log.
 * Throws `audit_unavailable` when that cannot be written.
 */
export const openActors = (options: { macKey: () => Promise<KeyObject>; audit: Pick<Audit, 'refused'> }) => {
  const reported = new Set<string>()

  const report = async (actor: Actor, roles: readonly string[]): Promise<void> => {
    for (const role of roles) {
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
    const standing = readStanding(await options.macKey(), row.staff_id, row.grants)
    const { roles, storeIds } = standing
    const regionStoreIds = regionOf(storeIds, row.stores)
    const actor: Actor = {
      staffId: row.staff_id,
      subject: row.subject,
      login: row.login,
      roles,
      storeIds,
      regionStoreIds,
      sessionId,
      address,
    }
    await report(actor, standing.forged)
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

  return { fromRow, ofMany, ofStaff }
}

export type Actors = ReturnType<typeof openActors>
