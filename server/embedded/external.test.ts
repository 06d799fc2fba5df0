import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Database } from './database.ts'
import { connectExternal } from './external.ts'
import { plainEnvironment, runAs } from './runAs.ts'
import { unprivilegedUser } from './unprivilegedUser.ts'
import { verifyTls } from './verifyTls.ts'

const far = 'postgres://u:p@db.example/crm'

test.each([
  [far, `${far}?sslmode=verify-full`],
  [`${far}?sslmode=verify-full`, `${far}?sslmode=verify-full`],
  ['postgres://u:p@localhost/crm?sslmode=disable', 'postgres://u:p@localhost/crm?sslmode=disable'],
  ['postgres://u:p@[::1]/crm', 'postgres://u:p@[::1]/crm'],
  ['postgres://u:p@/crm?host=/run/postgresql', 'postgres://u:p@/crm?host=/run/postgresql'],
])('%s is used as %s', (url, used) => {
  expect(verifyTls(url, 'X')).toBe(used)
})

test.each([
  [`${far}?sslmode=disable`, 'tls_required'],
  [`${far}?sslmode=require`, 'tls_required'],
  [`${far}?sslmode=verify-ca`, 'tls_required'],
  [`${far}?sslmode=no-verify`, 'tls_required'],
  [`${far}?sslmode=verify-full&sslmode=disable`, 'tls_required'],
  [`${far}?sslmode=verify-full&uselibpqcompat=true`, 'tls_option'],
  [`${far}?ssl=0`, 'tls_option'],
  ['postgres://u:p@localhost/crm?host=db.example&sslmode=disable', 'tls_required'],
  ['postgres://u:p@127.0.0.1.example/crm?sslmode=disable', 'tls_required'],
  [`${far}?sslmode=verify-full&sslrootcert=/nowhere`, 'tls_file'],
])('%s is refused as %s', (url, problem) => {
  expect(() => verifyTls(url, 'X')).toThrow(
    expect.objectContaining({ code: 'config_invalid', details: expect.objectContaining({ option: 'X', problem }) }),
  )
})

// The oldest PostgreSQL supported, from Debian's package, as somebody else's server: TCP with TLS, and roles of its own.
const debian = '/usr/lib/postgresql/15/bin'
const withPeer = test.skipIf(!existsSync(join(debian, 'initdb')))
const base = mkdtempSync(join(tmpdir(), 'external-'))
const port = 20_000 + (process.pid % 20_000)
const user = unprivilegedUser()
const runner = user ?? {}
let peer: ChildProcess | null = null

