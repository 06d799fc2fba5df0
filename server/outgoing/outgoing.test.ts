import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRelayPlatform, type RelayPlatform } from '../../test/support/relayPlatform.ts'
import { makeCertificates } from '../../test/support/certificates.ts'
import { mayReach } from './mayReach.ts'
import { outgoingFetch } from './outgoingFetch.ts'
import { readUrl } from './readUrl.ts'
import { resolveTarget } from './resolveTarget.ts'
import { sendOutgoing } from './sendOutgoing.ts'

const refusal = (problem: string) => expect.objectContaining({ code: 'outgoing_refused', details: { problem } })
const failure = (problem: string) => expect.objectContaining({ code: 'outgoing_failed', details: { problem } })
const standsFor =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

test.each([
  ['8.8.8.8', true, true],
  ['2606:4700::1111', true, true],
  ['10.0.0.1', false, true],
  ['172.31.255.255', false, true],
  ['192.168.1.1', false, true],
  ['127.0.0.1', false, true],
  ['::1', false, true],
  ['fd12::1', false, true],
  ['100.64.0.1', false, true],
  ['64:ff9b::7f00:1', false, true],
  ['2002:7f00:1::', false, true],
  ['::ffff:8.8.8.8', false, true],
  ['::ffff:127.0.0.1', false, true],
  ['169.254.169.254', false, false],
  ['::ffff:169.254.169.254', false, false],
  ['100.100.100.200', false, false],
  ['fd00:ec2::254', false, false],
  ['fe80::1', false, false],
  ['0.0.0.0', false, false],
  ['::', false, false],
  ['224.0.0.1', false, false],
  ['ff02::1', false, false],
  ['255.255.255.255', false, false],
  ['240.0.0.1', false, false],
  ['198.18.0.1', false, false],
  ['not an address', false, false],
])('%s is reached by anybody: %s; where the owner allows its host: %s', (address, byAnybody, byAllowance) => {
  expect([mayReach(address, false), mayReach(address, true)]).toEqual([byAnybody, byAllowance])
})

test.each([
  ['http://example.com', 'not_https'],
  ['file:///etc/passwd', 'not_https'],
  ['gopher://example.com', 'not_https'],
  ['//example.com', 'not_a_url'],
  ['https://user:pass@example.com', 'holds_a_password'],
  ['https://example.com@127.0.0.1', 'holds_a_password'],
  ['https://2130706433/', 'unusual_host'],
  ['https://0x7f.1/', 'unusual_host'],
  ['https://0177.0.0.1/', 'unusual_host'],
  ['https://127.1/', 'unusual_host'],
  ['https://134744072/', 'unusual_host'],
  ['https://１２７.0.0.1/', 'unusual_host'],
  ['https://ⓔxample.com/', 'unusual_host'],
  ['https://example.com./', 'unusual_host'],
  ['https:\\\\example.com', 'unusual_host'],
  [`https://example.com/${'x'.repeat(3_000)}`, 'not_a_url'],
])('the address %s is not one to go to: %s', (text, problem) => {
  expect(() => readUrl(text)).toThrow(refusal(problem))
})

test.each([
  'https://example.com/a?b#c',
  'https://EXAMPLE.com:8443',
  'https://例子.cn/路径',
  'https://xn--fsqu00a.cn',
  'https://[2606:4700::1111]/',
])('the address %s is one', (text) => {
  expect(readUrl(text).protocol).toBe('https:')
})

test('a name must stand for public addresses only; a literal address or another port needs the owner', async () => {
  const to = (host: string, port: number, resolve = standsFor('93.184.216.34'), allow: string[] = []) =>
    resolveTarget(host, port, { resolve, allow })
  expect(await to('example.com', 443)).toEqual({ host: 'example.com', port: 443, addresses: [{ address: '93.184.216.34', family: 4 }] })
  await expect(to('example.com', 22)).rejects.toThrow(refusal('port'))
  await expect(to('8.8.8.8', 443)).rejects.toThrow(refusal('literal_address'))
  await expect(to('[::1]', 443)).rejects.toThrow(refusal('private_address'))
  await expect(to('rebound.example', 443, standsFor('93.184.216.34', '10.0.0.1'))).rejects.toThrow(refusal('private_address'))
  await expect(to('rebound.example', 443, standsFor('::ffff:10.0.0.1'))).rejects.toThrow(refusal('private_address'))
  await expect(to('nobody.example', 443, standsFor())).rejects.toThrow(refusal('private_address'))
  const lost = async () => Promise.reject(new Error('ENOTFOUND'))
  await expect(to('nobody.example', 443, lost)).rejects.toThrow(failure('name'))
  const inside = standsFor('192.168.1.5')
  await expect(to('nas.lan', 443, inside, ['other.lan', 'nas.lan:8443'])).rejects.toThrow(refusal('private_address'))
  expect((await to('NAS.lan', 8443, inside, ['nas.lan:8443'])).addresses[0]).toEqual({ address: '192.168.1.5', family: 4 })
  expect((await to('nas.lan', 443, inside, ['nas.lan'])).port).toBe(443)
  expect((await to('[fd00::5]', 8443, inside, ['[fd00::5]:8443'])).host).toBe('fd00::5')
  await expect(to('nas.lan', 8443, inside, ['nas.lan'])).rejects.toThrow(refusal('port'))
  await expect(to('nas.lan', 443, standsFor('169.254.169.254'), ['nas.lan'])).rejects.toThrow(refusal('private_address'))
})

