import { type KeyObject, randomBytes } from 'node:crypto'
import type pg from 'pg'
import { rowMac, textMac, verifyRowMac } from '../crypto/mac.ts'
import type { Queryable } from '../store/database.ts'
import { inTransaction } from '../store/transaction.ts'

const count = 10
// 31 letters and digits without look-alikes: ten of them are 49 bits, beside a password and with throttled guessing.
const alphabet = '23456789abcdefghjkmnpqrstuvwxyz'
const length = 10

type Row = { staff_id: string; code_hash: Buffer; created_at: string; used_at: string | null; mac: Buffer }

const macParts = (row: Omit<Row, 'mac'>) => [
  row.staff_id,
  row.code_hash,
  new Date(row.created_at),
  row.used_at === null ? null : new Date(row.used_at),
]

const inventCode = (): string => {
  const letters: string[] = []
  while (letters.length < length)
    for (const byte of randomBytes(16)) if (byte < 248 && letters.length < length) letters.push(alphabet[byte % 31]!)
  return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`
}

const plain = (code: string): string => code.normalize('NFKC').toLowerCase().replaceAll(/[\s-]/g, '')

/** Whether the text has the form of a recovery code rather than of an app's six digits. */
export const looksLikeRecoveryCode = (code: string): boolean => new RegExp(`^[${alphabet}]{${length}}$`).test(plain(code))

// A keyed hash: who has the database alone cannot try the codes through.
const hashOf = (macKey: KeyObject, staffId: string, code: string): Buffer => textMac(macKey, 'recovery-code', `${staffId} ${plain(code)}`)

/** Ten codes for who has neither phone nor passkey at hand; each counts once. */
export const openRecoveryCodes = ({ pool, macKey }: { pool: pg.Pool; macKey: () => Promise<KeyObject> }) => {
  /** Replaces somebody's codes and returns the new ones, which are shown once. */
  const regenerate = async (staffId: string): Promise<string[]> => {
    const key = await macKey()
    const codes = Array.from({ length: count }, inventCode)
    const created_at = new Date().toISOString()
    await inTransaction(pool, async (client) => {
      await client.query('delete from auth.recovery_code where staff_id = $1', [staffId])
      for (const code of codes) {
        const row = { staff_id: staffId, code_hash: hashOf(key, staffId, code), created_at, used_at: null }
        await client.query('insert into auth.recovery_code (staff_id, code_hash, created_at, mac) values ($1, $2, $3, $4)', [
          staffId,
          row.code_hash,
          created_at,
          rowMac(key, 'auth.recovery_code', macParts(row)),
        ])
      }
    })
    return codes
  }

  /** Uses a code up; returns whether it was one of theirs and unused. */
  const use = async (staffId: string, code: string): Promise<boolean> => {
    const key = await macKey()
    const { rows } = await pool.query<Row>(
      'select staff_id, code_hash, created_at, used_at, mac from auth.recovery_code where staff_id = $1 and code_hash = $2 and used_at is null',
      [staffId, hashOf(key, staffId, code)],
    )
    const row = rows[0]
    if (!row || !verifyRowMac(key, 'auth.recovery_code', macParts(row), row.mac)) return false
    const used_at = new Date().toISOString()
    const { rowCount } = await pool.query(
      'update auth.recovery_code set used_at = $3, mac = $4 where staff_id = $1 and code_hash = $2 and used_at is null',
      [staffId, row.code_hash, used_at, rowMac(key, 'auth.recovery_code', macParts({ ...row, used_at }))],
    )
    return rowCount === 1
  }

  /** Returns how many codes are left. */
  const left = async (client: Queryable, staffId: string): Promise<number> =>
    (
      await client.query<{ left: number }>('select count(*)::int as left from auth.recovery_code where staff_id = $1 and used_at is null', [
        staffId,
      ])
    ).rows[0]!.left

  return { regenerate, use, left }
}

export type RecoveryCodes = ReturnType<typeof openRecoveryCodes>
