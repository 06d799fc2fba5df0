import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../test/support/app.ts'
import { startRotation, startVerification } from '../actions/keys/startKeyJob.ts'
import { systemActor } from '../audit/systemActor.ts'
import { expireStaged, insertJob, moveJob, readJob } from '../store/jobTable.ts'
import { Stopped } from './job.ts'
import { rotateWhenDue } from './rotateWhenDue.ts'
import { runJob } from './runJob.ts'

let it: TestApp
beforeAll(async () => {
  it = await testApp()
})
afterAll(() => it.close())

const run = (id: string, signal: AbortSignal = new AbortController().signal) =>
  runJob(id, {
    parts: it.parts,
    connect: it.house.db.database.connect as never,
    signal,
    onFault: (_id, error) => {
      throw error
    },
  })
const count = async (sql: string, values: unknown[] = []): Promise<number> =>
  (await it.house.db.owner.query<{ n: number }>(sql, values)).rows[0]!.n
const csvOf = (rows: string[]): Buffer => Buffer.from(`姓名,电话\n${rows.join('\n')}\n`)

type Staged = { id: string; mapping: Record<string, string | null>; rows: number; preview: { problems: unknown[] }[] }
const stage = async (bytes: Buffer, kind = 'csv'): Promise<Staged> => {
  const answer = await it.send('owner', 'POST', `/api/imports?kind=${kind}&name=list`, bytes, {
    'content-type': 'application/octet-stream',
  })
  expect(answer.statusCode).toBe(201)
  return answer.json<Staged>()
}
const start = async (staged: Staged, onDuplicate = 'skip') =>
  it.send('owner', 'POST', `/api/imports/${staged.id}/start`, { mapping: staged.mapping, storeId: it.house.stores.north.id, onDuplicate })

test('imports a list, skips known people, and gives the refused rows back with reasons', async () => {
  const before = await count('select count(*)::int as n from customers')
  const staged = await stage(
    csvOf(['甲一,13900000001', '乙二,13900000002', '丙三,138', '丁四,13900000001', '=cmd(),13900000003', ',13900000004']),
  )
  expect(staged.rows).toBe(6)
  expect((await start(staged)).statusCode).toBe(202)
  await run(staged.id)
  const status = (await it.send('owner', 'GET', `/api/imports/${staged.id}`)).json<Record<string, unknown>>()
  expect(status).toMatchObject({ state: 'done', done: 6, created: 3, skipped: 1, refused: 2 })
  expect(await count('select count(*)::int as n from customers')).toBe(before + 3)
  const refused = await it.send('owner', 'GET', `/api/imports/${staged.id}/refused`)
  expect(refused.headers['content-type']).toContain('text/csv')
  expect(refused.body).toContain('4,电话:电话号码太短 / Phones: Phone number too short,丙三,138')
  expect(refused.body).toContain('7,姓名:没有姓名 / Name: No name')
  // Somebody else's import does not exist, not even for the manager of the store.
  expect((await it.send('manager', 'GET', `/api/imports/${staged.id}`)).statusCode).toBe(404)
})

test('an import that is stopped anywhere goes on without losing or doubling a row', async () => {
  const rows = Array.from({ length: 1_300 }, (_, i) => `续${i},1370${String(1_000_001 + i)}`)
  const staged = await stage(csvOf(rows))
  await start(staged, 'create')
  const before = await count('select count(*)::int as n from customers')
  const { transaction } = it.parts.records
  // A worker that dies after any number of commits: its connection is gone, the row says `running`.
  for (const commits of [1, 2]) {
    let left = commits
    const records = {
      ...it.parts.records,
      transaction: (async (...of: Parameters<typeof transaction>) => {
        if (left === 0) throw new Stopped()
        left -= 1
        return transaction(...of)
      }) as typeof transaction,
    }
    await runJob(staged.id, {
      parts: { ...it.parts, records },
      connect: it.house.db.database.connect as never,
      signal: new AbortController().signal,
      onFault: () => {},
    })
    const job = (await readJob(it.parts.pool, staged.id))!
    expect(job.state).toBe('running')
    expect(await count('select count(*)::int as n from customers')).toBe(before + job.done)
  }
  // Two workers at once: the lock lets one of them work.
  await Promise.all([run(staged.id), run(staged.id)])
  expect(await readJob(it.parts.pool, staged.id)).toMatchObject({ state: 'done', done: 1_300, result: { created: 1_300, refused: 0 } })
  expect(await count('select count(*)::int as n from customers')).toBe(before + 1_300)
})

