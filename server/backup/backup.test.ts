import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decide } from '../../domain/policy/decide.ts'
import { AppError } from '../../domain/errors.ts'
import { testDatabase } from '../../test/support/database.ts'
import { customerInput } from '../../test/support/house.ts'
import { readConfig } from '../config.ts'
import { systemActor } from '../audit/systemActor.ts'
import { combineShares, createRecoveryKit } from '../crypto/recoveryKit.ts'
import { keyFileProvider } from '../crypto/providers/keyFileProvider.ts'
import { openLog } from '../http/log.ts'
import { type RunningServer, startServer } from '../main.ts'
import { restoreServer } from '../restoreServer.ts'
import { type Examined, examineBackup } from './examineBackup.ts'
import type { Piece } from './piece.ts'
import { produceBackup } from './produceBackup.ts'
import { restoreBackup } from './restoreBackup.ts'
import { isMarked, setMarker } from './restoreMarker.ts'
import { type Written, writeBackup } from './writeBackup.ts'

// Below /tmp, where the account of the database can reach it.
const folder = mkdtempSync('/tmp/anechoic-backup-')
chmodSync(folder, 0o755)
const at = (...names: string[]): string => join(folder, ...names)
const quiet = openLog({ write: () => {} })
const start = (data: string): Promise<RunningServer> => startServer(readConfig(['--no-listen', '--data', data], {}), quiet)
const password = 'quiet-room-with-thick-walls-41'
const to = at('backups')

let server: RunningServer
let shares: string[]
let store: string
let first: Written
let second: Written
let erasedId: string

const parts = () => server.house.parts()
const addCustomer = async (name: string): Promise<{ id: string; subject: number }> => {
  const scope = { ...decide(systemActor, 'customer'), entity: 'customer' as const }
  return (await parts().records.transaction(systemActor, (tx) => tx.create(scope, { ...customerInput(store, null), name }))).value
}
const source = () => ({ connect: parts().backups.connect, keyring: parts().keyring, version: '1.2.3' })
const takeBackup = (): Promise<Written> => writeBackup(to, produceBackup(source()))

beforeAll(async () => {
  server = await start(at('data'))
  const owner = { login: 'laoban', name: '罗老板', password }
  shares = (await server.house.setUp({ company: '静听影音', store: '静安店', owner, kit: { shares: 3, threshold: 2 } })).shares
  store = (await parts().pool.query<{ id: string }>('select id from stores')).rows[0]!.id
  for (let i = 0; i < 30; i += 1) await addCustomer(`留下的人${i}`)
  erasedId = (await addCustomer('要忘掉的人')).id
  first = await takeBackup()
  await parts().records.transaction(systemActor, (tx) => tx.erase(decide(systemActor, 'customer'), erasedId))
  await addCustomer('后来的人')
  second = await takeBackup()
}, 180_000)
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const feed = (found: Examined, passphrase: string | null = null): AsyncIterable<Buffer> => {
  const { manifest, identity, shred, ownKeys, keys, data } = found
  const head = { manifest, identity, shred, ownKeys, keysBytes: keys.bytes, dataBytes: data.bytes, passphrase }
  return Readable.from([Buffer.from(`${JSON.stringify(head)}\n`), readFileSync(keys.path), readFileSync(data.path)])
}
const restoreFrom = async (from: string, data: string) =>
  restoreServer(readConfig(['--data', data], {}), feed(await examineBackup(from, shares.slice(1))))

/** A copy of the first backup, alone in a folder, to be spoilt. */
let copies = 0
const copyOf = (written: Written): string => {
  const copy = at(`copy${(copies += 1)}`, written.name)
  cpSync(written.folder, copy, { recursive: true })
  return copy
}
const refusal = async (from: string, given = shares.slice(0, 2)): Promise<unknown> =>
  examineBackup(from, given).then(
    () => null,
    (error: unknown) =>
      error instanceof AppError
        ? [error.code, error.details['problem'], String(error.details['path'] ?? '').slice(from.length + 1)]
        : error,
  )

