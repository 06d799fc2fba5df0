import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { apiClient } from '../../test/support/api.ts'
import { ownerAccount, root, setUp, startServer, untilReady } from '../../test/support/server.ts'
import { killAll, pidOf } from '../../test/faults/processes.ts'
import { fromFrames } from './frames.ts'
import { examineBackup } from './examineBackup.ts'
import { socketClient } from '../cli/socketClient.ts'
import { localSocketPath } from '../localSocket.ts'
import { type Written, writeBackup } from './writeBackup.ts'

const folder = mkdtempSync('/tmp/anechoic-killed-')
chmodSync(folder, 0o755)
const at = (name: string): string => join(folder, name)
// The run's own setting would be refused by the servers started here.
delete process.env['ANECHOIC_TEST_DATABASES']

let shares: string[]
let backup: Written
const children: ChildProcess[] = []

beforeAll(async () => {
  const server = await startServer({ data: at('data'), limitMs: 120_000 })
  const made = await setUp(server)
  shares = made.shares
  const [store] = (await made.owner.call<{ items: { id: string }[] }>('GET', '/api/stores')).items
  const items = Array.from({ length: 500 }, (_, i) => ({
    name: `某人${i}`,
    kind: 'household',
    phones: [],
    emails: [],
    tags: [],
    storeId: store!.id,
  }))
  for (let batch = 0; batch < 4; batch += 1) await made.owner.call('POST', '/api/customers/batch', { items })
  const stream = await socketClient(localSocketPath(at('data'))).download('POST', '/api/backups/stream')
  backup = await writeBackup(at('backups'), fromFrames(stream))
  await server.stop()
}, 180_000)
afterAll(() => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

test('kill -9 amid a backup leaves nothing that looks like one; the next backup clears it away and is whole', async () => {
  const to = at('interrupted')
  const child = spawn(process.execPath, [join(import.meta.dirname, 'endless.fixture.ts'), to], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  await once(child.stdout, 'data')
  const partial = readdirSync(to).filter((name) => name.endsWith('.partial'))
  expect(partial).toHaveLength(1)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(readdirSync(join(to, partial[0]!))).toEqual(['data.age'])
  await expect(examineBackup(to, shares)).rejects.toMatchObject({ code: 'backup_invalid', details: { problem: 'none' } })
  await expect(examineBackup(join(to, partial[0]!), shares)).rejects.toMatchObject({ code: 'backup_invalid' })

  const server = await startServer({ data: at('data'), limitMs: 120_000 })
  const stream = await socketClient(localSocketPath(at('data'))).download('POST', '/api/backups/stream')
  const written = await writeBackup(to, fromFrames(stream))
  await server.stop()
  expect(readdirSync(to)).toEqual([written.name])
  expect((await examineBackup(to, shares)).manifest.tables['public.customers']).toBe(2_000)
}, 120_000)

/** Starts a server that restores, feeds it all but the last `hold` bytes of the data, and returns it waiting for the rest. */
const restoreHalf = async (data: string, hold: number): Promise<ChildProcess> => {
  const { manifest, identity, shred, ownKeys, keys, data: sealed } = await examineBackup(backup.folder, shares)
  const child = spawn(process.execPath, [join(root, 'bin/start.mjs'), 'serve', '--no-listen', '--restore', '--data', data], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  children.push(child)
  child.stdin!.on('error', () => {})
  const head = { manifest, identity, shred, ownKeys, keysBytes: keys.bytes, dataBytes: sealed.bytes, passphrase: null }
  child.stdin!.write(`${JSON.stringify(head)}\n`)
  child.stdin!.write(readFileSync(keys.path))
  const bytes = readFileSync(sealed.path)
  child.stdin!.write(bytes.subarray(0, bytes.length - hold))
  return child
}

test('kill -9 amid a restore: the next start refuses to serve, and a restore anew brings everything', async () => {
  const data = at('restored')
  const child = await restoreHalf(data, 50_000)
  // The keys are in place and the tables are being filled.
  await expect.poll(() => existsSync(join(data, 'keys', 'keyring.json')), { timeout: 60_000, interval: 20 }).toBe(true)
  expect(existsSync(join(data, 'restore.unfinished'))).toBe(true)
  await killAll([await pidOf(data, 'server')])
  child.stdin!.end()
  await once(child, 'exit')
  await expect(startServer({ data, limitMs: 60_000, env: { LC_ALL: 'C' } })).rejects.toThrow(/interrupted: run restore again/)
  await expect(startServer({ data, limitMs: 60_000, env: { LC_ALL: 'zh_CN.UTF-8' } })).rejects.toThrow(/恢复被中断/)

  const again = await restoreHalf(data, 0)
  again.stdin!.end()
  const [code] = (await once(again, 'exit')) as [number]
  expect(code).toBe(0)
  expect(existsSync(join(data, 'restore.unfinished'))).toBe(false)
  const server = await startServer({ data, limitMs: 60_000 })
  try {
    await untilReady(server.url)
    const owner = apiClient(server.url)
    await owner.signIn(ownerAccount.login, ownerAccount.password)
    expect((await owner.call<{ total: number }>('GET', `/api/customers?q=${encodeURIComponent('某人1')}`)).total).toBe(444)
  } finally {
    await server.stop()
  }
}, 180_000)