beforeAll(async () => {
  if (!existsSync(join(debian, 'initdb'))) return
  const pgdata = join(base, 'peer')
  mkdirSync(pgdata, { mode: 0o700 })
  spawnSync('chmod', ['711', base])
  writeFileSync(join(base, 'pw'), 'super\n', { mode: 0o644 })
  const certificate = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost',
  ]
  for (const name of ['server', 'stranger']) {
    spawnSync('openssl', [...certificate, '-keyout', join(base, `${name}.key`), '-out', join(base, `${name}.crt`)])
  }
  if (user !== null) for (const path of [pgdata, join(base, 'server.key')]) spawnSync('chown', [`${user.uid}:${user.gid}`, path])
  const init = [
    '-D',
    pgdata,
    '-U',
    'super',
    `--pwfile=${join(base, 'pw')}`,
    '--auth=scram-sha-256',
    '--no-sync',
    '-E',
    'UTF8',
    '--no-locale',
  ]
  const made = await runAs(join(debian, 'initdb'), init, runner)
  expect(made.code, made.output).toBe(0)
  writeFileSync(join(pgdata, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 scram-sha-256\n')
  const settings = {
    listen_addresses: 'localhost',
    port: String(port),
    unix_socket_directories: base,
    fsync: 'off',
    ssl: 'on',
    ssl_cert_file: join(base, 'server.crt'),
    ssl_key_file: join(base, 'server.key'),
  }
  if (user !== null) spawnSync('chown', [`${user.uid}:${user.gid}`, base])
  peer = spawn(
    join(debian, 'postgres'),
    ['-D', pgdata, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      cwd: pgdata,
      env: plainEnvironment,
      stdio: 'ignore',
      ...(user === null ? {} : { uid: user.uid, gid: user.gid }),
    },
  )
  await vi.waitFor(() => asSuper('SELECT 1'), { timeout: 30_000 })
  await asSuper("CREATE ROLE maker LOGIN CREATEROLE PASSWORD 'maker'")
  await asSuper("CREATE ROLE plain LOGIN PASSWORD 'plain'")
  await asSuper("CREATE ROLE app LOGIN PASSWORD 'app'")
  await asSuper('CREATE DATABASE crm OWNER maker')
  await asSuper('CREATE DATABASE other OWNER plain')
  await asSuper('CREATE DATABASE latin OWNER maker ENCODING LATIN1 TEMPLATE template0')
})

afterAll(async () => {
  if (peer !== null) {
    const exit = once(peer, 'exit')
    peer.kill('SIGINT')
    await exit
  }
  rmSync(base, { recursive: true, force: true })
})

const url = (role: string, database = 'crm', more = '') => `postgres://${role}:${role}@localhost:${port}/${database}${more}`

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

const asSuper = (sql: string) => query(url('super', 'postgres'), sql)

async function use(
  databaseUrl: string,
  name: string,
  runtimeDatabaseUrl: string | null,
  act: (database: Database) => Promise<void>,
): Promise<void> {
  const database = await connectExternal({ databaseUrl, runtimeDatabaseUrl, dataDir: join(base, name) })
  try {
    await act(database)
  } finally {
    await database.stop()
  }
}

const fail = (databaseUrl: string, runtimeDatabaseUrl: string | null = null) =>
  expect(connectExternal({ databaseUrl, runtimeDatabaseUrl, dataDir: join(base, 'refused') })).rejects

withPeer(
  'an owner that may create roles gets a run-time role without DDL, kept over starts and made usable again when its password is lost',
  async () => {
    let first = ''
    await use(url('maker'), 'a', null, async (database) => {
      first = database.runtimeUrl
      expect(await query(first, 'SELECT current_user AS who')).toEqual([{ who: database.runtimeRole }])
      await expect(query(first, 'CREATE TABLE mine (n int)')).rejects.toThrow(/permission denied/)
      expect(statSync(join(base, 'a', 'secrets', 'runtime.password')).mode & 0o777).toBe(0o600)
      expect(readFileSync(join(base, 'a', 'secrets', 'runtime.password'), 'utf8').trim()).toBe(new URL(first).password)
    })
    await use(url('maker'), 'a', null, async (database) => expect(database.runtimeUrl).toBe(first))
    const held = new pg.Client({ connectionString: first })
    await held.connect()
    await expect(connectExternal({ databaseUrl: url('maker'), runtimeDatabaseUrl: null, dataDir: join(base, 'b') })).rejects.toMatchObject({
      details: { problem: 'runtime_role_in_use' },
    })
    await held.end()
    await expect.poll(() => asSuper("SELECT FROM pg_stat_activity WHERE usename LIKE 'anechoic_app%'").then((rows) => rows.length)).toBe(0)
    await use(url('maker'), 'b', null, async (database) => {
      expect(database.runtimeUrl).not.toBe(first)
      expect(await query(database.runtimeUrl, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
    })
  },
)

withPeer('a given run-time role is taken if it is weak enough', async () => {
  await use(url('maker'), 'given', url('app'), async (database) =>
    expect(database).toMatchObject({ runtimeUrl: url('app'), runtimeRole: 'app' }),
  )
  await fail(url('maker'), url('super')).toMatchObject({ details: { problem: 'runtime_role_too_strong' } })
  await fail(url('maker'), url('maker')).toMatchObject({ details: { problem: 'runtime_role_too_strong' } })
  await fail(url('maker'), url('app', 'other')).toMatchObject({ details: { problem: 'runtime_other_database' } })
  await fail(url('plain', 'other')).toMatchObject({ details: { problem: 'runtime_role_needed' } })
})

withPeer('what cannot work is said: encoding, password, nobody there', async () => {
  await fail(url('maker', 'latin')).toMatchObject({ details: { problem: 'database_not_utf8', found: 'LATIN1' } })
  await fail(url('maker').replace(':maker@', ':wrong@')).toMatchObject({ code: 'database_unavailable', details: { reason: '28P01' } })
  await fail(url('maker').replace(String(port), '1')).toMatchObject({ code: 'database_unavailable', details: { option: 'DATABASE_URL' } })
})

withPeer('TLS is verified: the right authority connects, another one does not', async () => {
  const tls = (name: string) => url('maker', 'crm', `?sslmode=verify-full&sslrootcert=${join(base, `${name}.crt`)}`)
  await use(tls('server'), 'tls', url('app'), async (database) => {
    expect(await query(database.ownerUrl, 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).toEqual([{ ssl: true }])
  })
  await fail(tls('stranger')).toMatchObject({
    code: 'database_unavailable',
    details: { reason: expect.stringMatching(/SELF_SIGNED|UNABLE_TO/) },
  })
})
