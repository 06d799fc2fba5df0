import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { type KernelOptions, openKernel } from './kernel.ts'
import { openLog } from './log.ts'
import { mountRoutes } from './mountRoutes.ts'
import { networkOf } from './peer.ts'
import { type AnyRoute, route } from './route.ts'

const seen: (string | null)[] = []
const routes: AnyRoute[] = [
  route({
    method: 'GET',
    path: '/api/here',
    need: 'local',
    answer: 'none',
    phases: 'any',
    summary: 'x',
    handle: async () => void seen.push('local'),
  }),
  route({
    method: 'GET',
    path: '/api/who',
    need: 'public',
    answer: 'none',
    phases: 'any',
    summary: 'x',
    handle: async ({ address }) => void seen.push(address),
  }),
]

let app: FastifyInstance
const start = async (more: Partial<KernelOptions> = {}): Promise<FastifyInstance> => {
  seen.length = 0
  const options: KernelOptions = {
    log: openLog({ write: () => undefined }),
    phase: () => 'ready',
    onRefused: async () => {},
    findSession: async () => null,
    findProgram: async () => null,

    isSetupToken: () => false,
    hosts: ['localhost', 'crm.example'],
    secure: false,
    ...more,
  }
  app = await openKernel(options)
  mountRoutes(app, routes, options)
  return app
}
afterEach(() => app.close())

test('who resets the connection at once has no address, and is for that not taken for a program on this machine', async () => {
  await start()
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  for (let i = 0; i < 20; i += 1) {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write('GET /api/here HTTP/1.1\r\nHost: localhost\r\n\r\n')
    socket.resetAndDestroy()
    await sleep(5)
  }
  expect(seen).toEqual([])
})

test('over the socket of the data folder everybody is local', async () => {
  await start({ local: true })
  const path = `/tmp/anechoic-peer-${process.pid}.sock`
  await app.listen({ path })
  const socket = connect(path)
  socket.write('GET /api/here HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  await once(socket, 'data')
  expect(seen).toEqual(['local'])
  socket.destroy()
})

const ask = (headers: Record<string, string>, remoteAddress: string) =>
  app.inject({ url: '/api/who', headers: { host: 'crm.example', ...headers }, remoteAddress })

test('without trusted proxies nobody’s word is taken for who is asking', async () => {
  await start()
  await ask({ 'x-forwarded-for': '8.8.8.8', forwarded: 'for=8.8.8.8', 'x-real-ip': '8.8.8.8', 'true-client-ip': '8.8.8.8' }, '203.0.113.9')
  expect(seen).toEqual(['203.0.113.9'])
})

test('a trusted proxy names who asks; what came before it in the list was written by whoever asked, and counts for nothing', async () => {
  await start({ trustedProxies: ['127.0.0.1', '10.0.0.0/24'] })
  await ask({ 'x-forwarded-for': '203.0.113.9' }, '127.0.0.1')
  await ask({ 'x-forwarded-for': '127.0.0.1, 203.0.113.9' }, '127.0.0.1')
  await ask({ 'x-forwarded-for': '1.1.1.1, 203.0.113.9, 10.0.0.7' }, '127.0.0.1')
  await ask({ 'x-forwarded-for': '203.0.113.9' }, '10.0.1.1')
  await ask({ 'x-forwarded-for': '<script>' }, '127.0.0.1')
  await ask({}, '127.0.0.1')
  expect(seen).toEqual(['203.0.113.9', '203.0.113.9', '203.0.113.9', '10.0.1.1', '127.0.0.1', '127.0.0.1'])
})

test('behind a proxy only what came to it over TLS is answered, under a name of ours, whatever X-Forwarded-Host says', async () => {
  await start({ trustedProxies: ['127.0.0.1'], behindProxy: true, secure: true })
  const code = async (headers: Record<string, string>, from = '127.0.0.1') => (await ask(headers, from)).statusCode
  expect(await code({ 'x-forwarded-proto': 'https' })).toBe(204)
  expect(await code({ 'x-forwarded-proto': 'http' })).toBe(403)
  expect(await code({ 'x-forwarded-proto': 'https, http' })).toBe(403)
  expect(await code({})).toBe(403)
  expect(await code({ 'x-forwarded-proto': 'https' }, '203.0.113.9')).toBe(403)
  expect(await code({ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'crm.example', host: 'evil.example' })).toBe(403)
  expect(await code({ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' })).toBe(204)
})

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['gone', 'gone'],
])('where callers are counted %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

test('an IPv4 caller of a listener on :: is who it is', async () => {
  await start({ trustedProxies: ['10.0.0.0/24'] })
  await ask({}, '::ffff:203.0.113.9')
  await ask({ 'x-forwarded-for': '203.0.113.10' }, '::ffff:10.0.0.7')
  expect(seen).toEqual(['203.0.113.9', '203.0.113.10'])
})

test('more headers and longer addresses than any client sends are refused', async () => {
  await start()
  const many = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`x-${i}`, 'a']))
  expect((await ask(many, '203.0.113.9')).json()).toMatchObject({ code: 'input_too_large', details: { problem: 'headers' } })
  const long = await app.inject({ url: `/api/who?${'a'.repeat(9_000)}`, headers: { host: 'crm.example' } })
  expect(long.json()).toMatchObject({ code: 'input_too_large', details: { problem: 'url' } })
})
