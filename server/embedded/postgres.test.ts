import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { AppError } from '../../domain/errors.ts'
import type { Database } from './database.ts'
import { startEmbeddedPostgres } from './postgres.ts'
import { postmasterPid } from './takeOver.ts'

vi.setConfig({ testTimeout: 60_000 }) // a busy disk is no failure

// realpath: on macOS /tmp is a link, and socket paths are compared as text below
const base = mkdtempSync(join(realpathSync(tmpdir()), 'embedded-'))
spawnSync('chmod', ['711', base]) // the database's account must pass through
const settings = { fsync: 'off' }
const running = new Set<Database>()
const children = new Set<ChildProcess>()

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const database of running) await database.stop()
  children.clear()
  running.clear()
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

async function start(dataDir: string): Promise<Database> {
  const database = await startEmbeddedPostgres({ dataDir, settings })
  running.add(database)
  return database
}

async function query<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {}) // the server may be killed under it
  await client.connect()
  try {
    return (await client.query<T>(sql)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

type Answer = { url: string; code?: string; details?: Record<string, unknown> }

async function hold(dataDir: string, before: string[] = []): Promise<{ child: ChildProcess; answer: Answer }> {
  const [file = '', ...args] = [...before, process.execPath, join(import.meta.dirname, 'holdDatabase.fixture.ts'), dataDir]
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: '/' })
  children.add(child)
  for await (const line of createInterface({ input: child.stdout })) return { child, answer: JSON.parse(line) as Answer }
  throw new Error('the process ended without a word')
}

