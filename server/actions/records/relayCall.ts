import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { normalisePhone } from '../../../domain/text/phone.ts'
import { textMac } from '../../crypto/mac.ts'
import type { Parts } from '../parts.ts'

/** What a call over the relay needs: the number to call instead, until when (ISO 8601), and the ticket that ends it before. */
export type RelayedCall = { readonly value: string; readonly via: 'relay'; readonly until: string; readonly binding: string }

type Needs = Pick<Parts, 'audit' | 'macKey'> & { readonly relay: NonNullable<Parts['relay']> }

// The ticket names the binding and whose it is, so that nobody ends another's call and no node has to remember.
const ticketOf = async ({ macKey }: Pick<Parts, 'macKey'>, actor: Actor, id: string): Promise<string> =>
  `${id}~${textMac(await macKey(), 'relay-binding/1', `${actor.staffId} ${id}`).toString('base64url')}`

/** Returns the caller's own number in E.164. Throws `input_invalid` for what is none. */
export const callerOf = (given: string | undefined): string => {
  const caller = normalisePhone(given ?? '')
  if ('e164' in caller) return caller.e164
  throw new AppError('input_invalid', { problems: [{ field: 'caller', problem: given?.trim() ? 'bad_phone' : 'required' }] })
}

/**
 * Binds a relay number between the caller and a customer's number; the use itself is on record before. A platform that does not answer as it should is on
 * record as a failed use. Throws `relay_unavailable`.
 */
export const relayCall = async (
  parts: Needs,
  { actor, failed }: { actor: Actor; failed: () => Promise<unknown> },
  { caller, number }: { caller: string; number: string },
): Promise<RelayedCall> => {
  const { relay } = parts
  // An extension is dialled by the caller once the line stands: the platform binds whole lines.
  const bound = await relay.bind(caller, number.replace(/;.*$/, ''), relay.minutes).catch(async (error: unknown) => {
    await failed()
    throw error
  })
  return { value: `tel:${bound.relay}`, via: 'relay', until: bound.until, binding: await ticketOf(parts, actor, bound.id) }
}

/** Ends a binding that this person made. Throws `not_found` for a ticket that is not theirs, or where there is no relay; `relay_unavailable`. */
export const endRelayedCall = async (parts: Pick<Parts, 'relay' | 'macKey'>, actor: Actor, ticket: string): Promise<void> => {
  const id = ticket.slice(0, ticket.lastIndexOf('~'))
  if (!parts.relay || id === '' || (await ticketOf(parts, actor, id)) !== ticket) throw new AppError('not_found')
  await parts.relay.unbind(id)
}