test('a cancelled import stops, and keeps what is in', async () => {
  const staged = await stage(csvOf(['取消,13911110000']))
  await start(staged)
  expect((await it.send('owner', 'POST', `/api/imports/${staged.id}/cancel`)).json()).toMatchObject({ state: 'cancelled' })
  await run(staged.id)
  expect(await readJob(it.parts.pool, staged.id)).toMatchObject({ state: 'cancelled', done: 0 })
})

test('an import that is cancelled while a batch is under way stops without a fault, and keeps what is in', async () => {
  const rows = Array.from({ length: 600 }, (_, i) => `半${i},1360${String(1_000_001 + i)}`)
  const staged = await stage(csvOf(rows))
  await start(staged, 'create')
  const { transaction } = it.parts.records
  let batches = 0
  const records = {
    ...it.parts.records,
    transaction: (async (...of: Parameters<typeof transaction>) => {
      if ((batches += 1) === 2) await it.send('owner', 'POST', `/api/imports/${staged.id}/cancel`)
      return transaction(...of)
    }) as typeof transaction,
  }
  const faults: unknown[] = []
  await runJob(staged.id, {
    parts: { ...it.parts, records },
    connect: it.house.db.database.connect as never,
    signal: new AbortController().signal,
    onFault: (_id, error) => void faults.push(error),
  })
  expect(faults).toEqual([])
  expect(await readJob(it.parts.pool, staged.id)).toMatchObject({ state: 'cancelled', done: 500, problem: null })
})

test('refused rows are asked for before there are any, and of an upload that was tampered with: neither ends the server', async () => {
  const staged = await stage(csvOf(['早,138']))
  expect((await it.send('owner', 'GET', `/api/imports/${staged.id}/refused`)).json()).toMatchObject({ code: 'not_found' })
  await start(staged)
  await run(staged.id)
  const path = join(it.house.folder, 'staging', `${staged.id}.sealed`)
  const bytes = readFileSync(path)
  bytes[bytes.length - 20]! ^= 1
  writeFileSync(path, bytes)
  const answer = await it.send('owner', 'GET', `/api/imports/${staged.id}/refused`).catch(() => null)
  expect(answer?.body ?? '').not.toContain('早')
  expect((await it.send('owner', 'GET', `/api/imports/${staged.id}`)).statusCode).toBe(200)
})

test('an unreadable file is refused with its reason and leaves no job', async () => {
  const jobs = await count('select count(*)::int as n from job')
  for (const bytes of [Buffer.from('%PDF-1.7 x'), Buffer.from('PK\x03\x04 workbook'), Buffer.from('姓名,电话\n')]) {
    const answer = await it.send('owner', 'POST', '/api/imports?kind=csv', bytes, { 'content-type': 'application/octet-stream' })
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([422, 'file_unreadable'])
  }
  const nothing = await it.send('owner', 'POST', '/api/imports?kind=csv', undefined, { 'content-type': 'application/octet-stream' })
  expect(nothing.statusCode).toBeGreaterThanOrEqual(400)
  expect(await count('select count(*)::int as n from job')).toBe(jobs)
})

test('staged files are sealed, and gone after a day', async () => {
  const staged = await stage(csvOf(['密件人,13922220000']))
  const { wrapped } = (await readJob(it.parts.pool, staged.id))!.cursor as { wrapped: string }
  expect(await it.house.db.owner.query('select j::text as text from job j').then(({ rows }) => JSON.stringify(rows))).not.toContain(
    '密件人',
  )
  await it.house.db.owner.query("update job set created_at = now() - interval '25 hours' where id = $1", [staged.id])
  const expired = await expireStaged(it.parts.pool, 24)
  expect(expired).toContain(staged.id)
  for (const id of expired) await it.parts.staging.remove(id)
  await expect(it.parts.staging.read(staged.id, wrapped)).rejects.toThrow('staging_expired')
  expect((await start(staged)).json()).toMatchObject({ state: 'cancelled' })
})

test('a rotation moves every key, destroys the old epoch, and everything still opens', async () => {
  const [one] = await it.house.addCustomers([{ name: '轮换前' }])
  const { id } = (await it.send('owner', 'POST', '/api/keys/rotate')).json<{ id: string }>()
  expect((await it.send('owner', 'POST', '/api/keys/rotate')).json()).toMatchObject({ code: 'busy' })
  await run(id)
  expect(await readJob(it.parts.pool, id)).toMatchObject({ state: 'done' })
  expect(await count('select count(*)::int as n from keys.data_key where epoch <> 2')).toBe(0)
  expect(it.parts.keyring.epochs().map(({ destroyedAt }) => destroyedAt !== null)).toEqual([true, false])
  expect((await it.send('owner', 'GET', `/api/customers/${one!.id}`)).json()).toMatchObject({ name: '轮换前' })
  // A key that another process wrapped under the old epoch a moment ago is refused, not stored to be lost.
  await expect(
    it.house.db.owner.query('insert into keys.data_key (subject, epoch, version, suite, wrapped) values (999999, 1, 1, 1, $1)', [
      Buffer.alloc(61),
    ]),
  ).rejects.toMatchObject({ code: 'AN004' })
})

