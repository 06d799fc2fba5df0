import { AppError } from '../../domain/errors.ts'
import { normalisePhone } from '../../domain/text/phone.ts'
import { type OutgoingAnswer, sendOutgoing } from '../outgoing/sendOutgoing.ts'
import type { Binding, NumberRelay } from './numberRelay.ts'

/** `url`: the base address, `https:` only. `ca`: a certificate authority of one's own, PEM. `timeoutMs`: for the whole exchange; default 5 s. */
export type HttpRelayOptions = {
  readonly url: string
  readonly token: string
  readonly minutes: number
  readonly ca?: string
  readonly timeoutMs?: number
}

/** Longest answer that is read, in bytes: a binding is some hundred. */
const longestAnswer = 16_384
const furthest = 24 * 3_600_000

// What went wrong goes into details as a code: neither number, nor token, nor what the platform wrote.
const unavailable = (problem: string): AppError => new AppError('relay_unavailable', { problem })

const send = async (
  { url, token, ca, timeoutMs = 5_000 }: HttpRelayOptions,
  method: string,
  path: string,
  body?: object,
): Promise<OutgoingAnswer> => {
  const target = new URL(path, url.endsWith('/') ? url : `${url}/`)
  const sent = sendOutgoing({
    url: target.href,
    method,
    timeoutMs,
    longestAnswer,
    // The owner named this host in the configuration: a gateway of the dealer's own may stand in the shop.
    allow: [`${target.hostname}:${target.port || 443}`],
    ...(ca === undefined ? {} : { ca }),
    headers: { Authorization: `Bearer ${token}`, Accept: 'application/json', ...(body ? { 'Content-Type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return sent.catch((error: unknown) => {
    throw error instanceof AppError ? unavailable(String(error.details['problem'])) : error
  })
}

const readBinding = (body: string, { caller, customer }: { caller: string; customer: string }, minutes: number): Binding => {
  let answer: unknown
  try {
    answer = JSON.parse(body)
  } catch {
    throw unavailable('answer_not_json')
  }
  const { id, relay, expiresAt } = (typeof answer === 'object' && answer !== null ? answer : {}) as Record<string, unknown>
  if (typeof id !== 'string' || !/^[\w.:-]{1,128}$/.test(id)) throw unavailable('answer_id')
  const number = typeof relay === 'string' ? normalisePhone(relay) : null
  // A platform that answers with one of the two numbers would give away what it is there to hide.
  if (!number || !('e164' in number) || number.e164 === customer || number.e164 === caller) throw unavailable('answer_number')
  const asked = Date.now() + minutes * 60_000
  if (expiresAt === undefined) return { id, relay: number.e164, until: new Date(asked).toISOString() }
  const until = typeof expiresAt === 'string' ? Date.parse(expiresAt) : Number.NaN
  if (!(until > Date.now() && until < Date.now() + furthest)) throw unavailable('answer_expiry')
  return { id, relay: number.e164, until: new Date(until).toISOString() }
}

/**
 * A relay behind a plain HTTP interface (docs/number-relay.md): `POST bindings {caller, callee, minutes}` -> `{id, relay, expiresAt?}` and
 * `DELETE bindings/:id`. Only over TLS with a verified certificate; redirects are not followed; every answer is checked before it is believed.
 * Throws `config_invalid` for any other protocol.
 */
export const httpRelay = (options: HttpRelayOptions): NumberRelay => {
  if (new URL(options.url).protocol !== 'https:') throw new AppError('config_invalid', { option: 'relayUrl', problem: 'not_https' })
  return adapterOf(options)
}

const adapterOf = (options: HttpRelayOptions): NumberRelay => ({
  minutes: options.minutes,
  bind: async (caller, customer, minutes) => {
    const { status, body } = await send(options, 'POST', 'bindings', { caller, callee: customer, minutes })
    if (status !== 200 && status !== 201) throw unavailable(`status_${status}`)
    return readBinding(body, { caller, customer }, minutes)
  },
  unbind: async (id) => {
    const { status } = await send(options, 'DELETE', `bindings/${encodeURIComponent(id)}`)
    if (status !== 200 && status !== 204 && status !== 404) throw unavailable(`status_${status}`)
  },
})
