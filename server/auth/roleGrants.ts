import type { KeyObject } from 'node:crypto'
import { type RoleId, roleIds } from '../../domain/policy/roles.ts'
import { rowMac, verifyRowMac } from '../crypto/mac.ts'
import type { Queryable } from '../store/database.ts'

/** A row of `auth.role_grant` as JSON aggregation gives it; `mac` is hexadecimal. */
export type GrantRow = { staff_id: string; role: string; store_ids: string[]; granted_by: string | null; granted_at: string; mac: string }

const table = 'auth.role_grant'

const parts = (row: Omit<GrantRow, 'mac'>): (string | Date | null)[] => [
  row.staff_id,
  row.role,
  row.store_ids.toSorted().join(','),
  row.granted_by,
  new Date(row.granted_at),
]

/** What a member of staff may be, by rows whose MAC is right; `forged` names the roles of rows whose MAC is not. */
export type Standing = { roles: RoleId[]; storeIds: string[]; forged: string[] }

const isRole = (role: string): role is RoleId => (roleIds as readonly string[]).includes(role)

/** Reads grants. A row that this installation did not write, or that was altered or moved to other staff, grants nothing. */
export const readStanding = (macKey: KeyObject, staffId: string, rows: readonly GrantRow[]): Standing => {
  const own = (row: GrantRow): boolean =>
    row.staff_id === staffId && isRole(row.role) && verifyRowMac(macKey, table, parts(row), Buffer.from(row.mac, 'hex'))
  const good = rows.filter(own)
  return {
    roles: good.map((row) => row.role as RoleId).toSorted(),
    storeIds: [...new Set(good.flatMap((row) => row.store_ids))].toSorted(),
    forged: rows.filter((row) => !own(row)).map((row) => row.role),
  }
}

/** Replaces what a member of staff is granted, in the caller's transaction. Sessions notice within two seconds. */
export const grantRoles = async (
  client: Queryable,
  macKey: KeyObject,
  grant: { staffId: string; roles: readonly RoleId[]; storeIds: readonly string[]; grantedBy: string | null },
): Promise<void> => {
  await client.query('delete from auth.role_grant where staff_id = $1', [grant.staffId])
  const granted_at = new Date().toISOString()
  for (const role of grant.roles) {
    const row = { staff_id: grant.staffId, role, store_ids: [...grant.storeIds], granted_by: grant.grantedBy, granted_at }
    await client.query(
      'insert into auth.role_grant (staff_id, role, store_ids, granted_by, granted_at, mac) values ($1, $2, $3, $4, $5, $6)',
      [row.staff_id, row.role, row.store_ids, row.granted_by, row.granted_at, rowMac(macKey, table, parts(row))],
    )
  }
}