test('an epoch three weeks old is rotated by the product itself, once, and not before', async () => {
  const days = (later: number): Date => new Date(Date.now() + later * 86_400_000)
  const live = () => it.parts.keyring.epochs().filter(({ destroyedAt }) => destroyedAt === null)
  const before = it.parts.keyring.currentEpoch()
  expect(await rotateWhenDue(it.parts, days(20))).toBeNull()
  const id = await rotateWhenDue(it.parts, days(24.1))
  expect(await rotateWhenDue(it.parts, days(60))).toBeNull() // it is under way
  await run(id!)
  expect(await readJob(it.parts.pool, id!)).toMatchObject({ kind: 'rotateEpoch', state: 'done', startedBy: null })
  expect(live().map(({ epoch }) => epoch)).toEqual([before + 1])
  expect(await rotateWhenDue(it.parts, days(1))).toBeNull()
})

test('a key that does not unwrap keeps its epoch and no other; the next night finishes that rotation, and begins none', async () => {
  const [one, two] = await it.house.addCustomers([{ name: '坏钥匙' }, { name: '好钥匙' }])
  const { wrapped } = (
    await it.house.db.owner.query<{ wrapped: Buffer }>('select wrapped from keys.data_key where subject = $1', [one!.subject])
  ).rows[0]!
  const setKey = (value: Buffer) =>
    it.house.db.owner.query('update keys.data_key set wrapped = $2 where subject = $1', [one!.subject, value])
  const old = it.parts.keyring.currentEpoch()
  await setKey(Buffer.concat([wrapped.subarray(0, -1), Buffer.from([wrapped.at(-1)! ^ 1])]))
  for (const result of [{ damaged: 1 }, { damaged: 1 }]) {
    const { id } = await startRotation(it.parts, systemActor)
    await run(id)
    expect(await readJob(it.parts.pool, id)).toMatchObject({ state: 'done', result })
    const live = it.parts.keyring.epochs().filter(({ destroyedAt }) => destroyedAt === null)
    expect(live.map(({ epoch }) => epoch)).toEqual([old, old + 1])
    expect(await count('select epoch as n from keys.data_key where subject = $1', [two!.subject])).toBe(old + 1)
  }
  const named = await it.house.audit.entriesOfSubject(one!.subject)
  expect(named.filter(({ action, outcome }) => action === 'key_rotate' && outcome === 'failed')).toHaveLength(2)
  await setKey(wrapped)
  await run((await startRotation(it.parts, systemActor)).id)
  expect(it.parts.keyring.epochs().filter(({ destroyedAt }) => destroyedAt === null)).toHaveLength(1)
})

test('a re-seal gives every customer the other suite; records, versions and search stay', async () => {
  const [one] = await it.house.addCustomers([{ name: '换套件', phones: ['+8613933330000'] }])
  const timeline = `/api/customers/${one!.id}/interactions`
  expect((await it.send('owner', 'POST', timeline, { kind: 'note', text: '换套件前说的' })).statusCode).toBe(201)
  const { id } = (await it.send('owner', 'POST', '/api/keys/reseal', { suite: 2 })).json<{ id: string }>()
  await run(id)
  expect(await readJob(it.parts.pool, id)).toMatchObject({ state: 'done' })
  expect(await count('select count(*)::int as n from keys.data_key k join customers c using (subject) where k.suite <> 2')).toBe(0)
  const answer = await it.send('owner', 'GET', `/api/customers/${one!.id}`)
  expect(answer.json()).toMatchObject({ name: '换套件', version: 1 })
  expect((await it.send('consultantA', 'GET', timeline)).json()).toMatchObject({ items: [{ text: '换套件前说的' }] })
  expect((await it.send('owner', 'PATCH', `/api/customers/${one!.id}`, { version: 1, name: '换过了' })).statusCode).toBe(200)
  expect(await it.parts.records.verifyEnvelopes('customer', [one!.id])).toEqual([])
  const [later] = await it.house.addCustomers([{ name: '后来的人' }])
  expect(await count('select suite::int as n from keys.data_key where subject = ' + later!.subject)).toBe(2)
})

