import { request } from 'node:https'
import { AppError } from '../../domain/errors.ts'
import { normalisePhone } from '../../domain/text/phone.ts'
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

type Answer = { status: number; body: string }

const send = ({ url, token, ca, timeoutMs = 5_000 }: HttpRelayOptions, method: string, path: string, body?: object): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const text = body === undefined ? '' : JSON.stringify(body)
    const signal = AbortSignal.timeout(timeoutMs)
    const sent = request(
      new URL(path, url.endsWith('/') ? url : `${url}/`),
      {
        method,
        signal,
        agent: false,
        minVersion: 'TLSv1.2',
        ...(ca === undefined ? {} : { ca }),
        headers: {
          Authorization: `Bearer ${token}`,
          Accept: 'application/json',
          ...(text === '' ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
        },
      },
      (response) => {
        const chunks: Buffer[] = []
        let length = 0
        response.on('data', (chunk: Buffer) => {
          length += chunk.length
          if (length <= longestAnswer) return void chunks.push(chunk)
          reject(unavailable('answer_too_long'))
          response.destroy()
        })
        response.on('error', () => reject(unavailable('connection')))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }))
      },
    )
    sent.on('error', () => reject(unavailable(signal.aborted ? 'timeout' : 'connection')))
    sent.end(text)
  })

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
