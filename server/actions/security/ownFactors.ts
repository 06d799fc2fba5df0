import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import { AppError } from '../../../domain/errors.ts'
import { credentialOf, requirePasswordChange } from '../../auth/credentials.ts'
import { factorsOf, hasSecondFactor } from '../../auth/factors.ts'
import type { PasskeyInfo } from '../../auth/passkeys.ts'
import type { Session } from '../../auth/session.ts'
import { notify } from '../../store/notices.ts'
import type { Parts } from '../parts.ts'

/** What a person has to sign in with; times are ISO 8601. */
export type OwnSecurity = {
  passkeys: PasskeyInfo[]
  code: { createdAt: string } | null
  recoveryLeft: number
  password: { setAt: string } | null
  hasPin: boolean
  factorDue: string | null
  deviceId: string | null
}

/** Returns what the actor has to sign in with. */
export const readOwnSecurity = async (parts: Parts, session: Session): Promise<OwnSecurity> => {
  const { actor, deviceId } = session
  const { rows } = await parts.pool.query<{ created_at: string }>('select created_at from auth.totp where staff_id = $1', [actor.staffId])
  const credential = await credentialOf(parts.pool, actor.staffId)
  const here = deviceId === null ? null : await parts.devices.personOn(parts.pool, deviceId, actor.staffId)
  return {
    passkeys: await parts.passkeys.list(actor),
    code: rows[0] ? { createdAt: rows[0].created_at } : null,
    recoveryLeft: await parts.recoveryCodes.left(parts.pool, actor.staffId),
    password: credential ? { setAt: credential.password_set_at } : null,
    hasPin: (here?.pin_hash ?? null) !== null,
    factorDue: session.factorDue,
    deviceId,
  }
}

const added = async (parts: Parts, session: Session, kind: 'passkey' | 'code' | 'recovery', ids: string[] = []): Promise<void> => {
  const { actor } = session
  parts.sessions.refresh(actor.staffId)
  await parts.audit.append({ actor, action: 'factor_add', entity: 'staff', ids: [actor.staffId, ...ids], fields: [kind], outcome: 'done' })
  const notice = { passkey: 'passkey_added', code: 'code_added', recovery: 'recovery_codes_made' } as const
  await notify(parts.pool, actor.staffId, notice[kind])
}

/** Adds the passkey that this browser made. Throws `passkey_refused`, `duplicate`. */
export const addPasskey = async (
  parts: Parts,
  session: Session,
  { name, response }: { name: string; response: RegistrationResponseJSON },
): Promise<{ id: string }> => {
  const { actor, deviceId } = session
  const person = { staffId: actor.staffId, subject: actor.subject, deviceId, name }
  const made = await parts.passkeys.register('register', session.id, person, response)
  if ('fault' in made) {
    await parts.audit.refused({ actor, action: 'factor_add', entity: 'staff', ids: [actor.staffId], fields: [made.fault] })
    throw new AppError('passkey_refused')
  }
  // Making it was showing it.
  await parts.sessions.showed(session.id, 'passkey')
  await added(parts, session, 'passkey', [made.id])
  return made
}

/** Confirms an authenticator app by its first code. Throws `code_wrong` with a new `ticket`, `link_invalid` when the proposal has expired. */
export const confirmCode = async (parts: Parts, session: Session, { ticket, code }: { ticket: string; code: string }): Promise<void> => {
  const state = await parts.oneTimeCodes.confirm(session.actor, session.id, ticket, code)
  if (state === 'expired') throw new AppError('link_invalid')
  if (state !== 'confirmed') throw new AppError('code_wrong', { ticket: state.wrong })
  await parts.sessions.showed(session.id, 'password+code')
  await added(parts, session, 'code')
}

/** Replaces the actor's recovery codes and returns the new ones, once. */
export const renewRecoveryCodes = async (parts: Parts, session: Session): Promise<{ codes: string[] }> => {
  const codes = await parts.recoveryCodes.regenerate(session.actor.staffId)
  await added(parts, session, 'recovery')
  return { codes }
}

// A password chosen while there was a second factor may be short; alone it must not stay so.
const mendPassword = async (parts: Parts, staffId: string, factorSince: string): Promise<void> => {
  const credential = await credentialOf(parts.pool, staffId)
  if (credential && credential.password_set_at > factorSince && !hasSecondFactor(await factorsOf(parts.pool, staffId)))
    await requirePasswordChange(parts.pool, await parts.macKey(), credential)
}

/** Removes one of the actor's passkeys, or (null) their authenticator app. Throws `not_found`; `last_factor` where nothing would be left to sign in with. */
export const removeFactor = async (parts: Parts, session: Session, passkeyId: string | null): Promise<void> => {
  const { actor } = session
  const { staffId } = actor
  const factors = await factorsOf(parts.pool, staffId)
  const passkeys = await parts.passkeys.list(actor)
  if (passkeyId !== null && !factors.password && passkeys.length <= 1 && passkeys.some(({ id }) => id === passkeyId))
    throw new AppError('last_factor')
  const { rows } = await parts.pool.query<{ created_at: string }>(
    passkeyId === null
      ? 'delete from auth.totp where staff_id = $1 returning created_at'
      : 'delete from auth.passkey where staff_id = $1 and id = $2 returning created_at',
    passkeyId === null ? [staffId] : [staffId, passkeyId],
  )
  if (!rows[0]) throw new AppError('not_found')
  await mendPassword(parts, staffId, rows[0].created_at)
  parts.sessions.refresh(staffId)
  const kind = passkeyId === null ? 'code' : 'passkey'
  await parts.audit.append({ actor, action: 'factor_remove', entity: 'staff', ids: [staffId], fields: [kind], outcome: 'done' })
  await notify(parts.pool, staffId, kind === 'code' ? 'code_removed' : 'passkey_removed')
}
