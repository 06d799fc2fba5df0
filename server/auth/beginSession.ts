import type { Actor } from '../../domain/policy/actor.ts'
import { sealOwn } from '../store/ownSeal.ts'
import { notify } from '../store/notices.ts'
import { credentialOf, noteFirstSignIn } from './credentials.ts'
import { labelDevice } from './deviceLabel.ts'
import type { Recognised } from './devices.ts'
import type { AuthParts } from './factors.ts'
import type { Method, Session } from './session.ts'

/** Where somebody signs in: their address, the device their browser's cookie names, what the browser calls itself. */
export type Caller = {
  readonly address: string | null
  /** Null: a browser we do not know. */
  readonly device: Recognised | null
  readonly userAgent: string | undefined
  /** Over the data folder's own socket there is no browser. */
  readonly local: boolean
}

/** A session that has begun. `deviceCookie`: what the browser keeps as its mark, where it got a new one. */
export type Begun = { token: string; session: Session; deviceCookie: string | null }

/** Returns the device a caller counts as: none where the browser is unknown, or its device was reported lost. */
export const deviceOf = ({ device }: Caller): string | null => (device && !device.lost ? device.id : null)

/**
 * Begins a session for somebody who has shown who they are, on their device: what they had open there before ends, what others have open there locks, and a
 * device that is new to them is pointed out to them. Throws `audit_unavailable`.
 */
export const beginSession = async (parts: AuthParts, actor: Actor, method: Method, caller: Caller): Promise<Begun> => {
  const { pool, devices, sessions, audit } = parts
  const made = caller.local || deviceOf(caller) !== null ? null : await devices.issue(labelDevice(caller.userAgent))
  const deviceId = caller.local ? null : (made?.id ?? deviceOf(caller))
  const isNew = deviceId !== null && (await devices.meet(deviceId, actor.staffId)).isNew
  const others = deviceId === null ? [] : await sessions.onDevice(deviceId)
  const { address } = caller
  const seal = async (id: string): Promise<Buffer | null> =>
    address === null ? null : sealOwn(parts, { entity: 'session', recordId: id, subject: actor.subject }, Buffer.from(address, 'utf8'))
  const begun = await sessions.begin(actor, { method, deviceId, seal })
  for (const other of others) {
    if (other.actor.staffId === actor.staffId) await sessions.end(actor.staffId, other.id)
    else await sessions.lock(other.id)
  }
  const credential = await credentialOf(pool, actor.staffId)
  if (credential) await noteFirstSignIn(pool, await parts.macKey(), credential)
  await audit.append({
    actor: begun.session.actor,
    action: 'sign_in',
    entity: 'session',
    ids: [begun.session.id],
    fields: [method],
    outcome: 'done',
  })
  if (isNew) await notify(pool, actor.staffId, 'new_device', { session: begun.session.id, device: deviceId })
  if (method === 'password+recovery' || method === 'sso+recovery')
    await notify(pool, actor.staffId, 'recovery_code_used', { left: await parts.recoveryCodes.left(pool, actor.staffId) })
  return { ...begun, deviceCookie: made?.cookie ?? null }
}