async function kill(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

test('starts, keeps its data over a stop, and gives the run-time role no DDL and the superuser no way in', async () => {
  const dataDir = join(base, 'plain')
  const first = await start(dataDir)
  await query(first.ownerUrl, 'CREATE TABLE kept (n int)')
  await query(first.ownerUrl, 'INSERT INTO kept VALUES (7)')
  await query(first.ownerUrl, `GRANT SELECT ON kept TO ${first.runtimeRole}`)
  await expect(query(first.runtimeUrl, 'CREATE TABLE mine (n int)')).rejects.toThrow(/permission denied/)
  await expect(query(first.runtimeUrl, 'CREATE TEMP TABLE mine (n int)')).rejects.toThrow(/permission denied/)
  await expect(query(first.ownerUrl.replace('anechoic_owner', 'postgres'), 'SELECT 1')).rejects.toThrow(/no pg_hba.conf entry/)
  await expect(query(first.ownerUrl.replace(/:[\w-]{32}@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(/password authentication failed/)
  expect(await query(first.ownerUrl, 'SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user')).toEqual([
    { rolsuper: false, rolcreaterole: false },
  ])
  await first.stop()
  await first.stop()
  const second = await start(dataDir)
  expect(await query(second.runtimeUrl, 'SELECT n FROM kept')).toEqual([{ n: 7 }])
})

test('is safe by default: fsync, checksums, no TCP, private files, and no value of a failed statement in the log', async () => {
  const dataDir = join(base, 'defaults')
  const database = await startEmbeddedPostgres({ dataDir })
  running.add(database)
  for (const [name, value] of Object.entries({
    fsync: 'on',
    full_page_writes: 'on',
    data_checksums: 'on',
    listen_addresses: '',
    ssl: 'off',
  })) {
    expect(await query(database.ownerUrl, `SELECT current_setting('${name}') AS value`), name).toEqual([{ value }])
  }
  await expect(query(database.ownerUrl, "SELECT 'canary-in-value'::int")).rejects.toThrow(/canary-in-value/)
  await expect(query(database.ownerUrl, "DO $$ BEGIN RAISE WARNING 'canary-warning'; END $$")).resolves.toEqual([])
  await database.stop()
  const log = readFileSync(join(dataDir, 'log', 'postgres.log'), 'utf8')
  expect(log).toContain('ready to accept connections') // the log is read at all
  expect(log).not.toContain('canary')
  for (const path of ['', 'secrets', 'run', 'postgres', 'log']) expect(statSync(join(dataDir, path)).mode & 0o777, path).toBe(0o700)
  for (const path of ['secrets/owner.password', 'secrets/runtime.password', 'log/postgres.log']) {
    expect(statSync(join(dataDir, path)).mode & 0o777, path).toBe(0o600)
  }
})

test('kill -9 of node, of postgres, of both: the next start takes over and no committed row is lost', async () => {
  const dataDir = join(base, 'killed')
  let expected = 0
  for (const victim of ['node', 'postgres and node', 'node and postgres', 'node'] as const) {
    const { child, answer } = await hold(dataDir)
    await query(answer.url, 'CREATE TABLE IF NOT EXISTS kept (n int)')
    await query(answer.url, 'INSERT INTO kept VALUES (1)')
    expected += 1
    const pid = postmasterPid(join(dataDir, 'postgres')) ?? 0
    expect(pid).toBeGreaterThan(0)
    if (victim === 'postgres and node') process.kill(pid, 'SIGKILL')
    await kill(child)
    if (victim === 'node and postgres') process.kill(pid, 'SIGKILL')
    const database = await start(dataDir)
    expect(await query(database.ownerUrl, 'SELECT count(*)::int AS n FROM kept'), victim).toEqual([{ n: expected }])
    await database.stop()
  }
})

test('a killed node takes its database along, even if no other start follows', async () => {
  const dataDir = join(base, 'orphan')
  const { child } = await hold(dataDir)
  expect(postmasterPid(join(dataDir, 'postgres'))).not.toBeNull()
  await kill(child)
  await expect.poll(() => existsSync(join(dataDir, 'postgres', 'postmaster.pid')), { timeout: 15_000 }).toBe(false)
})

test('a database that dies under a living server comes back under the same address', async () => {
  const dataDir = join(base, 'restarted')
  const database = await start(dataDir)
  await query(database.ownerUrl, 'CREATE TABLE kept (n int)')
  for (let round = 0; round < 2; round += 1) {
    const before = postmasterPid(join(dataDir, 'postgres')) ?? 0
    process.kill(before, 'SIGKILL')
    await expect
      .poll(() => query(database.ownerUrl, 'SELECT count(*)::int AS n FROM kept').catch(() => null), { timeout: 15_000 })
      .toEqual([{ n: 0 }])
    expect(postmasterPid(join(dataDir, 'postgres'))).not.toBe(before)
  }
})

test('a database that cannot come back is reported, once', async () => {
  const dataDir = join(base, 'gone')
  const database = await start(dataDir)
  rmSync(join(dataDir, 'postgres', 'global'), { recursive: true })
  process.kill(postmasterPid(join(dataDir, 'postgres')) ?? 0, 'SIGKILL')
  expect(await database.crashed).toMatchObject({ code: 'database_unavailable' })
})

test('an interrupted first start is begun anew, and lost password files are replaced', async () => {
  const dataDir = join(base, 'interrupted')
  mkdirSync(join(dataDir, 'postgres.new', 'base'), { recursive: true })
  writeFileSync(join(dataDir, 'postgres.new', 'PG_VERSION'), '18\n')
  writeFileSync(join(dataDir, 'format'), '1\n')
  const first = await start(dataDir)
  await query(first.ownerUrl, 'CREATE TABLE kept (n int)')
  await first.stop()
  expect(readdirSync(dataDir)).not.toContain('postgres.new')
  rmSync(join(dataDir, 'secrets', 'owner.password'))
  const second = await start(dataDir)
  expect(second.ownerUrl).not.toBe(first.ownerUrl)
  expect(await query(second.ownerUrl, 'SELECT * FROM kept')).toEqual([])
})

test('a second instance is refused while the first lives, in this process and in another', async () => {
  const dataDir = join(base, 'shared')
  const database = await start(dataDir)
  const refused = { code: 'data_in_use', details: { pid: process.pid } }
  const here = expect(startEmbeddedPostgres({ dataDir, settings })).rejects.toMatchObject(refused)
  const there = hold(dataDir)
  await here
  expect((await there).answer).toMatchObject(refused)
  expect(await query(database.ownerUrl, 'SELECT 1 AS n')).toEqual([{ n: 1 }]) // and the first was left in peace
})

test('stale files of a dead instance do not matter: lock, holder, and a postmaster.pid naming a living stranger', async () => {
  const dataDir = join(base, 'stale')
  const first = await start(dataDir)
  await first.stop()
  writeFileSync(join(dataDir, 'instance.json'), JSON.stringify({ pid: process.pid }))
  writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), `${process.pid}\n${join(dataDir, 'postgres')}\n1\n5432\n\n\n\nready\n`)
  const second = await start(dataDir)
  expect(await query(second.ownerUrl, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
})

test('data of a newer release or another PostgreSQL is left alone', async () => {
  const dataDir = join(base, 'newer')
  await (await start(dataDir)).stop()
  writeFileSync(join(dataDir, 'format'), '2\n')
  await expect(start(dataDir)).rejects.toMatchObject({ code: 'data_newer', details: { found: 'format 2' } })
  writeFileSync(join(dataDir, 'format'), '1\n')
  writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '19\n')
  await expect(start(dataDir)).rejects.toMatchObject({ code: 'data_newer', details: { found: 'PostgreSQL 19' } })
})

test('a folder full of something else is not taken over', async () => {
  const dataDir = join(base, 'foreign')
  mkdirSync(dataDir)
  writeFileSync(join(dataDir, 'letter.txt'), 'mine')
  await expect(start(dataDir)).rejects.toMatchObject({ code: 'config_invalid', details: { problem: 'foreign_folder' } })
  expect(readdirSync(dataDir)).toEqual(['letter.txt'])
})

test('a path with spaces, quotes and Chinese characters works, and one too long for a socket gets a short private folder', async () => {
  const odd = await start(join(base, '消声室 data, "quoted"'))
  expect(await query(odd.ownerUrl, 'SELECT 1 AS n')).toEqual([{ n: 1 }])

  const long = join(base, '很长的文件夹名'.repeat(8))
  const database = await start(long)
  expect(await query(database.runtimeUrl, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
  const folder = new URL(database.ownerUrl).searchParams.get('host') ?? ''
  expect(Buffer.byteLength(`${folder}/.s.PGSQL.5432`)).toBeLessThanOrEqual(103)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  await database.stop()
  expect(existsSync(folder)).toBe(false)
})

test('the socket folder of a killed instance is tidied up by the next', async () => {
  const dataDir = join(base, '又一个很长的名字'.repeat(8))
  const { child, answer } = await hold(dataDir)
  await kill(child)
  const left = new URL(answer.url).searchParams.get('host') ?? ''
  expect(existsSync(left)).toBe(true)
  await start(dataDir)
  expect(existsSync(left)).toBe(false)
})

const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
const canBecomeNobody =
  process.getuid?.() === 0 &&
  spawnSync(asNobody[0] ?? '', [
    ...asNobody.slice(1),
    process.execPath,
    '-e',
    'require("node:fs").accessSync(process.argv[1])',
    import.meta.filename,
  ]).status === 0

test.skipIf(!canBecomeNobody)(
  'an ordinary user can run it too (skipped unless root can become nobody and nobody can read the project)',
  async () => {
    const dataDir = join(base, 'ordinary')
    mkdirSync(dataDir)
    spawnSync('chown', ['65534:65534', dataDir])
    const { child, answer } = await hold(dataDir, asNobody)
    expect(statSync(join(dataDir, 'postgres', 'PG_VERSION')).uid).toBe(65534)
    expect(await query(answer.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await exit).toEqual([0, null])
  },
)

test.skipIf(!canBecomeNobody)('a data folder out of reach is refused (skipped like the test above)', async () => {
  const closed = join(base, 'closed')
  mkdirSync(closed, { mode: 0o700 })
  expect((await hold(join(closed, 'data'), asNobody)).answer.code).toBe('data_unreachable')
  await expect(startEmbeddedPostgres({ dataDir: join(closed, 'data'), uid: 65534, gid: 65534, settings })).rejects.toBeInstanceOf(AppError)
})
