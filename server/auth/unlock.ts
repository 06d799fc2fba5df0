import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { AppError } from '../../domain/errors.ts'
import { notify } from '../store/notices.ts'
import { credentialOf, verifyCredential } from './credentials.ts'
import { type AuthParts, requireSecond } from './factors.ts'
import { isTooLong } from './passwordRules.ts'
import { tryPin } from './pins.ts'
import type { Factors, Method, Session } from './session.ts'

/** What unlocks: a PIN of this device, a passkey, or the password (and code). */
export type UnlockShown = {
  readonly staffId?: string | undefined
  readonly pin?: string | undefined
  readonly password?: string | undefined
  readonly code?: string | undefined
  readonly passkey?: AuthenticationResponseJSON | undefined
}

/** Somebody with a session on this device, as its lock screen shows them. */
export type Present = { readonly session: Session; readonly hasPin: boolean; readonly factors: Factors }

/** Returns who has a session on the device, newest session per person. */
export const presentOn = async ({ sessions, devices, pool }: AuthParts, deviceId: string): Promise<Present[]> => {
  const newest = new Map((await sessions.onDevice(deviceId)).map((session) => [session.actor.staffId, session]))
  return Promise.all(
    [...newest.values()].map(async (session) => ({
      session,
      hasPin: ((await devices.personOn(pool, deviceId, session.actor.staffId))?.pin_hash ?? null) !== null,
      factors: session.factors,
    })),
  )
}

const failed = async (parts: AuthParts, session: Session, fields: string[]): Promise<AppError> => {
  await parts.audit.refused({ actor: session.actor, action: 'unlock', entity: 'session', ids: [session.id], fields })
  return new AppError('unlock_failed')
}

// Returns what was shown beyond a PIN, for which null stands.
const judge = async (parts: AuthParts, deviceId: string, session: Session, shown: UnlockShown): Promise<Method | null> => {
  const { actor } = session
  if (shown.pin !== undefined) {
    const tried = await tryPin(parts, deviceId, actor.staffId, shown.pin)
    if (tried === 'right') return null
    if (tried === 'spent') {
      await parts.sessions.endOnDevice(deviceId, actor.staffId)
      await notify(parts.pool, actor.staffId, 'session_ended', { device: deviceId })
      await failed(parts, session, ['pin'])
      throw new AppError('not_signed_in')
    }
    throw await failed(parts, session, ['pin'])
  }
  const counted = ['device', `${actor.staffId}/${deviceId}`] as const
  await parts.throttle.attempt(...counted)
  const { password } = shown
  const credential = await credentialOf(parts.pool, actor.staffId)
  if (password === undefined || isTooLong(password) || !(await verifyCredential(await parts.macKey(), credential, password)))
    throw await failed(parts, session, ['password'])
  const method = await requireSecond(parts, actor, shown.code).catch(async (error: unknown) => {
    if (error instanceof AppError && error.code === 'code_wrong') await failed(parts, session, ['code'])
    throw error
  })
  await parts.throttle.forgive(...counted)
  return method
}

/**
 * Unlocks the session somebody has on this device, or switches to it: it gets a new token, and what others have open there locks.
 * Throws `unlock_failed`, `code_required`, `code_wrong`, `throttled`, `not_signed_in` where that person has no session here (any more).
 */
export const unlock = async (parts: AuthParts, deviceId: string, shown: UnlockShown): Promise<{ token: string; session: Session }> => {
  const present = await parts.sessions.onDevice(deviceId)
  let method: Method | null
  let session: Session | undefined
  if (shown.passkey) {
    const found = await parts.passkeys.authenticate('unlock', deviceId, shown.passkey)
    session = present.findLast(({ actor }) => actor.staffId === found.staffId)
    if (!session) throw new AppError('not_signed_in')
    if ('fault' in found) throw await failed(parts, session, [found.fault])
    method = 'passkey'
  } else {
    session = present.findLast(({ actor }) => actor.staffId === shown.staffId)
    if (!session) throw new AppError('not_signed_in')
    method = await judge(parts, deviceId, session, shown)
  }
  const renewed = await parts.sessions.renew(session.id, method)
  if (!renewed) throw new AppError('not_signed_in')
  for (const other of present) if (other.id !== session.id) await parts.sessions.lock(other.id)
  await parts.audit.append({
    actor: renewed.session.actor,
    action: 'unlock',
    entity: 'session',
    ids: [session.id],
    fields: [method ?? 'pin'],
    outcome: 'done',
  })
  return renewed
}
