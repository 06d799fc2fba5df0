import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { apiClient } from '../test/support/api.ts'
import { socketClient } from './cli/socketClient.ts'
import { readConfig } from './config.ts'
import { openLog } from './http/log.ts'
import { localSocketPath } from './localSocket.ts'
import { type RunningServer, startServer } from './main.ts'

// Below /tmp, where the account of the database can reach it.
const data = mkdtempSync('/tmp/anechoic-main-')
const lines: string[] = []
const servers: RunningServer[] = []
afterAll(async () => {
  for (const server of servers) await server.stop()
  rmSync(data, { recursive: true, force: true })
})

const open = async (environment: NodeJS.ProcessEnv = {}): Promise<RunningServer> => {
  const server = await startServer(
    readConfig(['--port', '0', '--data', data], environment),
    openLog({ write: (line: string) => void lines.push(line) }),
  )
  servers.push(server)
  return server
}
const untilReady = async (url: string): Promise<void> => {
  for (let i = 0; i < 1_500; i += 1) {
    if ((await fetch(`${url}/readyz`)).ok) return
    await sleep(20)
  }
  throw new Error('not ready in 30 s')
}

const passphrase = 'a passphrase of some length'
const body = {
  company: '静听影音',
  store: '静安店',
  kit: { shares: 3, threshold: 2 },
  passphrase,
  owner: { login: 'laoban', name: '罗老板', password: 'quiet-room-with-thick-walls-41' },
}

test('from nothing to a found customer, sealed at the next start, unsealed, and stopped cleanly', async () => {
  const environment = { ANECHOIC_KEY_PROVIDER: 'passphrase' }
  const first = await open(environment)
  const owner = apiClient(first.url!)
  expect((await owner.send('GET', '/readyz')).body).toEqual({ ready: false, reasons: [{ reason: 'setup' }] })
  expect((await owner.send('POST', '/api/setup', { ...body, token: 'guessed' })).status).toBe(403)
  const weak = await owner.send('POST', '/api/setup', {
    ...body,
    token: first.setupToken,
    owner: { ...body.owner, password: 'laobanlaobanlaoban' },
  })
  expect(weak.body).toMatchObject({ code: 'input_invalid', details: { problems: [{ field: 'password', problem: 'contains_name' }] } })
  const nul = await owner.send('POST', '/api/setup', { ...body, company: '静\u0000听', token: first.setupToken })
  expect(nul.body).toMatchObject({ code: 'input_invalid', details: { problems: [{ field: 'company', problem: 'bad_characters' }] } })
  // A double click: both get the same shares, and there is one company.
  const [one, two] = await Promise.all([1, 2].map(() => owner.send('POST', '/api/setup', { ...body, token: first.setupToken })))
  expect(one!.body).toEqual(two!.body)
  const { shares } = one!.body as { shares: string[] }
  expect(shares).toHaveLength(3)
  await untilReady(first.url!)
  expect((await owner.send('POST', '/api/setup', { ...body, company: '别的', token: first.setupToken })).body).toMatchObject({
    code: 'setup_done',
  })
  // Somebody else's try takes nothing from whoever still waits for the shares.
  expect((await owner.send('POST', '/api/setup', { ...body, token: first.setupToken })).body).toEqual(one!.body)
  expect((await owner.send('POST', '/api/setup/prove', { shares: shares.slice(1), token: first.setupToken })).body).toEqual({
    proven: true,
  })
  await owner.signIn('laoban', body.owner.password)
  const { items: stores } = await owner.call<{ items: { id: string }[] }>('GET', '/api/stores')
  await owner.call('POST', '/api/customers', { name: '沈静安', kind: 'household', phones: ['138 0013 8000'], storeId: stores[0]!.id })
  expect(await owner.call('GET', '/api/customers?q=sja')).toMatchObject({
    total: 1,
    items: [{ name: '沈静安', phones: ['+8613800138000'] }],
  })
  await first.stop()

  const second = await open(environment)
  const visitor = apiClient(second.url!)
  expect((await visitor.send('GET', '/readyz')).body).toEqual({ ready: false, reasons: [{ reason: 'sealed' }] })
  expect((await visitor.send('POST', '/api/session', { login: 'laoban', password: body.owner.password })).body).toMatchObject({
    code: 'sealed',
  })
  expect((await visitor.send('POST', '/api/unseal', { passphrase: 'another passphrase' })).body).toMatchObject({ code: 'passphrase_wrong' })
  // Guesses sent at once wait like those sent one by one.
  const guesses = await Promise.all([1, 2, 3, 4].map((n) => visitor.send('POST', '/api/unseal', { passphrase: `another passphrase ${n}` })))
  const codes = guesses.map((guess) => (guess.body as { code: string }).code)
  expect(codes.toSorted()).toEqual(['passphrase_wrong', 'passphrase_wrong', 'throttled', 'throttled'])
  let unsealed = await visitor.send('POST', '/api/unseal', { passphrase })
  while (unsealed.status === 429) {
    await sleep(Number(unsealed.headers.get('retry-after')) * 1000)
    unsealed = await visitor.send('POST', '/api/unseal', { passphrase })
  }
  expect(unsealed.status).toBe(204)
  await untilReady(second.url!)
  await visitor.signIn('laoban', body.owner.password)
  expect(await visitor.call('GET', '/api/customers?q=shenjingan')).toMatchObject({ total: 1 })

  // The local socket: for the owner of the data folder only, the same gate, and `doctor`.
  const socket = localSocketPath(data)
  expect(statSync(data).mode & 0o077).toBe(0)
  const local = socketClient(socket)
  expect((await local.send('GET', '/api/customers')).status).toBe(401)
  const { checks } = await local.call<{ checks: { name: string; ok: boolean }[] }>('GET', '/api/doctor')
  expect(checks.find(({ name }) => name === 'recovery kit')?.ok).toBe(true)
  expect((await visitor.send('GET', '/api/doctor')).status).toBe(404)
  const described = await visitor.call<{ openapi: string; paths: Record<string, unknown> }>('GET', '/api/openapi.json')
  expect(described.openapi).toBe('3.1.0')
  expect(Object.keys(described.paths)).toContain('/api/customers/{id}/reveal')
  expect((await visitor.send('GET', '/metrics')).body).toContain('anechoic_http_request_seconds')
  await second.stop()
  await expect(fetch(second.url!)).rejects.toThrow()
  expect(lines.filter((line) => line.includes('"level":50'))).toEqual([])
  expect(lines.join('')).not.toMatch(/沈静安|13800138000|passphrase of/)
})
