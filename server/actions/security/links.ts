import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { type Begun, beginSession, type Caller } from '../../auth/beginSession.ts'
import { readProfile } from '../../auth/profile.ts'
import { checkNewPassword, storeCredential } from '../../auth/credentials.ts'
import { actorRowOf } from '../../auth/factors.ts'
import { type LinkInfo, linkHours, type LinkPurpose, type OpenLink } from '../../auth/links.ts'
import { hashPassword } from '../../auth/passwordHash.ts'
import { outranks } from '../../auth/secondFactor.ts'
import { notify } from '../../store/notices.ts'
import { readSetting } from '../../store/settings.ts'
import { inTransaction } from '../../store/transaction.ts'
import type { Parts } from '../parts.ts'
import { knownWords } from './ownPassword.ts'
import { staffNames } from './staffNames.ts'

/**
 * Issues a one-time link to somebody's account. Whoever holds a duty that the issuer lacks gets none from them: it would open that account to the issuer.
 * Throws `not_found`, `forbidden`.
 */
export const issueLink = async (
  parts: Parts,
  actor: Actor,
  asked: { staffId: string; purpose: LinkPurpose; hours?: number },
): Promise<{ id: string; token: string; expiresAt: string }> => {
  const target = await parts.actors.ofStaff(parts.pool, asked.staffId)
  if (!target) throw new AppError('not_found')
  if (target.staffId === actor.staffId || outranks(target, actor)) throw new AppError('forbidden')
  const link = await inTransaction(parts.pool, async (client) => {
    const issued = await parts.links.issue(client, { ...asked, issuedBy: actor.staffId, hours: asked.hours ?? linkHours.usual })
    await parts.audit.appendTo(client, [
      { actor, action: 'link_issue', entity: 'staff', ids: [asked.staffId, issued.id], fields: [asked.purpose], outcome: 'done' },
    ])
    if (asked.purpose === 'recover') await notify(client, asked.staffId, 'recovery_link_issued', { by: actor.staffId })
    return issued
  })
  parts.audit.committed()
  return link
}

/** Returns the open links of a member of staff. */
export const listLinks = (parts: Parts, staffId: string): Promise<LinkInfo[]> => parts.links.list(staffId)

/** Revokes an open link. Throws `not_found`. */
export const revokeLink = async (parts: Parts, actor: Actor, staffId: string, id: string): Promise<void> => {
  if (!(await parts.links.revoke(parts.pool, staffId, id))) throw new AppError('not_found')
  await parts.audit.append({ actor, action: 'link_revoke', entity: 'staff', ids: [staffId, id], outcome: 'done' })
}

const openLink = async (parts: Parts, token: string, caller: Caller): Promise<{ link: OpenLink; invited: Actor; by: Actor }> => {
  if (caller.address !== null) await parts.throttle.attempt('address', caller.address)
  const link = await parts.links.look(token)
  // Who issued it must still be there, as well as whom it is for: a leaver's invitations end with them.
  const people = link && (await parts.actors.ofMany(parts.pool, [link.staffId, link.issuedBy]))
  const [invited, by] = [people?.get(link?.staffId ?? ''), people?.get(link?.issuedBy ?? '')]
  if (!link || !invited || !by) throw new AppError('link_invalid')
  if (caller.address !== null) await parts.throttle.giveBack('address', caller.address)
  return { link, invited: { ...invited, address: caller.address }, by }
}

/** Returns what the page of a link shows: for what, whom, and who sends it. Throws `link_invalid`, `throttled`. */
export const lookAtLink = async (
  parts: Parts,
  token: string,
  caller: Caller,
): Promise<{ purpose: LinkPurpose; company: string; by: string; name: string; login: string; expiresAt: string }> => {
  const { link, invited, by } = await openLink(parts, token, caller)
  const names = await staffNames(parts, by, [invited.staffId, by.staffId])
  return {
    purpose: link.purpose,
    company: (await readSetting<string>(parts.pool, 'company')) ?? '',
    by: names.get(by.staffId) ?? by.login,
    name: names.get(invited.staffId) ?? invited.login,
    login: invited.login,
    expiresAt: link.expiresAt,
  }
}

