import { AppError } from '../../../domain/errors.ts'
import { factorsOf } from '../../auth/factors.ts'
import type { Session } from '../../auth/session.ts'
import { beginFlow, finishFlow } from '../../auth/ssoFlow.ts'
import { notify } from '../../store/notices.ts'
import type { Parts } from '../parts.ts'
import { type CameBack, providerOf } from './singleSignOn.ts'

/** Single sign-on as a person finds it in their own security; `linkedAt` ISO 8601, null: not linked. */
export type OwnIdentity = { name: string; linkedAt: string | null }

/** Returns it, or null where there is no single sign-on. */
export const readOwnIdentity = async (parts: Parts, staffId: string): Promise<OwnIdentity | null> =>
  parts.identityProvider && { name: parts.identityProvider.name, linkedAt: await parts.identities.linkedAt(staffId) }

/** Sends the browser to the provider, to link the account of this session. Throws `not_found`, `provider_unavailable`. */
export const beginLink = (parts: Parts, session: Session): Promise<{ url: string; mark: string }> =>
  beginFlow(parts, providerOf(parts), { kind: 'link', sessionId: session.id })

/** Links whom the provider named. Throws `provider_refused`, `provider_unavailable`, `duplicate` where either is linked already. */
export const finishLink = async (parts: Parts, session: Session, came: CameBack): Promise<void> => {
  const { actor } = session
  const provider = providerOf(parts)
  const entry = { actor, action: 'factor_add', entity: 'staff', ids: [actor.staffId], fields: ['sso'] } as const
  const identity = await finishFlow(parts, provider, { kind: 'link', sessionId: session.id }, came).catch(async (error: unknown) => {
    if (error instanceof AppError && error.code === 'provider_refused') await parts.audit.refused(entry)
    throw error
  })
  if (!(await parts.identities.link(parts.pool, provider.id, identity, actor.staffId))) {
    await parts.audit.refused(entry)
    throw new AppError('duplicate')
  }
  await parts.audit.append({ ...entry, outcome: 'done' })
  await notify(parts.pool, actor.staffId, 'sso_linked')
}

/** Takes the actor's link away. Throws `not_found`; `last_factor` where nothing would be left to sign in with. */
export const unlinkIdentity = async (parts: Parts, { actor }: Session): Promise<void> => {
  const { password, passkey } = await factorsOf(parts.pool, actor.staffId)
  if ((await parts.identities.linkedAt(actor.staffId)) !== null && !password && !passkey) throw new AppError('last_factor')
  if (!(await parts.identities.unlink(parts.pool, actor.staffId))) throw new AppError('not_found')
  await parts.audit.append({
    actor,
    action: 'factor_remove',
    entity: 'staff',
    ids: [actor.staffId],
    fields: ['sso'],
    outcome: 'done',
  })
  await notify(parts.pool, actor.staffId, 'sso_unlinked')
}
