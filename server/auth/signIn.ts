import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { AppError } from '../../domain/errors.ts'
import type { Queryable } from '../store/database.ts'
import { actorColumns, type ActorRow, isActing } from './actors.ts'
import { beginSession, type Begun, type Caller, deviceOf } from './beginSession.ts'
import { type CredentialRow, verifyCredential } from './credentials.ts'
import { actorRowOf, type AuthParts, requireSecond } from './factors.ts'
import { isTooLong } from './passwordRules.ts'
import type { Method } from './session.ts'
import type { ThrottleKind } from './throttle.ts'

const byLogin = `select ${actorColumns}, c.staff_id as credential_staff, c.password_hash, c.password_set_at, c.must_change, c.first_sign_in_at, c.mac
  from staff st join auth.credential c on c.staff_id = st.id where lower(st.login) = lower($1) and ${isActing}`

/** Returns a login name as it is compared: trimmed, NFKC; NUL, which PostgreSQL cannot take, becomes a character that no keyboard makes. */
export const normaliseLogin = (login: string): string => login.replaceAll('\0', '\ufffd').normalize('NFKC').trim()

type LoginRow = ActorRow & CredentialRow

const find = async (client: Queryable, login: string): Promise<LoginRow | null> =>
  (await client.query<LoginRow>(byLogin, [login])).rows[0] ?? null

/** Returns by what guesses at an account are counted from this caller: its own browsers apart, so that a stranger's guesses do not keep the owner out. */
const countedBy = async (
  { devices }: AuthParts,
  row: ActorRow | null,
  login: string,
  deviceId: string | null,
): Promise<{ counted: [ThrottleKind, string]; known: boolean }> => {
  const known = row !== null && deviceId !== null && (await devices.knows(deviceId, row.staff_id))
  return { known, counted: known ? ['device', `${row.staff_id}/${deviceId}`] : ['account', login.toLowerCase()] }
}

/**
 * Signs a member of staff in by password, and a code where the account has a second factor. An unknown login, a wrong password and somebody who left cost
 * the same time and answer the same; that there is a second factor is told only once the password was right.
 * Throws `sign_in_failed`, `code_required`, `code_wrong`, `throttled`, `busy`, `audit_unavailable`.
 */
export const signIn = async (
  parts: AuthParts,
  attempt: { login: string; password: string; code?: string | undefined },
  caller: Caller,
): Promise<Begun> => {
  const { audit, throttle } = parts
  const login = normaliseLogin(attempt.login)
  const row = await find(parts.pool, login)
  const { known, counted } = await countedBy(parts, row, login, deviceOf(caller))
  // Nor must guesses from the same address keep anybody out: a whole shop has one, and on this machine everybody has.
  const address = known ? null : caller.address
  if (address !== null) await throttle.attempt('address', address)
  await throttle.attempt(...counted)
  const refuse = (fields: string[]) =>
    audit.refused({
      actor: null,
      action: 'sign_in_failed',
      entity: 'session',
      ids: row ? [row.staff_id] : [],
      subjects: row ? [row.subject] : [],
      fields,
    })
  // No password is as long: it is not hashed, whoever it is for.
  const right = !isTooLong(attempt.password) && (await verifyCredential(await parts.macKey(), row, attempt.password))
  if (!right || !row) {
    await refuse([])
    throw new AppError('sign_in_failed')
  }
  const method = await requireSecond(parts, { staffId: row.staff_id, subject: row.subject }, attempt.code).catch(async (error: unknown) => {
    if (error instanceof AppError && error.code === 'code_wrong') await refuse(['code'])
    throw error
  })
  await throttle.forgive(...counted)
  if (address !== null) await throttle.giveBack('address', address)
  const actor = await parts.actors.fromRow(row, null, caller.address)
  return beginSession(parts, actor, method, caller)
}

/** To what the challenge of a sign-in by passkey is bound: the browser, where it is one we know. */
export const signInBinding = (caller: Caller): string => deviceOf(caller) ?? 'unknown browser'

/**
 * Signs in whoever a passkey belongs to: it is something they have, and the authenticator has verified something they know or are. Why one is refused is on
 * record and not told. Throws `sign_in_failed`, `audit_unavailable`.
 */
export const signInByPasskey = async (parts: AuthParts, response: AuthenticationResponseJSON, caller: Caller): Promise<Begun> => {
  const shown = await parts.passkeys.authenticate('sign_in', signInBinding(caller), response)
  const row = shown.staffId === null ? null : await actorRowOf(parts.pool, shown.staffId)
  if ('fault' in shown || !row) {
    await parts.audit.refused({
      actor: null,
      action: 'sign_in_failed',
      entity: 'session',
      ids: row ? [row.staff_id] : [],
      subjects: row ? [row.subject] : [],
      fields: ['fault' in shown ? shown.fault : 'passkey_unknown'],
    })
    throw new AppError('sign_in_failed')
  }
  const actor = await parts.actors.fromRow(row, null, caller.address)
  return beginSession(parts, actor, 'passkey' satisfies Method, caller)
}