/** Returns what a browser needs to make a passkey for who holds the link. Throws `link_invalid`. */
export const joinPasskeyOptions = async (parts: Parts, token: string, caller: Caller) => {
  const { link, invited } = await openLink(parts, token, caller)
  return parts.passkeys.registration('join', link.id, invited)
}

// Somebody who comes back without their factors starts anew: whoever holds the old ones holds nothing.
const clearFactors = async (parts: Parts, staffId: string, keepPasskey: string | null): Promise<void> => {
  await parts.pool.query('delete from auth.totp where staff_id = $1', [staffId])
  await parts.pool.query('delete from auth.recovery_code where staff_id = $1', [staffId])
  await parts.pool.query('delete from auth.passkey where staff_id = $1 and id is distinct from $2', [staffId, keepPasskey])
  await parts.identities.unlink(parts.pool, staffId)
  if (keepPasskey !== null) await parts.pool.query('delete from auth.credential where staff_id = $1', [staffId])
  await parts.sessions.endAll(staffId)
}

/**
 * Uses a link up: sets a password or a passkey, and signs in. A recovery takes every older factor and session away. A passkey that
 * is refused does not spend the link; of two who use it at once one gets in. Throws `link_invalid`, `input_invalid` naming the field, `passkey_refused`.
 */
export const join = async (
  parts: Parts,
  asked: { token: string; password?: string | undefined; passkey?: { name: string; response: RegistrationResponseJSON } | undefined },
  caller: Caller,
): Promise<Begun> => {
  const { link, invited } = await openLink(parts, asked.token, caller)
  const { staffId } = invited
  if ((asked.password === undefined) === (asked.passkey === undefined))
    throw new AppError('input_invalid', { problems: [{ field: 'password', problem: 'required' }] })
  const complex = await readProfile(parts.pool, await parts.macKey())
  if (asked.password !== undefined) checkNewPassword('password', asked.password, await knownWords(parts, invited), { complex })
  const passwordHash = asked.password === undefined ? null : await hashPassword(asked.password)
  let passkey: string | null = null
  if (asked.passkey) {
    const person = { staffId, subject: invited.subject, deviceId: null, name: asked.passkey.name }
    const made = await parts.passkeys.register('join', link.id, person, asked.passkey.response)
    if ('fault' in made) {
      await parts.audit.refused({ actor: invited, action: 'link_use', entity: 'staff', ids: [staffId, link.id], fields: [made.fault] })
      throw new AppError('passkey_refused')
    }
    passkey = made.id
  }
  if (!(await parts.links.use(parts.pool, asked.token))) {
    if (passkey) await parts.pool.query('delete from auth.passkey where id = $1', [passkey])
    throw new AppError('link_invalid')
  }
  if (link.purpose === 'recover') await clearFactors(parts, staffId, passkey)
  if (passwordHash) await storeCredential(parts.pool, await parts.macKey(), { staffId, passwordHash, mustChange: false })
  await parts.audit.append({
    actor: invited,
    action: 'link_use',
    entity: 'staff',
    ids: [staffId, link.id],
    fields: [link.purpose],
    outcome: 'done',
  })
  if (link.purpose === 'recover') await notify(parts.pool, staffId, 'account_recovered', { by: link.issuedBy })
  const row = await actorRowOf(parts.pool, staffId)
  if (!row) throw new AppError('link_invalid')
  const actor = await parts.actors.fromRow(row, null, caller.address)
  const begun = await beginSession(parts, actor, passkey ? 'passkey' : 'link', caller)
  if (passkey && begun.session.deviceId) await parts.passkeys.placeOn(passkey, begun.session.deviceId)
  return begun
}