test('a new index key finds all people, also those created meanwhile, and the old one is gone', async () => {
  const [one] = await it.house.addCustomers([{ name: '索引一', phones: ['+8613944440000'] }])
  const { id } = (await it.send('owner', 'POST', '/api/keys/reindex')).json<{ id: string }>()
  const [two] = await it.house.addCustomers([{ name: '索引二', phones: ['+8613955550000'] }])
  await run(id)
  expect(await readJob(it.parts.pool, id)).toMatchObject({ state: 'done' })
  expect(it.parts.keyring.indexGenerations()).toEqual([2])
  for (const [row, phone] of [
    [one!, '+8613944440000'],
    [two!, '+8613955550000'],
  ] as const) {
    const found = await it.send('owner', 'GET', `/api/customers?filter[phones]=${encodeURIComponent(phone)}`)
    expect(found.json<{ items: { id: string }[] }>().items.map((item) => item.id)).toEqual([row.id])
  }
})

test('a job of somebody who may not act any more fails, and one that does not exist is nothing', async () => {
  const id = await insertJob(it.parts.pool, {
    kind: 'reseal',
    state: 'queued',
    startedBy: it.house.actors.consultantB.staffId,
    cursor: { suite: 1 },
  })
  await it.house.db.owner.query('update staff set active = false where id = $1', [it.house.actors.consultantB.staffId])
  await run(id)
  expect(await readJob(it.parts.pool, id)).toMatchObject({ state: 'failed', problem: 'forbidden' })
  await run(randomUUID())
  expect(await moveJob(it.parts.pool, id, ['queued'], 'running')).toBe(false)
})

test('a check of all sealed records counts what is not as written, names it in the log, and goes on where it was stopped', async () => {
  const made = await it.house.addCustomers(Array.from({ length: 4 }, (_, i) => ({ name: `核对${i}` })))
  const timeline = (id: string): string => `/api/customers/${id}/interactions`
  for (const { id } of made) await it.send('owner', 'POST', timeline(id), { kind: 'note', text: '核对' })
  const clean = (await it.send('owner', 'POST', '/api/keys/verify')).json<{ id: string }>()
  expect((await it.send('owner', 'POST', '/api/keys/verify')).json()).toMatchObject({ code: 'busy' })
  await run(clean.id)
  const everyone = (await readJob(it.parts.pool, clean.id))!
  expect(everyone).toMatchObject({ state: 'done', done: everyone.total, result: { checked: everyone.total, differing: 0 } })

  const [replayed, keyless, hung, other] = made
  const { owner } = it.house.db
  const before = (await owner.query<{ e: Buffer }>('select sealed_personal as e from customers where id = $1', [replayed!.id])).rows[0]!.e
  await it.send('owner', 'PATCH', `/api/customers/${replayed!.id}`, { version: 1, notes: 'neu' })
  await owner.query('update customers set sealed_personal = $2 where id = $1', [replayed!.id, before])
  await owner.query('delete from keys.data_key where subject = $1', [keyless!.subject])
  await owner.query('update interactions set customer_id = $2 where customer_id = $1', [hung!.id, other!.id])

  // By the product itself, with nobody signed in, and stopped after its first batch.
  const { id } = await startVerification(it.parts, systemActor)
  const stop = new AbortController()
  const audit = { ...it.parts.audit, committed: () => (stop.abort(), it.parts.audit.committed()) }
  await runJob(id, {
    parts: { ...it.parts, audit },
    connect: it.house.db.database.connect as never,
    signal: stop.signal,
    onFault: (_id, error) => {
      throw error
    },
  })
  expect(await readJob(it.parts.pool, id)).toMatchObject({ state: 'running', startedBy: null })
  await run(id)
  // The record without a key and the entry below it, the old envelope, and the conversation that hangs on another person's record.
  expect(await readJob(it.parts.pool, id)).toMatchObject({ state: 'done', result: { checked: everyone.total, differing: 4 } })
  for (const { subject } of [replayed!, keyless!, hung!]) {
    const entries = await it.house.audit.entriesOfSubject(subject)
    expect(entries.filter((entry) => entry.action === 'verify').map((entry) => entry.outcome)).toContain('failed')
  }
  const answer = (await it.send('owner', 'GET', `/api/jobs/${id}`)).json()
  expect(answer).toMatchObject({ kind: 'verify', startedBy: null, result: { checked: everyone.total, differing: 4 } })
})

test('no other work runs without somebody who started it', async () => {
  const id = await insertJob(it.parts.pool, { kind: 'reseal', state: 'queued', startedBy: null, cursor: { suite: 1 } })
  await run(id)
  expect(await readJob(it.parts.pool, id)).toMatchObject({ state: 'failed', problem: 'forbidden' })
})
