import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as requestPlain } from 'node:http'
import { request } from 'node:https'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Certificates, makeCertificates } from '../test/support/certificates.ts'
import { hasPebble, openPebble } from '../test/support/pebble.ts'
import { freePort } from '../test/support/server.ts'
import { socketClient } from './cli/socketClient.ts'
import { readConfig } from './config.ts'
import { openLog } from './http/log.ts'
import { localSocketPath } from './localSocket.ts'
import { type RunningServer, startServer } from './main.ts'

// Below /tmp, where the account of the database can reach it.
const folder = mkdtempSync('/tmp/anechoic-listeners-')
const data = join(folder, 'data')
const name = 'crm.dealer.example'
const [certFile, keyFile] = [join(folder, 'c.pem'), join(folder, 'k.pem')]
let made: Certificates
let running: RunningServer | null = null
const lines: string[] = []
beforeAll(async () => {
  chmodSync(folder, 0o755)
  made = await makeCertificates([name])
})
afterEach(async () => {
  await running?.stop()
  running = null
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const start = async (port: number, settings: Record<string, string>): Promise<RunningServer> => {
  const env = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`ANECHOIC_${key}`, value]))
  running = await startServer(
    readConfig(['--port', String(port), '--data', data], env),
    openLog({ write: (line: string) => void lines.push(line) }),
  )
  return running
}

type Answer = { status: number; headers: Record<string, unknown>; body: string }
const ask = (
  port: number,
  path: string,
  { ca = '', headers = {}, method = 'GET' }: { ca?: string; headers?: Record<string, string>; method?: string } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const common = { host: '127.0.0.1', port, path, method, agent: false as const, headers: { host: name, ...headers } }
    const sent = ca === '' ? requestPlain(common) : request({ ...common, ca, servername: name })
    sent.on('response', (reply) => {
      let body = ''
      reply.setEncoding('utf8').on('data', (part: string) => (body += part))
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body }))
    })
    sent.on('error', reject).end()
  })

test('own files: served under the public name, with HSTS; the socket for the command line is as ever', async () => {
  writeFileSync(certFile, made.good.certificate)
  writeFileSync(keyFile, made.good.key)
  const port = await freePort()
  const server = await start(port, { TLS: 'files', TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, PUBLIC_NAME: name })
  expect(server.url).toBe(`https://${name}:${port}`)
  const answer = await ask(port, '/livez', { ca: made.ca })
  expect([answer.status, answer.headers['strict-transport-security']]).toEqual([200, 'max-age=63072000; includeSubDomains'])
  expect((await ask(port, '/livez', { ca: made.ca, headers: { host: 'evil.example' } })).status).toBe(403)
  await expect(ask(port, '/livez')).rejects.toThrow()
  const { checks } = await socketClient(localSocketPath(data)).call<{ checks: { name: string; ok: boolean; detail: string }[] }>(
    'GET',
    '/api/doctor',
  )
  expect(checks.find((check) => check.name === 'certificate')).toMatchObject({
    ok: true,
    detail: expect.stringContaining(`${name}, by Test authority`),
  })
})

test('own files that are wrong keep it from starting, and nothing is left running', async () => {
  writeFileSync(certFile, made.expired.certificate)
  writeFileSync(keyFile, made.expired.key)
  const settings = { TLS: 'files', TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, PUBLIC_NAME: name }
  await expect(start(await freePort(), settings)).rejects.toMatchObject({
    code: 'config_invalid',
    details: { problem: 'certificate_expired' },
  })
})

test('a proxy in front: its word is taken for the scheme, and nothing is answered that came past it', async () => {
  const port = await freePort()
  const server = await start(port, { HOST: '127.0.0.1', TLS: 'proxy', PUBLIC_NAME: name, TRUSTED_PROXIES: '127.0.0.1' })
  expect(server.url).toBe(`https://${name}`)
  const https = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' }
  expect((await ask(port, '/api/state', { headers: https })).status).toBe(200)
  expect((await ask(port, '/api/state')).status).toBe(403)
  expect((await ask(port, '/livez')).status).toBe(200)
  expect((await ask(port, '/metrics')).status).toBe(200)
  expect((await ask(port, '/metrics', { headers: https })).status).toBe(404)
  // A proxy that names nobody is a proxy all the same.
  expect((await ask(port, '/metrics', { headers: { 'x-forwarded-proto': 'https' } })).status).toBe(404)
  // A browser's write is compared with the scheme people see, not with the one between the proxy and here.
  const write = (origin: string) =>
    ask(port, '/api/session', { method: 'POST', headers: { ...https, origin, 'content-type': 'application/json' } })
  expect(JSON.parse((await write(`http://${name}`)).body)).toMatchObject({ code: 'origin' })
  expect(JSON.parse((await write(`https://${name}`)).body)).not.toMatchObject({ code: 'origin' })
})

test.skipIf(!hasPebble)('ACME: pages are served from the moment the first certificate is there', async () => {
  const pebble = await openPebble()
  try {
    const port = await freePort()
    const server = await start(port, {
      TLS: 'acme',
      ACME_AGREE: 'yes',
      ACME_DIRECTORY: pebble.directory,
      ACME_CA_FILE: pebble.caFile,
      PUBLIC_NAME: name,
      HTTP_PORT: String(pebble.httpPort),
    })
    expect(server.url).toBe(`https://${name}:${port}`)
    const ca = await pebble.root()
    let answer: Answer | null = null
    for (let i = 0; i < 600 && answer === null; i += 1) {
      await sleep(100)
      answer = await ask(port, '/livez', { ca }).catch(() => null)
    }
    expect(answer?.status).toBe(200)
    expect(server.certificate()).toMatchObject({ source: 'acme', names: [name], problem: null })
    const sentOn = await ask(pebble.httpPort, '/customers')
    expect([sentOn.status, sentOn.headers['location']]).toEqual([308, `https://${name}:${port}/customers`])
  } finally {
    await pebble.close()
  }
  expect(lines.filter((line) => line.includes('"level":50'))).toEqual([])
})
