import { createHash, type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { rowMac, verifyRowMac } from '../crypto/mac.ts'
import type { Queryable } from '../store/database.ts'

/** What a one-time link is for: to join, or to come back without one's factors. */
export type LinkPurpose = 'invite' | 'recover'

/** Hours a link is good for: at least and at most, and unless said otherwise. */
export const linkHours = { least: 24, most: 72, usual: 48 } as const

type Row = {
  id: string
  token_hash: Buffer
  purpose: LinkPurpose
  staff_id: string
  issued_by: string
  created_at: string
  expires_at: string
  ended_at: string | null
  used: boolean
  mac: Buffer
}

/** A link as who manages staff sees it: never its token. Times are ISO 8601. */
export type LinkInfo = { id: string; purpose: LinkPurpose; issuedBy: string; createdAt: string; expiresAt: string }
/** A link that opens: whose, for what, by whom. */
export type OpenLink = { id: string; purpose: LinkPurpose; staffId: string; issuedBy: string; expiresAt: string }

const columns = 'id, token_hash, purpose, staff_id, issued_by, created_at, expires_at, ended_at, used, mac'
const macParts = (row: Omit<Row, 'mac'>) => [
  row.id,
  row.token_hash,
  row.purpose,
  row.staff_id,
  row.issued_by,
  new Date(row.created_at),
  new Date(row.expires_at),
  row.ended_at === null ? null : new Date(row.ended_at),
  row.used,
]

const tokenHash = (token: string): Buffer => createHash('sha256').update(`link ${token}`).digest()

/** One-time links to an account, for 24 to 72 hours. One link per person is open at a time: a new one ends those before. */
export const openLinks = ({ pool, macKey }: { pool: Queryable; macKey: () => Promise<KeyObject> }) => {
  const endAll = async (client: Queryable, staffId: string): Promise<void> => {
    const { rows } = await client.query<Row>(`select ${columns} from auth.link where staff_id = $1 and ended_at is null for update`, [
      staffId,
    ])
    for (const row of rows) await finish(client, row, false)
  }

  const finish = async (client: Queryable, row: Row, used: boolean): Promise<boolean> => {
    const ended = { ...row, ended_at: new Date().toISOString(), used }
    const mac = rowMac(await macKey(), 'auth.link', macParts(ended))
    const { rowCount } = await client.query('update auth.link set ended_at = $2, used = $3, mac = $4 where id = $1 and ended_at is null', [
      row.id,
      ended.ended_at,
      used,
      mac,
    ])
    return rowCount === 1
  }

  /** Makes a link and returns its token, which nobody can be told again. */
  const issue = async (
    client: Queryable,
    link: { purpose: LinkPurpose; staffId: string; issuedBy: string; hours: number },
  ): Promise<{ id: string; token: string; expiresAt: string }> => {
    await endAll(client, link.staffId)
    const token = randomBytes(32).toString('base64url')
    const now = Date.now()
    const row = {
      id: randomUUID(),
      token_hash: tokenHash(token),
      purpose: link.purpose,
      staff_id: link.staffId,
      issued_by: link.issuedBy,
      created_at: new Date(now).toISOString(),
      expires_at: new Date(now + link.hours * 3_600_000).toISOString(),
      ended_at: null,
      used: false,
    }
    await client.query(`insert into auth.link (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, [
      ...Object.values(row),
      rowMac(await macKey(), 'auth.link', macParts(row)),
    ])
    return { id: row.id, token, expiresAt: row.expires_at }
  }

  const find = async (client: Queryable, token: string): Promise<Row | null> => {
    if (!/^[\w-]{43}$/.test(token)) return null
    const { rows } = await client.query<Row>(
      `select ${columns} from auth.link where token_hash = $1 and ended_at is null and expires_at > now()`,
      [tokenHash(token)],
    )
    return rows[0] && verifyRowMac(await macKey(), 'auth.link', macParts(rows[0]), rows[0].mac) ? rows[0] : null
  }

  /** Returns what a token opens, or null; it stays open. */
  const look = async (token: string): Promise<OpenLink | null> => {
    const row = await find(pool, token)
    return row && { id: row.id, purpose: row.purpose, staffId: row.staff_id, issuedBy: row.issued_by, expiresAt: row.expires_at }
  }

  /** Uses a link up, in the caller's transaction; false when it was used, revoked or outlived meanwhile. */
  const use = async (client: Queryable, token: string): Promise<boolean> => {
    const row = await find(client, token)
    return row !== null && finish(client, row, true)
  }

  /** Uses up the invitation that is open to a member of staff, in the caller's transaction; returns it, or null where none is. */
  const useInvitation = async (client: Queryable, staffId: string): Promise<OpenLink | null> => {
    const { rows } = await client.query<Row>(
      `select ${columns} from auth.link where staff_id = $1 and purpose = 'invite' and ended_at is null and expires_at > now() for update`,
      [staffId],
    )
    const row = rows[0]
    if (!row || !verifyRowMac(await macKey(), 'auth.link', macParts(row), row.mac) || !(await finish(client, row, true))) return null
    return { id: row.id, purpose: row.purpose, staffId, issuedBy: row.issued_by, expiresAt: row.expires_at }
  }

  /** Ends a link of a member of staff; returns whether it was open. */
  const revoke = async (client: Queryable, staffId: string, id: string): Promise<boolean> => {
    const { rows } = await client.query<Row>(
      `select ${columns} from auth.link where id = $1 and staff_id = $2 and ended_at is null and expires_at > now()`,
      [id, staffId],
    )
    return rows[0] !== undefined && finish(client, rows[0], false)
  }

  /** Returns the open links of a member of staff. */
  const list = async (staffId: string): Promise<LinkInfo[]> =>
    (
      await pool.query<LinkInfo>(
        `select id, purpose, issued_by as "issuedBy", created_at as "createdAt", expires_at as "expiresAt" from auth.link
         where staff_id = $1 and ended_at is null and expires_at > now() order by created_at desc`,
        [staffId],
      )
    ).rows

  return { issue, look, use, useInvitation, revoke, list }
}

export type Links = ReturnType<typeof openLinks>
