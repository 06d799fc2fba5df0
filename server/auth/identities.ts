import type { KeyObject } from 'node:crypto'
import { rowMac, textMac, verifyRowMac } from '../crypto/mac.ts'
import type { Queryable } from '../store/database.ts'
import type { Identity } from './identityProviders/identityProvider.ts'

type Row = { key: Buffer; staff_id: string; provider: string; linked_at: string; mac: Buffer }

const table = 'auth.identity'
const columns = 'key, staff_id, provider, linked_at, mac'
const parts = (row: Omit<Row, 'mac'>) => [row.key, row.staff_id, row.provider, new Date(row.linked_at)]

/** Who somebody is to an identity provider: one identity each way. A row that this installation did not write links nobody. */
export const openIdentities = ({ pool, macKey }: { pool: Queryable; macKey: () => Promise<KeyObject> }) => {
  const genuine = async (row: Row | undefined): Promise<Row | null> =>
    row && verifyRowMac(await macKey(), table, parts(row), row.mac) ? row : null
  const keyOf = async ({ issuer, subject }: Pick<Identity, 'issuer' | 'subject'>): Promise<Buffer> =>
    textMac(await macKey(), 'identity', JSON.stringify([issuer, subject]))

  /** Returns whose identity this is, or null. */
  const staffOf = async (identity: Identity): Promise<string | null> => {
    const { rows } = await pool.query<Row>(`select ${columns} from auth.identity where key = $1`, [await keyOf(identity)])
    return (await genuine(rows[0]))?.staff_id ?? null
  }

  /** Returns when somebody was linked (ISO 8601), or null where they are not. */
  const linkedAt = async (staffId: string): Promise<string | null> => {
    const { rows } = await pool.query<Row>(`select ${columns} from auth.identity where staff_id = $1`, [staffId])
    return (await genuine(rows[0]))?.linked_at ?? null
  }

  /** Links an identity to a member of staff. Returns false where either has another already. */
  const link = async (client: Queryable, provider: string, identity: Identity, staffId: string): Promise<boolean> => {
    const row = { key: await keyOf(identity), staff_id: staffId, provider, linked_at: new Date().toISOString() }
    const { rowCount } = await client.query(`insert into auth.identity (${columns}) values ($1, $2, $3, $4, $5) on conflict do nothing`, [
      ...Object.values(row),
      rowMac(await macKey(), table, parts(row)),
    ])
    return rowCount === 1
  }

  /** Takes somebody's identity away; returns whether there was one. */
  const unlink = async (client: Queryable, staffId: string): Promise<boolean> =>
    (await client.query('delete from auth.identity where staff_id = $1', [staffId])).rowCount === 1

  return { staffOf, linkedAt, link, unlink }
}

export type Identities = ReturnType<typeof openIdentities>
