import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Certificates, makeCertificates } from '../../test/support/certificates.ts'
import { freePort } from '../../test/support/server.ts'
import type { KeyPair } from '../tls/liveCertificate.ts'
import { reachableBinaries } from './binaries.ts'
import { connectExternal } from './external.ts'
import { plainEnvironment, runAs } from './runAs.ts'
import { explainStartError } from './startErrors.ts'
import { unprivilegedUser } from './unprivilegedUser.ts'

// Somebody else's PostgreSQL, over TCP with TLS, its certificate changed under it. By the embedded binaries, so that it is tried on every machine.
const base = mkdtempSync(join(tmpdir(), 'external-tls-'))
const user = unprivilegedUser()
let port = 0
let peer: ChildProcess | null = null
let made: Certificates

const give = (path: string): void => {
  if (user !== null) spawnSync('chown', ['-R', `${user.uid}:${user.gid}`, path])
}
const path = (name: string): string => join(base, name)
const put = ({ certificate, key }: KeyPair): void => {
  writeFileSync(path('server.crt'), certificate)
  rmSync(path('server.key'), { force: true })
  writeFileSync(path('server.key'), key, { mode: 0o600 })
  give(path('server.key'))
}

beforeAll(async () => {
  made = await makeCertificates(['localhost'])
  port = await freePort()
  const native = await reachableBinaries(user ?? {})
  chmodSync(base, 0o711)
  mkdirSync(path('data'), { mode: 0o700 })
  writeFileSync(path('pw'), 'super\n')
  writeFileSync(path('ca.pem'), made.ca)
  put(made.good)
  give(path('data'))
  const init = [
    '-D',
    path('data'),
    '-U',
    'super',
    `--pwfile=${path('pw')}`,
    '--auth=scram-sha-256',
    '--no-sync',
    '-E',
    'UTF8',
    '--no-locale',
  ]
  const done = await runAs(join(native, 'bin', 'initdb'), init, user ?? {})
  expect(done.code, done.output).toBe(0)
  writeFileSync(path('data/pg_hba.conf'), 'hostssl all all all scram-sha-256\n')
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    fsync: 'off',
    ssl: 'on',
    ssl_cert_file: path('server.crt'),
    ssl_key_file: path('server.key'),
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  peer = spawn(join(native, 'bin', 'postgres'), ['-D', path('data'), ...options], {
    cwd: path('data'),
    env: plainEnvironment,
    stdio: 'ignore',
    ...(user === null ? {} : { uid: user.uid, gid: user.gid }),
  })
  await vi.waitFor(() => show(), { timeout: 30_000 })
})

afterAll(async () => {
  if (peer !== null) {
    const exit = once(peer, 'exit')
    peer.kill('SIGINT')
    await exit
  }
  rmSync(base, { recursive: true, force: true })
})

/** The certificate that the server shows now. */
const show = async (): Promise<string> => {
  const client = new pg.Client({
    connectionString: `postgres://super:super@127.0.0.1:${port}/postgres`,
    ssl: { rejectUnauthorized: false },
  })
  await client.connect()
  const { stream } = (client as unknown as { connection: { stream: { getPeerX509Certificate: () => { toString: () => string } } } })
    .connection
  const shown = stream.getPeerX509Certificate().toString()
  await client.end()
  return shown
}
const serve = async (pair: KeyPair): Promise<void> => {
  put(pair)
  peer!.kill('SIGHUP')
  await vi.waitFor(async () => expect((await show()).trim()).toBe(pair.certificate.trim()), { timeout: 10_000 })
}
const url = (more = `&sslrootcert=${path('ca.pem')}`) => `postgres://super:super@localhost:${port}/postgres?sslmode=verify-full${more}`
const connect = (databaseUrl: string) => connectExternal({ databaseUrl, runtimeDatabaseUrl: null, dataDir: path('d') })

test('the right certificate connects, and the connection is over TLS', async () => {
  await serve(made.good)
  const database = await connect(url())
  const client = new pg.Client({ connectionString: database.ownerUrl })
  await client.connect()
  const { rows } = await client.query<{ ssl: boolean; version: string }>(
    'select ssl, version from pg_stat_ssl where pid = pg_backend_pid()',
  )
  expect(rows).toEqual([{ ssl: true, version: 'TLSv1.3' }])
  await client.end()
  await database.stop()
})

test.each([
  ['expired', 'CERT_HAS_EXPIRED'],
  ['notYet', 'CERT_NOT_YET_VALID'],
  ['wrongHost', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['stranger', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
] as const)('a certificate that is %s is refused, in one line that says what to do', async (kind, reason) => {
  await serve(made[kind])
  const refused = await connect(url()).catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'database_unavailable', details: { problem: 'certificate', option: 'DATABASE_URL', reason } })
  for (const LANG of ['zh_CN.UTF-8', 'C']) {
    const line = explainStartError(refused, { LANG })
    expect(line).toContain(reason)
    expect(line).toContain('DATABASE_URL')
    expect(line).not.toMatch(/super|\n/)
  }
})

test('without its authority it is not believed, nor one that vouches for itself', async () => {
  await serve(made.good)
  await expect(connect(url(''))).rejects.toMatchObject({ details: { problem: 'certificate' } })
  const files = ['-keyout', path('self.key'), '-out', path('self.crt')]
  spawnSync('openssl', [
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
    ...files,
  ])
  const { readFileSync } = await import('node:fs')
  await serve({ certificate: readFileSync(path('self.crt'), 'utf8'), key: readFileSync(path('self.key'), 'utf8') })
  await expect(connect(url())).rejects.toMatchObject({ details: { problem: 'certificate', reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' } })
})
