import type { KeyObject } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import { rowMac, verifyRowMac } from '../crypto/mac.ts'
import type { Queryable } from '../store/database.ts'
import { verifyNobody, verifyPassword } from './passwordHash.ts'
import { isComplex, passwordProblem } from './passwordRules.ts'

const table = 'auth.credential'

/** A row of `auth.credential` as the driver gives it. */
export type CredentialRow = {
  staff_id: string
  password_hash: string
  password_set_at: string
  must_change: boolean
  first_sign_in_at: string | null
  mac: Buffer
}

const parts = (row: Omit<CredentialRow, 'mac'>): (string | Date | boolean)[] => [
  row.staff_id,
  row.password_hash,
  new Date(row.password_set_at),
  row.must_change,
  // Absent in rows from before it was kept: their MAC covers four values.
  ...(row.first_sign_in_at === null ? [] : [new Date(row.first_sign_in_at)]),
]

/** What a password has to be beyond the rules: `factors` as in `passwordProblem`; `complex` under the 等保 profile. */
export type PasswordRules = { readonly factors?: 'only' | 'beside'; readonly complex?: boolean }

/** Throws `input_invalid` naming `field` when the password breaks a rule; `known` as in `passwordProblem`. */
export const checkNewPassword = (
  field: string,
  password: string,
  known: readonly string[],
  { factors = 'only', complex = false }: PasswordRules = {},
): void => {
  const problem = passwordProblem(password, known, factors) ?? (complex && !isComplex(password) ? 'too_plain' : null)
  if (problem) throw new AppError('input_invalid', { problems: [{ field, problem }] })
}

const columns = 'staff_id, password_hash, password_set_at, must_change, first_sign_in_at, mac'

/** Returns somebody's credential, or null. Its MAC is judged where it is used. */
export const credentialOf = async (client: Queryable, staffId: string): Promise<CredentialRow | null> =>
  (await client.query<CredentialRow>(`select ${columns} from auth.credential where staff_id = $1`, [staffId])).rows[0] ?? null

const put = async (client: Queryable, macKey: KeyObject, row: Omit<CredentialRow, 'mac'>): Promise<void> => {
  await client.query(
    `insert into auth.credential (${columns}) values ($1, $2, $3, $4, $5, $6)
     on conflict (staff_id) do update set password_hash = $2, password_set_at = $3, must_change = $4, first_sign_in_at = $5, mac = $6`,
    [row.staff_id, row.password_hash, row.password_set_at, row.must_change, row.first_sign_in_at, rowMac(macKey, table, parts(row))],
  )
}

/** Stores the password hash of a member of staff; when they signed in first stays. Hash first, so that no transaction waits for argon2id. */
export const storeCredential = async (
  client: Queryable,
  macKey: KeyObject,
  credential: { staffId: string; passwordHash: string; mustChange: boolean; firstSignIn?: Date },
): Promise<void> => {
  const before = await credentialOf(client, credential.staffId)
  await put(client, macKey, {
    staff_id: credential.staffId,
    password_hash: credential.passwordHash,
    password_set_at: new Date().toISOString(),
    must_change: credential.mustChange,
    first_sign_in_at: credential.firstSignIn?.toISOString() ?? before?.first_sign_in_at ?? null,
  })
}

/** Asks for a new password at the next act: the one there is does not do any more. */
export const requirePasswordChange = (client: Queryable, macKey: KeyObject, row: CredentialRow): Promise<void> =>
  verifyRowMac(macKey, table, parts(row), row.mac) ? put(client, macKey, { ...row, must_change: true }) : Promise.resolve()

/** Notes that an account signed in for the first time; a row whose MAC is wrong is left as it is. */
export const noteFirstSignIn = async (client: Queryable, macKey: KeyObject, row: CredentialRow): Promise<void> => {
  if (row.first_sign_in_at !== null || !verifyRowMac(macKey, table, parts(row), row.mac)) return
  await put(client, macKey, { ...row, first_sign_in_at: new Date().toISOString() })
}

/**
 * Whether the password is the one of this credential. Always costs one argon2id, also without a row or with a row whose MAC is wrong.
 * Throws `busy`.
 */
export const verifyCredential = async (macKey: KeyObject, row: CredentialRow | null, password: string): Promise<boolean> => {
  if (!row || !verifyRowMac(macKey, table, parts(row), row.mac)) return verifyNobody(password)
  return verifyPassword(password, row.password_hash)
}
