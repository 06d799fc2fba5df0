import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { AppError } from '../../domain/errors.ts'
import { notify } from '../store/notices.ts'
import { credentialOf, verifyCredential } from './credentials.ts'
import { type AuthParts, factorsOf, hasSecondFactor, judgeCode, methodsOf } from './factors.ts'
import { isTooLong } from './passwordRules.ts'
import type { Method, Session } from './session.ts'

/** What somebody shows: one of these. */
export type Shown = {
  readonly password?: string | undefined
  readonly code?: string | undefined
  readonly passkey?: AuthenticationResponseJSON | undefined
}

/** Throws `step_up_required`, naming the ways this account has, unless what the session showed is fresh. */
export const requireFresh = (session: Session, now = Date.now()): void => {
  if (now >= session.freshUntil) throw new AppError('step_up_required', { methods: methodsOf(session.factors) })
}

const judge = async (parts: AuthParts, { actor, id }: Session, shown: Shown): Promise<Method | null> => {
  const factors = await factorsOf(parts.pool, actor.staffId)
  if (shown.passkey) {
    const found = await parts.passkeys.authenticate('step_up', id, shown.passkey)
    return !('fault' in found) && found.staffId === actor.staffId ? 'passkey' : null
  }
  if (shown.code !== undefined) return hasSecondFactor(factors) ? judgeCode(parts, actor, shown.code) : null
  // Beside a second factor a password alone is not the strongest that the account has.
  if (shown.password === undefined || hasSecondFactor(factors) || isTooLong(shown.password)) return null
  const right = await verifyCredential(await parts.macKey(), await credentialOf(parts.pool, actor.staffId), shown.password)
  return right ? 'password' : null
}

/**
 * Notes that the session's holder has just shown the account's strongest factor: fresh for five minutes (DESIGN 6). Guesses are counted as at sign-in from
 * a known browser. Throws `step_up_failed`, `throttled`, `busy`, `not_signed_in`, `audit_unavailable`.
 */
export const stepUp = async (parts: AuthParts, session: Session, shown: Shown): Promise<void> => {
  const { actor } = session
  const counted = ['device', `${actor.staffId}/${session.deviceId ?? 'socket'}`] as const
  await parts.throttle.attempt(...counted)
  const method = await judge(parts, session, shown)
  const entry = { actor, action: 'step_up', entity: 'session', ids: [session.id] } as const
  if (!method) {
    await parts.audit.refused({ ...entry, fields: [shown.passkey ? 'passkey' : shown.code === undefined ? 'password' : 'code'] })
    throw new AppError('step_up_failed')
  }
  await parts.throttle.forgive(...counted)
  if (!(await parts.sessions.showed(session.id, method))) throw new AppError('not_signed_in')
  await parts.audit.append({ ...entry, fields: [method], outcome: 'done' })
  if (method === 'password+recovery')
    await notify(parts.pool, actor.staffId, 'recovery_code_used', { left: await parts.recoveryCodes.left(parts.pool, actor.staffId) })
}
