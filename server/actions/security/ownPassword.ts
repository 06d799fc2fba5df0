import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { readProfile } from '../../auth/profile.ts'
import { checkNewPassword, credentialOf, storeCredential, verifyCredential } from '../../auth/credentials.ts'
import { factorsOf, hasSecondFactor } from '../../auth/factors.ts'
import { hashPassword } from '../../auth/passwordHash.ts'
import { isTooLong } from '../../auth/passwordRules.ts'
import type { Session } from '../../auth/session.ts'
import { notify } from '../../store/notices.ts'
import { readSetting } from '../../store/settings.ts'
import type { Parts } from '../parts.ts'
import { staffNames } from './staffNames.ts'

/** Returns the words an attacker tries first for this account: login, name, company and stores. */
export const knownWords = async (parts: Pick<Parts, 'pool' | 'records'>, actor: Actor): Promise<string[]> => {
  const company = await readSetting<string>(parts.pool, 'company')
  const { rows } = await parts.pool.query<{ name: string }>('select name from stores where trashed_at is null')
  const name = (await staffNames(parts, actor, [actor.staffId])).get(actor.staffId)
  return [actor.login, ...(name ? [name] : []), ...(company ? [company] : []), ...rows.map((row) => row.name)]
}

const requireKnown = async (parts: Parts, session: Session, current: string | undefined): Promise<void> => {
  const { actor } = session
  // Whoever has just shown their strongest factor need not know the old password; one may have forgotten it.
  if (current === undefined && Date.now() < session.freshUntil) return
  if (current === undefined) throw new AppError('input_invalid', { problems: [{ field: 'current', problem: 'required' }] })
  const counted = ['device', `${actor.staffId}/${session.deviceId ?? 'socket'}`] as const
  await parts.throttle.attempt(...counted)
  const credential = await credentialOf(parts.pool, actor.staffId)
  if (isTooLong(current) || !(await verifyCredential(await parts.macKey(), credential, current))) {
    await parts.audit.refused({ actor, action: 'password_change', entity: 'session', ids: [session.id] })
    throw new AppError('input_invalid', { problems: [{ field: 'current', problem: 'wrong' }] })
  }
  await parts.throttle.forgive(...counted)
}

/**
 * Changes the actor's own password, with the current one or after a step-up, and ends their other sessions.
 * Throws `input_invalid` naming the field, `throttled`.
 */
export const changeOwnPassword = async (parts: Parts, session: Session, asked: { current?: string; password: string }): Promise<void> => {
  const { actor } = session
  await requireKnown(parts, session, asked.current)
  const factors = hasSecondFactor(await factorsOf(parts.pool, actor.staffId)) ? 'beside' : 'only'
  const complex = await readProfile(parts.pool, await parts.macKey())
  checkNewPassword('password', asked.password, await knownWords(parts, actor), { factors, complex })
  if (asked.current === asked.password)
    throw new AppError('input_invalid', { problems: [{ field: 'password', problem: 'same_as_before' }] })
  const passwordHash = await hashPassword(asked.password)
  await storeCredential(parts.pool, await parts.macKey(), { staffId: actor.staffId, passwordHash, mustChange: false })
  await parts.sessions.endAll(actor.staffId, session.id)
  parts.sessions.refresh(actor.staffId)
  await parts.audit.append({ actor, action: 'password_change', entity: 'staff', ids: [actor.staffId], outcome: 'done' })
  await notify(parts.pool, actor.staffId, 'password_changed')
}
