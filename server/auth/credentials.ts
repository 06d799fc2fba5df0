import type { KeyObject } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import { rowMac, verifyRowMac } from '../crypto/mac.ts'
import type { Queryable } from '../store/database.ts'
import { verifyNobody, verifyPassword } from './passwordHash.ts'
import { passwordProblem } from './passwordRules.ts'

const table = 'auth.credential'

/** A row of `auth.credential` as the driver gives it. */
export type CredentialRow = { staff_id: string; password_hash: string; password_set_at: string; must_change: boolean; mac: Buffer }

const parts = (row: Omit<CredentialRow, 'mac'>): (string | Date | boolean)[] => [
  row.staff_id,
  row.password_hash,
  new Date(row.password_set_at),
  row.must_change,
]

/** Throws `input_invalid` naming `field` when the password breaks a rule; `known` as in `passwordProblem`. */
export const checkNewPassword = (field: string, password: string, known: readonly string[]): void => {
  const problem = passwordProblem(password, known)
  if (problem) throw new AppError('input_invalid', { problems: [{ field, problem }] })
}

/** Stores the password hash of a member of staff. Hash first, so that no transaction waits for argon2id. */
export const storeCredential = async (
  client: Queryable,
  macKey: KeyObject,
  credential: { staffId: string; passwordHash: string; mustChange: boolean },
): Promise<void> => {
  const row = {
    staff_id: credential.staffId,
    password_hash: credential.passwordHash,
    password_set_at: new Date().toISOString(),
    must_change: credential.mustChange,
  }
  await client.query(
    `insert into auth.credential (staff_id, password_hash, password_set_at, must_change, mac) values ($1, $2, $3, $4, $5)
     on conflict (staff_id) do update set password_hash = $2, password_set_at = $3, must_change = $4, mac = $5`,
    [row.staff_id, row.password_hash, row.password_set_at, row.must_change, rowMac(macKey, table, parts(row))],
  )
}

/**
 * Whether the password is the one of this credential. Always costs one argon2id, also without a row or with a row whose MAC is wrong.
 * Throws `busy`.
 */
export const verifyCredential = async (macKey: KeyObject, row: CredentialRow | null, password: string): Promise<boolean> => {
  if (!row || !verifyRowMac(macKey, table, parts(row), row.mac)) return verifyNobody(password)
  return verifyPassword(password, row.password_hash)
}
