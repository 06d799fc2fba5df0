import type { KeyObject } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import type { Audit } from '../audit/audit.ts'
import type { Queryable } from '../store/database.ts'
import { actorColumns, type ActorRow, type Actors, isActing } from './actors.ts'
import { type CredentialRow, verifyCredential } from './credentials.ts'
import { isKnownBrowser, markBrowser } from './knownBrowser.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'
import type { Throttle, ThrottleKind } from './throttle.ts'

const byLogin = `select ${actorColumns}, c.password_hash, c.password_set_at, c.must_change, c.mac
  from staff st join auth.credential c on c.staff_id = st.id where lower(st.login) = lower($1) and ${isActing}`

/** Returns a login name as it is compared: trimmed, NFKC; NUL, which PostgreSQL cannot take, becomes a character that no keyboard makes. */
export const normaliseLogin = (login: string): string => login.replaceAll('\0', '\ufffd').normalize('NFKC').trim()

export type SignInParts = {
  readonly pool: Queryable
  readonly macKey: () => Promise<KeyObject>
  readonly audit: Audit
  readonly actors: Actors
  readonly sessions: Sessions
  readonly throttle: Throttle
}

/**
 * Signs a member of staff in. An unknown login, a wrong password and somebody who left cost the same time and answer the same.
 * Throws `sign_in_failed`, `throttled`, `busy`, `audit_unavailable`.
 */
export const signIn = async (
  parts: SignInParts,
  attempt: { login: string; password: string; address: string | null; browser: string | undefined },
): Promise<{ token: string; session: Session; browser: string }> => {
  const { pool, audit, actors, sessions, throttle } = parts
  const login = normaliseLogin(attempt.login)
  const macKey = await parts.macKey()
  const { rows } = await pool.query<ActorRow & CredentialRow>(byLogin, [login])
  const row = rows[0] ?? null
  // The browser's own count apart from the account's: a stranger's guesses must not keep the owner out.
  const known = row !== null && isKnownBrowser(macKey, row.staff_id, attempt.browser)
  const counted: [ThrottleKind, string] = known ? ['device', `${row.staff_id}/${attempt.browser}`] : ['account', login.toLowerCase()]
  // Nor must guesses from the same address: a whole shop has one, and on this machine everybody has.
  const address = known ? null : attempt.address
  if (address !== null) await throttle.attempt('address', address)
  await throttle.attempt(...counted)
  if (!(await verifyCredential(macKey, row, attempt.password)) || !row) {
    await audit.refused({
      actor: null,
      action: 'sign_in_failed',
      entity: 'session',
      ids: row ? [row.staff_id] : [],
      subjects: row ? [row.subject] : [],
    })
    throw new AppError('sign_in_failed')
  }
  await throttle.forgive(...counted)
  if (address !== null) await throttle.giveBack('address', address)
  const actor = await actors.fromRow(row, null, attempt.address)
  const { token, session } = await sessions.begin(actor)
  await audit.append({ actor: session.actor, action: 'sign_in', entity: 'session', ids: [session.id], outcome: 'done' })
  return { token, session, browser: markBrowser(macKey, row.staff_id) }
}
