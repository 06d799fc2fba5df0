import { createHash, type KeyObject } from 'node:crypto'
import { rowMac, textMac, verifyRowMac } from '../crypto/mac.ts'
import type { ActorRow } from './actors.ts'
import type { Factors, Method, Session } from './session.ts'
import { isProfileOn } from './profile.ts'
import { factorDueAt, readSecondFactor } from './secondFactor.ts'
import type { Actor } from '../../domain/policy/actor.ts'

const table = 'auth.session'

/** What a session row says that decides anything: all of it is under its MAC. `seen_at` is the database's own time and is not. */
export type SessionRow = {
  id: string
  token_hash: Buffer
  csrf_hash: Buffer
  session_staff: string
  device_id: string | null
  method: Method
  /** What was shown last, at sign-in, step-up or unlocking. */
  shown: Method
  created_at: string
  expires_at: string
  step_up_at: string
  locked_at: string | null
}

/** The columns of `SessionRow` in a table called `s`. */
export const sessionColumns = `s.id, s.token_hash, s.csrf_hash, s.staff_id as session_staff, s.device_id, s.method, s.shown, s.created_at, s.expires_at,
  s.step_up_at, s.locked_at, s.mac`

/** What else decides about a session: its age in the database's time, and what the account has. */
export type SessionState = {
  mac: Buffer
  stale: boolean
  idle: boolean
  must_change: boolean
  first_sign_in_at: string | null
  has_password: boolean
  has_passkey: boolean
  has_code: boolean
  second_factor: unknown
  profile: unknown
  /** Idle for so long that the profile ends it. */
  over: boolean
  old_password: boolean
}

/** SHA-256: a token has 256 random bits, so a plain hash hides it. */
export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest()

/** Returns the CSRF token that goes with a session token. */
export const csrfOf = (macKey: KeyObject, token: string): string => textMac(macKey, 'csrf', token).toString('base64url')

const time = (value: string | null): Date | null => (value === null ? null : new Date(value))

const parts = (row: SessionRow) => [
  row.id,
  row.token_hash,
  row.csrf_hash,
  row.session_staff,
  row.device_id,
  row.method,
  row.shown,
  time(row.created_at),
  time(row.expires_at),
  time(row.step_up_at),
  time(row.locked_at),
]

/** Returns the MAC of a session row. */
export const sessionMac = (macKey: KeyObject, row: SessionRow): Buffer => rowMac(macKey, table, parts(row))

/** Whether this installation wrote the row as it is. */
export const isOurs = (macKey: KeyObject, row: SessionRow & { mac: Buffer }): boolean => verifyRowMac(macKey, table, parts(row), row.mac)

const factorsOf = (row: SessionState): Factors => ({ password: row.has_password, passkey: row.has_passkey, code: row.has_code })

const isStrong = (method: Method): boolean => !['password', 'link', 'sso'].includes(method)

/** Makes the session of a row whose MAC was found right. `freshFor` in milliseconds. */
export const sessionOf = (
  macKey: KeyObject,
  row: SessionRow & SessionState & Pick<ActorRow, 'staff_id'>,
  actor: Actor,
  { csrfToken, freshFor }: { csrfToken: string; freshFor: number },
): Session => {
  const factors = factorsOf(row)
  const second = factors.passkey || factors.code
  const firstSignIn = new Date(row.first_sign_in_at ?? row.created_at).getTime()
  const profile = isProfileOn(macKey, row.profile)
  // What a provider has asked for is as good as what we would.
  const due =
    second || row.method === 'sso+mfa'
      ? null
      : factorDueAt(actor, profile ? 'everyone' : readSecondFactor(macKey, row.second_factor), firstSignIn)
  const owesFactor = due !== null && due <= Date.now()
  const shownAt = new Date(row.step_up_at).getTime()
  return {
    id: row.id,
    actor,
    csrfToken,
    expiresAt: row.expires_at,
    deviceId: row.device_id,
    method: row.method,
    locked: row.locked_at !== null || row.idle,
    owes: row.must_change || (profile && row.old_password) ? 'password' : owesFactor ? 'factor' : null,
    factorDue: due === null ? null : new Date(due).toISOString(),
    freshUntil: !second || isStrong(row.shown) ? shownAt + freshFor : 0,
    factors,
  }
}
