import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { apiClient } from './support/api.ts'
import { type RunningServer, startServer, untilReady } from './support/server.ts'

const folder = mkdtempSync('/tmp/anechoic-demo-')
chmodSync(folder, 0o755)
let server: RunningServer | undefined
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

type Demo = { url: string; staff: { login: string; role: string; password: string }[] }

const env = { ANECHOIC_DEMO_CUSTOMERS: '60', LANG: 'en_US.UTF-8' }
const demosIn = (printed: string): Demo[] =>
  printed
    .split('\n')
    .filter((line) => line.startsWith('{"url"'))
    .map((line) => JSON.parse(line) as Demo)

const until = async (holds: () => boolean): Promise<void> => {
  for (let i = 0; !holds(); i += 1) {
    if (i > 3_000) throw new Error(`waited in vain:\n${server?.output()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('--demo fills an empty folder with a dealer one can sign in to, and does so once', { timeout: 240_000 }, async () => {
  const data = `${folder}/data`
  server = await startServer({ data, args: ['--demo'], env, limitMs: 120_000 })
  await until(() => demosIn(server!.output()).length > 0)
  const [demo, ...more] = demosIn(server.output())
  expect(more).toEqual([])
  expect(Object.keys(demo!)).toEqual(['url', 'staff'])
  expect(demo!.url).toBe(server.url)
  expect(demo!.staff).toHaveLength(25)
  for (const one of demo!.staff) expect(Object.keys(one)).toEqual(['login', 'role', 'password'])
  expect(new Set(demo!.staff.map(({ password }) => password)).size).toBe(25)
  // What is set up needs no set-up link, and no password is in the log or anywhere else.
  expect(server.output()).not.toContain('setup?token=')
  expect(server.output().split(demo!.staff[0]!.password)).toHaveLength(2)
  await untilReady(server.url)

  const as = async (role: string) => {
    const api = apiClient(server!.url)
    const account = demo!.staff.find((one) => one.role === role)!
    await api.signIn(account.login, account.password)
    return api
  }
  const owner = await as('owner')
  const { total, items } = await owner.call<{ total: number; items: { id: string; createdAt: string }[] }>(
    'GET',
    '/api/customers?pageSize=60',
  )
  const { total: trashed } = await owner.call<{ total: number }>('GET', '/api/customers?filter[trashed]=true')
  expect(total + trashed).toBe(60)
  expect((await owner.call<{ items: unknown[] }>('GET', '/api/stores')).items).toHaveLength(3)
  expect((await owner.call<{ items: unknown[] }>('GET', '/api/staff')).items).toHaveLength(25)
  // They came in over 18 months, not today.
  expect(new Set(items.map(({ createdAt }) => createdAt.slice(0, 7))).size).toBeGreaterThan(6)
  const timeline = await owner.call<{ items: { happenedAt: string }[] }>('GET', `/api/customers/${items.at(-1)!.id}/interactions`)
  expect(timeline.items.length).toBeGreaterThan(0)

  const consultant = await as('salesConsultant')
  const list = await consultant.call<{ total: number }>('GET', '/api/customers')
  expect(list.total).toBeLessThan(total)
  // A fortnight around today: the manager sees all of the shop's, an installer those of today and whom they are with.
  const [from, to] = [-8, 8].map((days) => new Date(Date.now() + days * 86_400_000).toISOString())
  const manager = await as('storeManager')
  type Days = { items: { assigneeIds: string[] }[]; total: number; customers: Record<string, { name: unknown }> }
  const fortnight = await manager.call<Days>('GET', `/api/appointments?from=${from}&to=${to}&mine=false&pageSize=200`)
  expect(fortnight.total).toBeGreaterThan(10)
  const installer = await as('installer')
  const mine = await installer.call<Days>('GET', `/api/appointments?from=${from}&to=${to}&mine=true`)
  const seen = await installer.call<{ total: number }>('GET', '/api/customers')
  expect(Object.keys(mine.customers)).toHaveLength(seen.total)
  const auditor = await as('auditor')
  expect((await auditor.send('GET', '/api/customers')).status).toBe(404)
  const log = await auditor.call<{ items: { action: string }[] }>('GET', '/api/audit?action=reveal')
  expect(log.items.length).toBeGreaterThan(0)

  await server.stop()
  server = await startServer({ data, args: ['--demo'], env, limitMs: 120_000 })
  await until(() => server!.output().includes('holds data already'))
  await untilReady(server.url)
  expect(demosIn(server.output())).toEqual([])
  const again = await as('owner')
  expect((await again.call<{ total: number }>('GET', '/api/customers')).total).toBe(total)
})

test.each([
  [['--demo', '--host', '0.0.0.0'], 'on a network only TLS is served'],
  [['--demo', '--host', '192.168.1.20'], 'on a network only TLS is served'],
])('a demo is served on loopback only: %j', async (args, line) => {
  const data = `${folder}/${args.join('')}`
  await expect(startServer({ data, args, env })).rejects.toThrow(line)
  expect(readdirSync(folder)).not.toContain('keys')
})

test('a demo does not go with a passphrase, nor with a size that is none', async () => {
  const data = `${folder}/none`
  await expect(startServer({ data, args: ['--demo'], env: { ...env, ANECHOIC_KEY_PROVIDER: 'passphrase' } })).rejects.toThrow(
    'does not go with a passphrase',
  )
  await expect(startServer({ data, args: ['--demo'], env: { ANECHOIC_DEMO_CUSTOMERS: 'many', LANG: 'en_US.UTF-8' } })).rejects.toThrow(
    'must be a number from 20 to 20000',
  )
})
