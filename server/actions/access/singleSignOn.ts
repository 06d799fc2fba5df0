import { AppError } from '../../../domain/errors.ts'
import { type Begun, beginSession, type Caller } from '../../auth/beginSession.ts'
import { actorRowOf, factorsOf, hasSecondFactor, judgeCode, methodsOf } from '../../auth/factors.ts'
import type { Identity, IdentityProvider } from '../../auth/identityProviders/identityProvider.ts'
import type { Method } from '../../auth/session.ts'
import { normaliseLogin } from '../../auth/signIn.ts'
import { beginFlow, finishFlow } from '../../auth/ssoFlow.ts'
import { inTransaction } from '../../store/transaction.ts'
import type { Parts } from '../parts.ts'
import { claimRoles } from './claimRoles.ts'

/** What a browser comes back with: the query of the address it was sent to, and the mark of its cookie. */
export type CameBack = { readonly query: string; readonly mark: string | undefined }

/** Returns who knows our staff elsewhere. Throws `not_found` where nobody does. */
export const providerOf = ({ identityProvider }: Pick<Parts, 'identityProvider'>): IdentityProvider => {
  if (identityProvider === null) throw new AppError('not_found')
  return identityProvider
}

/** Sends a browser to the provider to sign in. Throws `not_found`, `provider_unavailable`, `throttled`. */
export const beginSignIn = async (parts: Parts, caller: Caller): Promise<{ url: string; mark: string }> => {
  const provider = providerOf(parts)
  if (caller.address !== null) await parts.throttle.attempt('address', caller.address)
  const begun = await beginFlow(parts, provider, { kind: 'sign_in' })
  if (caller.address !== null) await parts.throttle.giveBack('address', caller.address)
  return begun
}

const refuse = async (parts: Parts, staffId: string | null, fault: string): Promise<void> => {
  const row = staffId === null ? null : await actorRowOf(parts.pool, staffId)
  await parts.audit.refused({
    actor: null,
    action: 'sign_in_failed',
    entity: 'session',
    ids: row ? [row.staff_id] : [],
    subjects: row ? [row.subject] : [],
    fields: [fault],
  })
}

/**
 * Whom an identity that is nobody's yet is linked to: who was invited under the login that the provider names, has no way to sign in of their own, and
 * whose invitation is still open. A login alone links nobody to an account that somebody uses: a provider's users may well change theirs.
 */
const linkInvited = async (parts: Parts, provider: IdentityProvider, identity: Identity): Promise<string | null> => {
  if (identity.login === null) return null
  const login = normaliseLogin(identity.login)
  const linked = await inTransaction(parts.pool, async (client) => {
    const { rows } = await client.query<{ id: string }>('select id from staff where lower(login) = lower($1) and trashed_at is null', [
      login,
    ])
    const staffId = rows[0]?.id
    const row = staffId === undefined ? null : await actorRowOf(client, staffId)
    if (!row) return null
    const factors = await factorsOf(client, row.staff_id)
    if (factors.password || factors.passkey) return null
    const link = await parts.links.useInvitation(client, row.staff_id)
    const by = link && (await parts.actors.ofStaff(client, link.issuedBy))
    // Thrown, so that the invitation stays open: who issued it must still be there, as with the link itself.
    if (link && !by) throw new AppError('identity_unknown')
    if (!link) return null
    if (!(await parts.identities.link(client, provider.id, identity, row.staff_id))) throw new AppError('identity_unknown')
    const actor = await parts.actors.fromRow(row, null, null)
    await parts.audit.appendTo(client, [
      { actor, action: 'link_use', entity: 'staff', ids: [row.staff_id, link.id], fields: ['sso'], outcome: 'done' },
    ])
    return row.staff_id
  })
  parts.audit.committed()
  return linked
}

const begin = async (parts: Parts, staffId: string, method: Method, caller: Caller): Promise<Begun> => {
  const row = await actorRowOf(parts.pool, staffId)
  if (!row) throw new AppError('identity_unknown')
  return beginSession(parts, await parts.actors.fromRow(row, null, caller.address), method, caller)
}

// Who has a second factor here shows it here, unless the provider has asked for more than one.
const askSecond = async (parts: Parts, staffId: string, mark: string): Promise<AppError> => {
  const challenge = await parts.challenges.make('sso_second', `${staffId}/${mark}`)
  return new AppError('code_required', { methods: methodsOf(await factorsOf(parts.pool, staffId)), ticket: `${staffId}.${challenge}` })
}

/**
 * Signs in whom the provider names, if they are linked or were invited; makes no account. Throws `provider_refused`, `provider_unavailable`,
 * `identity_unknown`, `separation`, `code_required` with a `ticket`, `throttled`, `audit_unavailable`.
 */
export const finishSignIn = async (parts: Parts, came: CameBack, caller: Caller): Promise<Begun> => {
  const provider = providerOf(parts)
  const { address } = caller
  if (address !== null) await parts.throttle.attempt('address', address)
  const identity = await finishFlow(parts, provider, { kind: 'sign_in' }, came).catch(async (error: unknown) => {
    if (error instanceof AppError && error.code === 'provider_refused') await refuse(parts, null, 'sso_refused')
    throw error
  })
  const staffId = (await parts.identities.staffOf(identity)) ?? (await linkInvited(parts, provider, identity))
  // Who left, is suspended or has not begun yet is told the same as a stranger.
  if (staffId === null || !(await actorRowOf(parts.pool, staffId))) {
    await refuse(parts, null, 'sso_unknown')
    throw new AppError('identity_unknown')
  }
  try {
    if (identity.roles !== null) await claimRoles(parts, staffId, identity.roles, provider.claimable)
  } catch (error) {
    await refuse(parts, staffId, 'sso_roles')
    throw error
  }
  if (address !== null) await parts.throttle.giveBack('address', address)
  const factors = await factorsOf(parts.pool, staffId)
  if (!identity.strong && hasSecondFactor(factors)) throw await askSecond(parts, staffId, came.mark ?? '')
  return begin(parts, staffId, identity.strong ? 'sso+mfa' : 'sso', caller)
}

/** Signs in who showed their code after single sign-on. Throws `link_invalid` for a ticket that is not this browser's or is spent, `code_wrong` with a new one, `throttled`. */
export const finishSecond = async (
  parts: Parts,
  { ticket, code, mark }: { ticket: string; code: string; mark: string | undefined },
  caller: Caller,
): Promise<Begun> => {
  const [staffId = '', challenge = ''] = ticket.split('.')
  if (mark === undefined || !(await parts.challenges.take('sso_second', `${staffId}/${mark}`, challenge)))
    throw new AppError('link_invalid')
  const row = await actorRowOf(parts.pool, staffId)
  if (!row) throw new AppError('identity_unknown')
  await parts.throttle.attempt('account', `sso/${staffId}`)
  const shown = await judgeCode(parts, { staffId, subject: row.subject }, code)
  if (!shown) {
    await refuse(parts, staffId, 'code')
    const again = await askSecond(parts, staffId, mark)
    throw new AppError('code_wrong', { ticket: again.details['ticket'] as string })
  }
  await parts.throttle.forgive('account', `sso/${staffId}`)
  return begin(parts, staffId, shown === 'password+code' ? 'sso+code' : 'sso+recovery', caller)
}