test('a backup lies in a folder named by its time, readable by its owner alone, and holds every table there is but three', async () => {
  expect(first.name).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(-\d+)?$/)
  expect(readdirSync(first.folder).toSorted()).toEqual(['data.age', 'keys.age', 'manifest.json'])
  for (const name of readdirSync(first.folder)) expect(statSync(join(first.folder, name)).mode & 0o077).toBe(0)
  const { rows } = await parts().pool.query<{ name: string }>(
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'pgboss') order by 1`,
  )
  const left = rows.map(({ name }) => name).filter((name) => !(name in first.manifest.tables))
  expect(left).toEqual(['auth.challenge', 'auth.session', 'auth.throttle', 'public.migration'])
  expect(first.manifest.tables['public.customers']).toBe(31)
})

test('the manifest says nothing that a kit could be sealed to, and nothing of anybody', () => {
  const text = readFileSync(join(first.folder, 'manifest.json'), 'utf8')
  expect(text).not.toContain('age1')
  for (const word of ['静听', '静安', 'laoban', '罗老板', '留下']) expect(text).not.toContain(word)
})

test('the stock age tool opens the data, and what is in it is a script that psql would take', async () => {
  const identity = at('identity.txt')
  writeFileSync(identity, `${await combineShares(shares.slice(0, 2))}\n`, { mode: 0o600 })
  const packed = execFileSync('age', ['-d', '-i', identity, join(first.folder, 'data.age')])
  const { zstdDecompressSync } = await import('node:zlib')
  const text = zstdDecompressSync(packed).toString('utf8')
  expect(text.startsWith('-- anechoic-backup/1 data\nCOPY "audit"."entry" (')).toBe(true)
  expect(text).toMatch(/\nCOPY "public"."customers" \([^)]+\) FROM stdin;\n/)
  expect(text.endsWith('\n-- end\n')).toBe(true)
  expect(text).not.toMatch(/"keys"\.|留下的人|COPY "auth"."session"/)
})

test('onto an empty machine everything comes back: records, passwords, the log in one order, the erased still erased', async () => {
  const restored = await restoreFrom(first.folder, at('again'))
  expect(restored).toMatchObject({ company: '静听影音', customers: 30, erased: 1 })
  const again = await start(at('again'))
  try {
    const house = again.house.parts()
    const { rows } = await house.pool.query<{ id: string }>('select id from customers')
    expect(rows.map(({ id }) => id)).not.toContain(erasedId)
    // The second backup came later: who was erased by then is gone here too, and may never get a key again.
    expect((await house.pool.query('select 1 from keys.tombstone')).rowCount).toBe(1)
    const scope = { ...decide(systemActor, 'customer'), entity: 'customer' as const }
    const names = (
      await house.records.getMany(
        scope,
        rows.map(({ id }) => id),
      )
    ).rows.map(({ name }) => name)
    expect(names.toSorted()).toEqual(Array.from({ length: 30 }, (_, i) => `留下的人${i}`).toSorted())
    const { rows: kept } = await house.pool.query<{ roles: number; passwords: number; sessions: number }>(
      'select (select count(*) from auth.role_grant) as roles, (select count(*) from auth.credential) as passwords, (select count(*) from auth.session) as sessions',
    )
    expect(kept[0]).toEqual({ roles: 1, passwords: 1, sessions: 0 })
    const staff = (await house.pool.query<{ id: string }>('select id from staff')).rows[0]!.id
    expect((await house.actors.ofStaff(house.pool, staff))?.roles).toEqual(['owner'])
    expect(house.keyring.kitProvenAt).not.toBe(null)

    await house.audit.append({ actor: systemActor, action: 'job_start', entity: 'job', outcome: 'done' })
    await expect
      .poll(async () => {
        const sql = `select count(*) as entries, (select count(*) from audit.sequence) as placed, (select max(idx) + 1 from audit.sequence) as size,
          (select count(distinct entry_id) from audit.sequence) as different from audit.entry`
        const found = (await house.pool.query<Record<string, number>>(sql)).rows[0]!
        return new Set(Object.values(found)).size
      })
      .toBe(1)
    expect((await house.audit.find({ actions: ['backup_restore'] })).length).toBe(1)
    expect((await house.audit.find({ actions: ['backup_create', 'setup'] })).length).toBeGreaterThan(0)
    // Numbers of people go on behind those that were given out.
    const made = (await house.records.transaction(systemActor, (tx) => tx.create(scope, { ...customerInput(store, null), name: '新人' })))
      .value
    expect(made.subject).toBeGreaterThan(32)
  } finally {
    await again.stop()
  }
}, 120_000)

test('a transaction of the old database is never taken for one of the new', async () => {
  const target = await testDatabase()
  const dataDir = mkdtempSync(at('lift-'))
  try {
    const { ownerUrl, runtimeRole } = target
    const found = await examineBackup(second.folder, shares)
    const open = () => ({
      ...found,
      keys: Readable.from([readFileSync(found.keys.path)]),
      data: Readable.from([readFileSync(found.data.path)]),
    })
    const createProvider = () => keyFileProvider(join(dataDir, 'keys', 'root.key'), { create: true })
    // A database in which a start has made its tables, and nobody set up, counts as empty.
    const restored = await restoreBackup({ dataDir, ownerUrl, runtimeRole, createProvider }, open())
    expect(restored).toMatchObject({ customers: 31, erased: 0 })
    const { rows } = await target.owner.query<{ below: number; acts: number; next: number }>(
      `select count(*) filter (where tx::text::numeric < 2^44 and action <> 'backup_restore')::int as below,
        count(distinct tx) filter (where action = 'erase')::int as acts, (select count(*) from keys.tombstone)::int as next from audit.entry`,
    )
    expect(rows[0]).toEqual({ below: 0, acts: 1, next: 1 })
    expect(isMarked(dataDir)).toBe(false)
    await expect(restoreBackup({ dataDir: mkdtempSync(at('full-')), ownerUrl, runtimeRole, createProvider }, open())).rejects.toMatchObject(
      {
        code: 'restore_refused',
        details: { problem: 'not_empty_database' },
      },
    )
  } finally {
    await target.close()
  }
}, 60_000)

test('a newer key copy no longer has the key of somebody who was erased', async () => {
  const read = async (backup: Written): Promise<string> => {
    const identity = at('identity2.txt')
    writeFileSync(identity, `${await combineShares(shares.slice(0, 2))}\n`, { mode: 0o600 })
    const { zstdDecompressSync } = await import('node:zlib')
    return zstdDecompressSync(execFileSync('age', ['-d', '-i', identity, join(backup.folder, 'keys.age')])).toString('utf8')
  }
  const { rows } = await parts().pool.query<{ subject: number }>('select subject from keys.tombstone')
  const row = new RegExp(`^${rows[0]!.subject}\\t\\d+\\t1\\t`, 'm')
  const keysIn = (text: string): string => text.slice(text.indexOf('COPY "keys"."data_key"'))
  expect(keysIn(await read(first))).toMatch(row)
  expect(keysIn(await read(second))).not.toMatch(row)
})

const flip = (file: string): void => {
  const bytes = readFileSync(file)
  bytes[bytes.length >> 1]! ^= 1
  writeFileSync(file, bytes)
}
const edit = (from: string, change: (manifest: Record<string, unknown>) => void): void => {
  const file = join(from, 'manifest.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  change(manifest)
  writeFileSync(file, JSON.stringify(manifest))
}

test.each<[string, (from: string) => void, unknown]>([
  ['a changed byte of the data', (from) => flip(join(from, 'data.age')), ['backup_invalid', 'damaged', 'data.age']],
  ['a changed byte of the key copy', (from) => flip(join(from, 'keys.age')), ['backup_invalid', 'damaged', 'keys.age']],
  ['data cut short', (from) => truncateSync(join(from, 'data.age'), 2_000), ['backup_invalid', 'truncated', 'data.age']],
  ['a key copy cut short', (from) => truncateSync(join(from, 'keys.age'), 300), ['backup_invalid', 'truncated', 'keys.age']],
  ['no data', (from) => rmSync(join(from, 'data.age')), ['backup_invalid', 'file_missing', 'data.age']],
  ['no key copy', (from) => rmSync(join(from, 'keys.age')), ['backup_invalid', 'key_copy_missing', 'keys.age']],
  ['no manifest', (from) => rmSync(join(from, 'manifest.json')), ['backup_invalid', 'no_manifest', 'manifest.json']],
  ['half a manifest', (from) => truncateSync(join(from, 'manifest.json'), 200), ['backup_invalid', 'manifest', 'manifest.json']],
  [
    'an edited time',
    (from) => edit(from, (m) => (m['createdAt'] = '2026-01-01T00:00:00.000Z')),
    ['backup_invalid', 'manifest_edited', 'manifest.json'],
  ],
  ['edited counts', (from) => edit(from, (m) => (m['audit'] = 1)), ['backup_invalid', 'manifest_edited', 'manifest.json']],
  ['a newer format', (from) => edit(from, (m) => (m['format'] = 'anechoic-backup/2')), ['backup_invalid', 'newer_format', 'manifest.json']],
  ['newer migrations', (from) => edit(from, (m) => (m['migration'] = 9_999)), ['backup_invalid', 'newer_migrations', '']],
  ['other migrations', (from) => edit(from, (m) => (m['schema'] = 'f'.repeat(64))), ['backup_invalid', 'other_schema', '']],
])('%s is refused before anything is touched', async (_, spoil, expected) => {
  const from = copyOf(first)
  spoil(from)
  expect(await refusal(from)).toEqual(expected)
})

test('another kit, too few shares, a share twice and a mistyped one are each told', async () => {
  const stranger = (await createRecoveryKit({ shares: 3, threshold: 2 })).shares
  expect(await refusal(first.folder, stranger.slice(0, 2))).toEqual(['backup_invalid', 'other_kit', ''])
  expect(await refusal(first.folder, [shares[0]!, stranger[1]!])).toMatchObject(['shares_invalid', 'other_kit', expect.anything()])
  expect(await refusal(first.folder, shares.slice(0, 1))).toMatchObject(['shares_invalid', 'too_few', expect.anything()])
  expect(await refusal(first.folder, [shares[0]!, shares[0]!])).toMatchObject(['shares_invalid', 'repeated', expect.anything()])
  expect(await refusal(first.folder, [shares[0]!, `${shares[1]!.slice(0, -1)}${shares[1]!.endsWith('A') ? 'B' : 'A'}`])).toMatchObject([
    'shares_invalid',
    'mistyped',
    expect.anything(),
  ])
  expect(await refusal(at('nowhere'))).toEqual(['backup_invalid', 'no_folder', ''])
  mkdirSync(at('nothing'))
  expect(await refusal(at('nothing'))).toEqual(['backup_invalid', 'none', ''])
})

test('a folder of backups gives its newest; one whose key copy has expired joins a later one', async () => {
  const all = at('all')
  for (const one of [first, second]) cpSync(one.folder, join(all, one.name), { recursive: true })
  expect((await examineBackup(all, shares)).manifest.createdAt).toBe(second.manifest.createdAt)
  rmSync(join(all, first.name, 'keys.age'))
  const found = await examineBackup(join(all, first.name), shares)
  expect(found).toMatchObject({ ownKeys: false, unread: [], keys: { path: join(all, second.name, 'keys.age') } })
  const target = await testDatabase()
  try {
    const dataDir = mkdtempSync(at('joined-'))
    const createProvider = () => keyFileProvider(join(dataDir, 'keys', 'root.key'), { create: true })
    const files = { ...found, keys: Readable.from([readFileSync(found.keys.path)]), data: Readable.from([readFileSync(found.data.path)]) }
    expect(await restoreBackup({ ...target, dataDir, createProvider }, files)).toMatchObject({ customers: 30, erased: 1 })
  } finally {
    await target.close()
  }
  // A newer backup that cannot be read may know of erasures: that is said, not passed over.
  flip(join(all, second.name, 'keys.age'))
  rmSync(join(all, first.name), { recursive: true })
  cpSync(first.folder, join(all, first.name), { recursive: true })
  expect((await examineBackup(join(all, first.name), shares)).unread).toEqual([join(all, second.name)])
}, 60_000)

test('onto an external database: filled when empty, served, and refused with data in it', async () => {
  const target = await testDatabase()
  const env = { DATABASE_URL: target.ownerUrl, ANECHOIC_RUNTIME_DATABASE_URL: target.runtimeUrl }
  const external = (data: string) => readConfig(['--no-listen', '--data', data], env)
  try {
    const restored = await restoreServer(external(at('outside')), feed(await examineBackup(second.folder, shares)))
    expect(restored).toMatchObject({ company: '静听影音', customers: 31 })
    const outside = await startServer(external(at('outside')), quiet)
    const { rows } = await outside.house.parts().pool.query<{ n: number }>('select count(*) as n from customers')
    expect([outside.house.phase(), rows[0]!.n]).toEqual(['ready', 31])
    await outside.stop()
    await expect(restoreServer(external(at('outside2')), feed(await examineBackup(second.folder, shares)))).rejects.toMatchObject({
      code: 'restore_refused',
      details: { problem: 'not_empty_database' },
    })
    expect(readdirSync(at('outside2'))).toEqual([])
    expect((await target.owner.query('select 1 from customers')).rowCount).toBe(31)
  } finally {
    await target.close()
  }
}, 60_000)

test('under a passphrase the new root is a new passphrase, and nothing is made without one', async () => {
  const sealed = (data: string) => readConfig(['--no-listen', '--data', data], { ANECHOIC_KEY_PROVIDER: 'passphrase' })
  const found = await examineBackup(second.folder, shares)
  await expect(restoreServer(sealed(at('sealed')), feed(found))).rejects.toMatchObject({
    code: 'restore_refused',
    details: { problem: 'passphrase_needed' },
  })
  expect(readdirSync(at('sealed'))).toEqual([])
  await restoreServer(sealed(at('sealed')), feed(found, 'a new root for a new machine'))
  const behindPassphrase = await startServer(sealed(at('sealed')), quiet)
  try {
    expect(behindPassphrase.house.phase()).toBe('sealed')
    await behindPassphrase.house.unseal('a new root for a new machine')
    expect(behindPassphrase.house.phase()).toBe('ready')
  } finally {
    await behindPassphrase.stop()
  }
}, 120_000)

test('what breaks half-way leaves the folder and the database as empty as they were', async () => {
  const found = await examineBackup(first.folder, shares)
  const cut = { ...found, data: { ...found.data, bytes: found.data.bytes - 100 } }
  const whole = readFileSync(found.data.path)
  writeFileSync(at('cut.age'), whole.subarray(0, whole.length - 100))
  cut.data = { ...cut.data, path: at('cut.age') }
  await expect(restoreServer(readConfig(['--data', at('broken')], {}), feed(cut))).rejects.toMatchObject({ code: 'envelope_invalid' })
  expect(readdirSync(at('broken'))).toEqual([])
  // Rows that the manifest does not know of: the database's part is undone whole.
  const lying = { ...found, manifest: { ...found.manifest, tables: { ...found.manifest.tables, 'public.customers': 5 } } }
  await expect(restoreServer(readConfig(['--data', at('broken')], {}), feed(lying))).rejects.toMatchObject({
    code: 'backup_invalid',
    details: { problem: 'content', table: 'public.customers' },
  })
  expect(readdirSync(at('broken'))).toEqual([])
}, 120_000)

test('a folder in which a restore was killed is not served, and can be restored into again', async () => {
  const data = at('killed')
  mkdirSync(data)
  writeFileSync(join(data, 'format'), '1\n')
  await setMarker(data, '00000000-0000-4000-8000-000000000000')
  await expect(start(data)).rejects.toMatchObject({ code: 'restore_refused', details: { problem: 'unfinished', path: data } })
  expect(existsSync(join(data, 'keys', 'keyring.json'))).toBe(false)
  expect(await restoreFrom(second.folder, data)).toMatchObject({ customers: 31 })
  // Killed between the commit and the end: the database says that all is there.
  const database = await start(data)
  const { id } = (
    await database.house.parts().pool.query<{ id: string }>("select value ->> 'id' as id from setting where key = 'restored'")
  ).rows[0]!
  await database.stop()
  await setMarker(data, id)
  const again = await start(data)
  expect([again.house.phase(), isMarked(data)]).toEqual(['ready', false])
  await again.stop()
}, 180_000)

test('a folder with keys in it is refused, and stays as it is', async () => {
  const before = readFileSync(at('again', 'keys', 'keyring.json'), 'utf8')
  await expect(restoreFrom(first.folder, at('again'))).rejects.toMatchObject({ code: 'restore_refused', details: { problem: 'not_empty' } })
  expect(readFileSync(at('again', 'keys', 'keyring.json'), 'utf8')).toBe(before)
}, 60_000)

test('keys turned over in the meantime: the snapshot and the keyring beside it are of one moment', async () => {
  await parts().keyring.addEpoch()
  const pieces: Piece[] = []
  for await (const piece of produceBackup(source())) pieces.push(piece)
  expect(new Set(pieces.map(({ file }) => file))).toEqual(new Set(['keys.age', 'data.age', 'manifest.json']))
  let looks = 0
  const turning = {
    ...source(),
    connect: async (name: string) => ((looks += 1), await parts().keyring.addEpoch(), parts().backups.connect(name)),
  }
  await expect(produceBackup(turning).next()).rejects.toMatchObject({ code: 'busy' })
  expect(looks).toBe(5)
})

test('an interrupted backup never looks whole, and the next one removes what it left', async () => {
  const here = at('interrupted')
  mkdirSync(join(here, '2026-01-01T00-00-00Z.partial'), { recursive: true })
  mkdirSync(join(here, 'mine.partial'))
  async function* breaking(): AsyncGenerator<Piece> {
    for await (const piece of produceBackup(source())) {
      if (piece.file === 'manifest.json') throw new AppError('database_unavailable')
      yield piece
    }
  }
  await expect(writeBackup(here, breaking())).rejects.toMatchObject({ code: 'database_unavailable' })
  expect(readdirSync(here)).toEqual(['mine.partial'])
  async function* cut(): AsyncGenerator<Piece> {
    for await (const piece of produceBackup(source())) if (piece.file !== 'manifest.json') yield piece
  }
  await expect(writeBackup(here, cut())).rejects.toMatchObject({ code: 'backup_invalid' })
  const written = await writeBackup(here, produceBackup(source()))
  expect(readdirSync(here).toSorted()).toEqual([written.name, 'mine.partial'].toSorted())
  // Nobody waits for ever on a reader that went away: the connection of the snapshot is gone with it.
  for await (const piece of produceBackup(source())) if (piece.file === 'data.age') break
  await expect
    .poll(async () => (await parts().pool.query("select 1 from pg_stat_activity where application_name = 'anechoic-backup'")).rowCount, {
      timeout: 20_000,
    })
    .toBe(0)
})
