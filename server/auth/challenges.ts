import { createHash, type KeyObject, randomBytes } from 'node:crypto'
import { rowMac, verifyRowMac } from '../crypto/mac.ts'
import type { Queryable } from '../store/database.ts'

/** What a challenge is for: its answer counts for nothing else. */
export type ChallengePurpose = 'sign_in' | 'step_up' | 'unlock' | 'register' | 'join' | 'code' | 'sso' | 'sso_second'

/** Minutes a challenge may be answered. */
const minutes = 5

type Row = { key: Buffer; purpose: string; binding: string; expires_at: string; sealed_detail: Buffer | null; mac: Buffer }

const keyOf = (challenge: string): Buffer => createHash('sha256').update(challenge).digest()

const parts = (row: Omit<Row, 'mac'>) => [row.key, row.purpose, row.binding, new Date(row.expires_at), row.sealed_detail]

/** Single-use questions in PostgreSQL, for a purpose and bound to a session, a device or a link: whoever answers on another node, or twice, finds none. */
export const openChallenges = ({ pool, macKey }: { pool: Queryable; macKey: () => Promise<KeyObject> }) => {
  /** Makes a challenge (base64url of 32 random bytes). `detail`: sealed bytes that come back with the answer. */
  const make = async (purpose: ChallengePurpose, binding: string, detail: Buffer | null = null): Promise<string> => {
    const challenge = randomBytes(32).toString('base64url')
    const expires_at = new Date(Date.now() + minutes * 60_000).toISOString()
    const row = { key: keyOf(challenge), purpose, binding, expires_at, sealed_detail: detail }
    await pool.query(
      `with expired as (delete from auth.challenge where expires_at < now())
       insert into auth.challenge (key, purpose, binding, expires_at, sealed_detail, mac) values ($1, $2, $3, $4, $5, $6)`,
      [row.key, purpose, binding, expires_at, detail, rowMac(await macKey(), 'auth.challenge', parts(row))],
    )
    return challenge
  }

  /** Uses a challenge up and returns it, or null where there is none for this purpose and binding. It is gone then, whatever the answer was. */
  const take = async (purpose: ChallengePurpose, binding: string, challenge: string): Promise<{ detail: Buffer | null } | null> => {
    const { rows } = await pool.query<Row>(
      `delete from auth.challenge where key = $1 and purpose = $2 and binding = $3 and expires_at > now()
       returning key, purpose, binding, expires_at, sealed_detail, mac`,
      [keyOf(challenge), purpose, binding],
    )
    const row = rows[0]
    return row && verifyRowMac(await macKey(), 'auth.challenge', parts(row), row.mac) ? { detail: row.sealed_detail } : null
  }

  return { make, take }
}

export type Challenges = ReturnType<typeof openChallenges>
