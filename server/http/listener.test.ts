import { once } from 'node:events'
import { createServer as createPlain } from 'node:http'
import { connect as connectPlain, type Socket } from 'node:net'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { type Certificates, makeCertificates } from '../../test/support/certificates.ts'
import type { KeyPair } from '../tls/liveCertificate.ts'
import { openKernel } from './kernel.ts'
import { limitConnections } from './listener.ts'
import { openLog } from './log.ts'

let made: Certificates
let app: FastifyInstance
let port = 0
const listeners: ((pair: KeyPair) => void)[] = []
let current: KeyPair

beforeAll(async () => {
  made = await makeCertificates()
  current = made.good
  app = await openKernel({
    log: openLog({ write: () => undefined }),
    phase: () => 'ready',
    onRefused: async () => {},
    findSession: async () => null,
    findProgram: async () => null,
    isSetupToken: () => false,
    hosts: ['localhost'],
    secure: true,
    certificate: {
      current: () => current,
      onChange: (listener) => void listeners.push(listener),
      status: () => ({
        source: 'files',
        names: [],
        issuer: null,
        notAfter: null,
        daysLeft: null,
        renewedAt: null,
        problem: null,
        authority: null,
      }),
      close: async () => {},
    },
  })
  app.get('/livez', async () => ({ alive: true }))
  app.post('/echo', async ({ body }) => ({ body }))
  await app.listen({ port: 0, host: '127.0.0.1' })
  port = (app.server.address() as { port: number }).port
})
afterAll(() => app.close())

const shake = (options: ConnectionOptions = {}): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca: made.ca, ...options }, () => resolve(socket))
    socket.once('error', reject)
  })

test('speaks TLS 1.3, and 1.2 with forward secrecy and authenticated encryption; nothing older or weaker', async () => {
  const agreed = async (options: ConnectionOptions) => {
    const socket = await shake(options)
    const said = [socket.getProtocol(), socket.getCipher().name]
    socket.destroy()
    return said
  }
  expect(await agreed({})).toEqual(['TLSv1.3', 'TLS_AES_256_GCM_SHA384'])
  expect(await agreed({ maxVersion: 'TLSv1.2' })).toEqual(['TLSv1.2', 'ECDHE-ECDSA-AES256-GCM-SHA384'])
  // The hybrid group alone, as browsers of today ask for it first.
  expect(await agreed({ ecdhCurve: 'X25519MLKEM768' })).toEqual(['TLSv1.3', 'TLS_AES_256_GCM_SHA384'])
  for (const weak of [
    { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' },
    { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA' },
    { maxVersion: 'TLSv1.2', ciphers: 'AES256-GCM-SHA384:AES128-SHA' },
    { maxVersion: 'TLSv1.2', ciphers: 'DHE-RSA-AES256-GCM-SHA384' },
  ] as ConnectionOptions[])
    await expect(shake(weak)).rejects.toThrow()
})

const answerOf = async (socket: Socket): Promise<string> => {
  let text = ''
  socket.setEncoding('utf8').on('data', (part: string) => (text += part))
  await once(socket, 'close')
  return text
}

test('the headers that OWASP asks for, and none that says what is running here', async () => {
  const socket = await shake()
  socket.write('GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  const head = (await answerOf(socket)).split('\r\n\r\n')[0]!.toLowerCase().split('\r\n').slice(1)
  const headers = Object.fromEntries(head.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
  expect(headers).toMatchObject({
    'strict-transport-security': 'max-age=63072000; includesubdomains',
    'x-frame-options': 'deny',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-permitted-cross-domain-policies': 'none',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-dns-prefetch-control': 'off',
  })
  expect(headers['content-security-policy']).toMatch(/default-src 'none'/)
  expect(headers['content-security-policy']).not.toMatch(/unsafe|\*/)
  expect(headers['permissions-policy']).toMatch(/camera=\(\).*microphone=\(\)/)
  expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['server']))
  expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-powered-by']))
})

test.each([
  ['headers beyond 16 KB', `GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
  ['two lengths', 'POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}', /^HTTP\/1\.1 400 /],
  [
    'length and chunks',
    'POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    /^HTTP\/1\.1 400 /,
  ],
  ['a bare line feed in a header', 'GET /livez HTTP/1.1\r\nHost: localhost\r\nX: a\nY: b\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['two hosts', 'GET /livez HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 4/],
  ['no host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 400 /],
])('what is no honest HTTP is refused: %s', async (_what, text, expected) => {
  const socket = await shake()
  socket.on('error', () => {})
  socket.write(text)
  expect(await answerOf(socket)).toMatch(expected)
})

test('who sends headers a byte now and then, or does not shake hands, is not waited for', async () => {
  const [slow, mute] = [await shake(), connectPlain(port, '127.0.0.1')]
  for (const socket of [slow, mute]) socket.on('error', () => {})
  const began = performance.now()
  slow.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n')
  const drip = setInterval(() => slow.write('X-A: b\r\n'), 500)
  await Promise.all([once(slow.resume(), 'close'), once(mute, 'close')])
  clearInterval(drip)
  // 15 s and 10 s, looked at every 5 s; the bound here is only that they end at all.
  expect(performance.now() - began).toBeLessThan(60_000)
}, 90_000)

test('a new certificate is shown to newcomers from the moment it is there', async () => {
  const before = await shake()
  const other = (await makeCertificates(['localhost'])).good
  current = other
  for (const listener of listeners) listener(other)
  await expect(shake()).rejects.toThrow()
  const after = await shake({ rejectUnauthorized: false })
  expect(after.getPeerX509Certificate()!.toString().trim()).toBe(other.certificate.trim())
  before.write('GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  expect(await answerOf(before)).toContain('"alive":true')
  after.destroy()
  expect(await agreedGroupStillStrict()).toBe(true)
})

const agreedGroupStillStrict = async (): Promise<boolean> =>
  shake({ rejectUnauthorized: false, maxVersion: 'TLSv1.2', ciphers: 'AES256-GCM-SHA384' }).then(
    () => false,
    () => true,
  )

test('one address gets so many connections at once, and new ones when old ones end; the owner’s proxy is not counted', async () => {
  const server = createPlain().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxies = new Set<string>()
  limitConnections(server, 2, (address) => proxies.has(address))
  const open = async (): Promise<'open' | 'closed'> => {
    const socket = connectPlain((server.address() as { port: number }).port, '127.0.0.1').on('error', () => {})
    sockets.push(socket)
    await once(socket, 'connect')
    return Promise.race([
      once(socket, 'close').then(() => 'closed' as const),
      new Promise<'open'>((resolve) => setTimeout(() => resolve('open'), 300)),
    ])
  }
  const sockets: Socket[] = []
  expect([await open(), await open(), await open()]).toEqual(['open', 'open', 'closed'])
  sockets[0]!.destroy()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect([await open(), await open()]).toEqual(['open', 'closed'])
  proxies.add('127.0.0.1')
  expect([await open(), await open()]).toEqual(['open', 'open'])
  for (const socket of sockets) socket.destroy()
  server.close()
})
