import type { KeyObject } from 'node:crypto'
import { readRole } from '../../domain/policy/readRole.ts'
import type { Role } from '../../domain/policy/role.ts'
import { rowMac, verifyRowMac } from '../crypto/mac.ts'
import type { Queryable } from '../store/database.ts'

/** A row of `auth.own_role` as JSON aggregation gives it; `mac` is hexadecimal. */
export type OwnRoleRow = { id: string; name: string; definition: string; version: number; mac: string }

const table = 'auth.own_role'

const parts = (row: Omit<OwnRoleRow, 'mac'>): (string | number)[] => [row.id, row.name, row.definition, row.version]

/** The dealer's own roles that a member of staff `st` is granted, as JSON, for a query that reads more. */
export const ownRolesJson = `coalesce((select json_agg(json_build_object('id', o.id, 'name', o.name, 'definition', o.definition, 'version', o.version,
    'mac', encode(o.mac, 'hex'))) from auth.own_role o
    where o.id in (select g.role from auth.role_grant g where g.staff_id = st.id)), '[]')`

// A definition is parsed and checked once per version, not at every look at a session.
const opened = new Map<string, Role | null>()

/** Returns what an own role may do, or null for a row that this installation did not write as it is. */
export const openOwnRole = (macKey: KeyObject, row: OwnRoleRow): Role | null => {
  if (!verifyRowMac(macKey, table, parts(row), Buffer.from(row.mac, 'hex'))) return null
  const known = opened.get(row.mac)
  if (known !== undefined) return known
  const { role } = readRole(JSON.parse(row.definition))
  if (opened.size > 1_000) opened.clear()
  opened.set(row.mac, role)
  return role
}

/** Stores an own role over the version before; returns whether that was still the newest. */
export const storeOwnRole = async (
  client: Queryable,
  macKey: KeyObject,
  asked: { id: string; name: string; role: Role; version: number; editedBy: string },
): Promise<boolean> => {
  const row = { id: asked.id, name: asked.name, definition: JSON.stringify(asked.role), version: asked.version }
  const { rowCount } = await client.query(
    `insert into auth.own_role as o (id, name, definition, version, edited_by, edited_at, mac) values ($1, $2, $3, $4, $5, now(), $6)
     on conflict (id) do update set name = $2, definition = $3, version = $4, edited_by = $5, edited_at = now(), mac = $6
     where o.version = $4 - 1 and o.retired_at is null`,
    [row.id, row.name, row.definition, row.version, asked.editedBy, rowMac(macKey, table, parts(row))],
  )
  return rowCount === 1
}