let platform: RelayPlatform
beforeAll(async () => {
  platform = await openRelayPlatform()
})
afterAll(() => platform.close())

test('what was resolved is what is connected to: a name that changes its mind is asked once', async () => {
  const { port } = new URL(platform.url)
  let asked = 0
  const rebinding = async () => [{ address: (asked += 1) === 1 ? '127.0.0.1' : '10.255.255.1', family: 4 }]
  platform.answer = { status: 200, body: 'here' }
  const allow = [`localhost:${port}`]
  const answer = await sendOutgoing({ url: platform.url, ca: platform.ca, allow, resolve: rebinding })
  expect([answer.status, answer.body, asked]).toEqual([200, 'here', 1])
})

test('a redirect is handed back and not followed; neither a flood nor a sleeper is waited for; nobody unknown is believed', async () => {
  const allow = [new URL(platform.url).host]
  const send = (over: object = {}) => sendOutgoing({ url: platform.url, ca: platform.ca, allow, ...over })
  platform.answer = { status: 302, body: '', headers: { location: 'https://169.254.169.254/' } }
  platform.seen.length = 0
  expect((await send()).status).toBe(302)
  expect(platform.seen).toHaveLength(1)
  platform.answer = { status: 200, body: 'x'.repeat(2_000) }
  await expect(send({ longestAnswer: 1_000 })).rejects.toThrow(failure('answer_too_long'))
  platform.answer = { status: 200, body: '', hangs: true }
  await expect(send({ timeoutMs: 200 })).rejects.toThrow(failure('timeout'))
  platform.answer = { status: 200, body: '' }
  await expect(sendOutgoing({ url: platform.url, allow })).rejects.toThrow(failure('certificate'))
  const port = new URL(platform.url).port
  await expect(send({ url: `https://127.0.0.1:${port}/`, allow: [`127.0.0.1:${port}`] })).rejects.toThrow(failure('certificate'))
  await expect(send({ allow: [] })).rejects.toThrow(refusal('port'))
})

test('in the shape of fetch, as a library for single sign-on takes it, and with no other way out', async () => {
  const allow = [new URL(platform.url).host]
  const ask = outgoingFetch({ ca: platform.ca, allow })
  platform.answer = { status: 200, body: '{"issuer":"x"}', headers: { 'content-type': 'application/json', 'set-cookie': 'a=b' } }
  platform.seen.length = 0
  const answer = await ask(new URL(platform.url), {
    method: 'POST',
    headers: new Headers({ accept: 'application/json' }),
    body: new URLSearchParams({ code: 'c d' }),
  })
  expect([answer.status, answer.headers.get('content-type'), await answer.json()]).toEqual([200, 'application/json', { issuer: 'x' }])
  expect(platform.seen[0]).toMatchObject({ method: 'POST', body: 'code=c+d', headers: { accept: 'application/json' } })
  platform.answer = { status: 204, body: '' }
  expect((await ask(platform.url)).body).toBe(null)
  await expect(ask('https://169.254.169.254/latest/meta-data')).rejects.toThrow(refusal('private_address'))
  await expect(ask('http://localhost/')).rejects.toThrow(refusal('not_https'))
})

test.each(['expired', 'notYet', 'wrongHost', 'stranger'] as const)('a server whose certificate is %s is not believed', async (kind) => {
  const made = await makeCertificates(['localhost'])
  let asked = 0
  const server = createServer({ key: made[kind].key, cert: made[kind].certificate }, (_, response) => {
    asked += 1
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const place = `localhost:${(server.address() as AddressInfo).port}`
  await expect(outgoingFetch({ ca: made.ca, allow: [place] })(`https://${place}/.well-known/openid-configuration`)).rejects.toThrow(
    failure('certificate'),
  )
  expect(asked).toBe(0)
  server.close()
})
