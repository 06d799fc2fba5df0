import { createServer as createPlain } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openRelayPlatform, type RelayPlatform } from '../../test/support/relayPlatform.ts'
import { httpRelay } from './httpRelay.ts'

/** The other side is a stand-in that this test starts: no real platform has been asked. It holds us to the contract of docs/number-relay.md. */
let platform: RelayPlatform
beforeAll(async () => {
  platform = await openRelayPlatform()
})
beforeEach(() => {
  platform.seen.length = 0
  platform.answer = { status: 201, body: JSON.stringify({ id: 'b-1', relay: '+8617012345678' }) }
})
afterAll(() => platform.close())

const relay = (over: object = {}) =>
  httpRelay({ url: platform.url, token: 'geheim', minutes: 10, ca: platform.ca, timeoutMs: 3_000, ...over })
const [caller, customer] = ['+8613900000001', '+8613812345678']
const bind = () => relay().bind(caller, customer, 10)
const problem = (name: string) => expect.objectContaining({ code: 'relay_unavailable', details: { problem: name } })

test('asks with the two numbers, the minutes and the token, and with nothing else', async () => {
  const binding = await bind()
  expect(binding).toMatchObject({ id: 'b-1', relay: '+8617012345678' })
  expect(Math.abs(Date.parse(binding.until) - Date.now() - 600_000)).toBeLessThan(60_000)
  expect(platform.seen).toHaveLength(1)
  expect(platform.seen[0]).toMatchObject({
    method: 'POST',
    url: '/v1/bindings',
    headers: { authorization: 'Bearer geheim', 'content-type': 'application/json' },
  })
  expect(JSON.parse(platform.seen[0]!.body)).toEqual({ caller, callee: customer, minutes: 10 })
  expect(Object.keys(platform.seen[0]!.headers).toSorted()).toEqual([
    'accept',
    'authorization',
    'connection',
    'content-length',
    'content-type',
    'host',
  ])
})

test('takes the end that the platform names, and the number as it writes it', async () => {
  const expiresAt = new Date(Date.now() + 120_000).toISOString()
  platform.answer.body = JSON.stringify({ id: 'b-2', relay: '170 1234 5678', expiresAt, extra: true })
  expect(await bind()).toEqual({ id: 'b-2', relay: '+8617012345678', until: expiresAt })
})

test.each([
  ['not JSON', 'oops', 'answer_not_json'],
  ['a list', '[]', 'answer_id'],
  ['no id', '{"relay":"+8617012345678"}', 'answer_id'],
  ['an id with a path in it', '{"id":"../x","relay":"+8617012345678"}', 'answer_id'],
  ['no number', '{"id":"b"}', 'answer_number'],
  ['no phone number', '{"id":"b","relay":"javascript:alert(1)"}', 'answer_number'],
  ['the number of the customer', `{"id":"b","relay":"${customer}"}`, 'answer_number'],
  ['the number of the caller', `{"id":"b","relay":"${caller}"}`, 'answer_number'],
  ['an end that has been', '{"id":"b","relay":"+8617012345678","expiresAt":"2020-01-01T00:00:00Z"}', 'answer_expiry'],
  ['an end far off', '{"id":"b","relay":"+8617012345678","expiresAt":"2099-01-01T00:00:00Z"}', 'answer_expiry'],
  ['a flood', `"${'x'.repeat(100_000)}"`, 'answer_too_long'],
])('does not believe %s', async (_, body, why) => {
  platform.answer.body = body
  await expect(bind()).rejects.toThrow(problem(why))
})

test('a refusal, a fault and a redirect are no binding, and a redirect is not followed', async () => {
  for (const status of [400, 401, 500]) {
    platform.answer = { status, body: 'the callee +8613812345678 is blocked' }
    await expect(bind()).rejects.toThrow(problem(`status_${status}`))
  }
  platform.answer = { status: 302, body: '', headers: { location: `${platform.url}/elsewhere` } }
  platform.seen.length = 0
  await expect(bind()).rejects.toThrow(problem('status_302'))
  expect(platform.seen).toHaveLength(1)
})

test('does not wait longer than it may', async () => {
  platform.answer.hangs = true
  await expect(relay({ timeoutMs: 200 }).bind(caller, customer, 10)).rejects.toThrow(problem('timeout'))
})

test('speaks only over TLS, and only with whom the certificate names', async () => {
  const plain = createPlain((_, response) => response.end(platform.answer.body))
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
  const { port } = plain.address() as AddressInfo
  await expect(relay({ url: `https://localhost:${port}` }).bind(caller, customer, 10)).rejects.toThrow(problem('connection'))
  expect(() => relay({ url: `http://localhost:${port}` })).toThrow(expect.objectContaining({ code: 'config_invalid' }))
  await expect(httpRelay({ url: platform.url, token: 'x', minutes: 10 }).bind(caller, customer, 10)).rejects.toThrow(problem('certificate'))
  await expect(relay({ url: platform.url.replace('localhost', '127.0.0.1') }).bind(caller, customer, 10)).rejects.toThrow(
    problem('certificate'),
  )
  expect(platform.seen).toEqual([])
  await new Promise((resolve) => plain.close(resolve))
})

test('unbinds, and takes one that has ended already for ended', async () => {
  for (const status of [200, 204, 404]) {
    platform.answer = { status, body: '' }
    await relay().unbind('b-1')
  }
  expect(platform.seen[0]).toMatchObject({ method: 'DELETE', url: '/v1/bindings/b-1' })
  platform.answer = { status: 500, body: '' }
  await expect(relay().unbind('b-1')).rejects.toThrow(problem('status_500'))
})
