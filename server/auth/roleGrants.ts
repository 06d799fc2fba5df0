import { type KeyObject, randomUUID } from 'node:crypto'
import type { StandingKind } from '../../domain/policy/actor.ts'
import { rowMac, verifyRowMac } from '../crypto/mac.ts'
import type { Queryable } from '../store/database.ts'

/** A row of `auth.role_grant` as JSON aggregation gives it; `mac` is hexadecimal, times are ISO 8601. */
export type GrantRow = {
  id: string
  staff_id: string
  role: string
  store_ids: string[]
  kind: StandingKind
  for_staff: string | null
  granted_by: string | null
  granted_at: string
  starts_at: string | null
  ends_at: string | null
  mac: string
}

const table = 'auth.role_grant'

const instant = (column: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** The grants of a member of staff `st` as JSON, for a query that reads more. */
export const grantsJson = `coalesce((select json_agg(json_build_object('id', g.id, 'staff_id', g.staff_id, 'role', g.role, 'store_ids', g.store_ids,
    'kind', g.kind, 'for_staff', g.for_staff, 'granted_by', g.granted_by, 'granted_at', ${instant('g.granted_at')},
    'starts_at', ${instant('g.starts_at')}, 'ends_at', ${instant('g.ends_at')}, 'mac', encode(g.mac, 'hex')))
    from auth.role_grant g where g.staff_id = st.id), '[]')`

const dateOf = (at: string | null): Date | null => (at === null ? null : new Date(at))

const parts = (row: Omit<GrantRow, 'mac'>): (string | Date | null)[] => [
  row.staff_id,
  row.role,
  row.store_ids.toSorted().join(','),
  row.granted_by,
  new Date(row.granted_at),
  ...(row.kind === 'lasting' ? [] : [row.id, row.kind, row.for_staff, dateOf(row.starts_at), dateOf(row.ends_at)]),
]

/** Whether this installation wrote the row as it is, for this person. What it did not write, or what was altered or moved to other staff, grants nothing. */
export const isGenuine = (macKey: KeyObject, staffId: string, row: GrantRow): boolean =>
  row.staff_id === staffId && verifyRowMac(macKey, table, parts(row), Buffer.from(row.mac, 'hex'))

/** A grant to be written. Times are ISO 8601; `endsAt` is null for a lasting one. */
export type NewGrant = {
  readonly staffId: string
  readonly role: string
  readonly storeIds: readonly string[]
  readonly kind: StandingKind
  readonly forStaff: string | null
  readonly grantedBy: string | null
  readonly startsAt: string | null
  readonly endsAt: string | null
}

/** Writes a grant in the caller's transaction and returns its id. Sessions notice within two seconds. */
export const addGrant = async (client: Queryable, macKey: KeyObject, grant: NewGrant): Promise<string> => {
  const row: Omit<GrantRow, 'mac'> = {
    id: randomUUID(),
    staff_id: grant.staffId,
    role: grant.role,
    store_ids: [...grant.storeIds],
    kind: grant.kind,
    for_staff: grant.forStaff,
    granted_by: grant.grantedBy,
    granted_at: new Date().toISOString(),
    starts_at: grant.startsAt,
    ends_at: grant.endsAt,
  }
  await client.query(
    `insert into auth.role_grant (id, staff_id, role, store_ids, kind, for_staff, granted_by, granted_at, starts_at, ends_at, mac)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [...Object.values(row), rowMac(macKey, table, parts(row))],
  )
  return row.id
}

/** Replaces what a member of staff is granted for good, in the caller's transaction. */
export const grantRoles = async (
  client: Queryable,
  macKey: KeyObject,
  grant: { staffId: string; roles: readonly string[]; storeIds: readonly string[]; grantedBy: string | null },
): Promise<void> => {
  const { staffId, storeIds, grantedBy } = grant
  await client.query("delete from auth.role_grant where staff_id = $1 and kind = 'lasting'", [staffId])
  for (const role of grant.roles)
    await addGrant(client, macKey, { staffId, role, storeIds, kind: 'lasting', forStaff: null, grantedBy, startsAt: null, endsAt: null })
}
