import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/database.ts'
import { keyBroker } from '../crypto/broker.ts'
import { systemActor } from './systemActor.ts'
import { type Audit, openAudit } from './audit.ts'
import type { AuditEntry } from './entry.ts'
import { follow, type SequencedEntry } from './follow.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
})
afterAll(() => db.close())

// Entries of the system have no sealed part, so no key is needed.
const broker = keyBroker({
  keyring: {
    key: () => Promise.reject(new Error('no keys here')),
    currentEpoch: () => 1,
    epochs: () => [],
    reloadIfChanged: async () => {},
  },
})
const node = (): Audit => openAudit({ pool: db.database.pool, connect: db.database.connect, broker })
const entry = (subject: number): AuditEntry => ({
  actor: systemActor,
  action: 'read',
  entity: 'customer',
  subjects: [subject],
  outcome: 'done',
})

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 500; i++) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('did not come to pass')
}
const counts = async () => {
  const { rows } = await db.owner.query<{ entries: string; given: string; least: string | null; most: string | null }>(
    'select (select count(*) from audit.entry) as entries, count(*) as given, min(idx) as least, max(idx) as most from audit.sequence',
  )
  const { entries, given, least, most } = rows[0]!
  return {
    entries: Number(entries),
    given: Number(given),
    dense: Number(given) === 0 || (Number(least) === 0 && Number(most) === Number(given) - 1),
  }
}
const complete = () =>
  until(async () => {
    const { entries, given } = await counts()
    return entries === given
  })

test('order is dense and complete under concurrency, after roll-backs, late commits and the death of leaders', async () => {
  const nodes = [node(), node(), node()]
  const { pool } = db.database
  let expected = 0
  const write = async (worker: number): Promise<void> => {
    for (let i = 0; i < 30; i++) {
      const audit = nodes[(worker + i) % 3]!
      if (i % 5 === 4) {
        const client = await pool.connect()
        await client.query('begin')
        await audit.appendTo(client, [entry(worker), entry(i + 1)])
        await new Promise((resolve) => setTimeout(resolve, (worker * 7 + i) % 30)) // a transaction that commits late, after newer ones
        const commit = i % 10 === 4
        await client.query(commit ? 'commit' : 'rollback')
        client.release()
        if (commit) {
          expected += 2
          audit.committed()
        }
      } else {
        await audit.append(entry(worker + 1))
        expected++
      }
    }
  }
  let killed = 0
  const killer = (async () => {
    for (let i = 0; i < 6; i++) {
      await new Promise((resolve) => setTimeout(resolve, 40))
      const { rowCount } = await pool.query(
        "select pg_terminate_backend(pid) from pg_locks l join pg_stat_activity a using (pid) where l.locktype = 'advisory' and l.granted and a.datname = current_database()",
      )
      killed += rowCount ?? 0
    }
  })()
  await Promise.all([...Array.from({ length: 8 }, (_, worker) => write(worker)), killer])
  expect(killed).toBeGreaterThan(0)
  await complete()
  expect(await counts()).toEqual({ entries: expected, given: expected, dense: true })
  await until(async () => nodes.filter((one) => one.status().leading).length === 1)
  await Promise.all(nodes.map((one) => one.close()))
  expect(nodes.filter((one) => one.status().leading)).toHaveLength(0)
})

test('a transaction that stays open does not hold up those that commit', async () => {
  const audit = node()
  const client = await db.database.pool.connect()
  await client.query('begin')
  const [late] = await audit.appendTo(client, [entry(1)])
  const before = (await counts()).given
  for (let i = 0; i < 5; i++) await audit.append(entry(2))
  await until(async () => (await counts()).given === before + 5)
  await client.query('commit')
  client.release()
  audit.committed()
  await complete()
  const { rows } = await db.owner.query<{ last: boolean }>(
    'select idx = (select max(idx) from audit.sequence) as last from audit.sequence where entry_id = $1',
    [late],
  )
  expect(rows).toEqual([{ last: true }])
  await audit.close()
})

test('a late entry of a transaction younger than the one that overtook it is not lost', async () => {
  const audit = node()
  const [older, younger] = [await db.database.pool.connect(), await db.database.pool.connect()]
  await older.query('begin')
  await older.query('select pg_current_xact_id()')
  await younger.query('begin')
  const [late] = await audit.appendTo(younger, [entry(1)])
  await audit.appendTo(older, [entry(2)])
  await older.query('commit')
  const sequenced = async (id: number): Promise<boolean> =>
    (await db.owner.query('select from audit.sequence where entry_id = $1', [id])).rowCount === 1
  audit.committed()
  await until(() => sequenced(late! + 1))
  const next = await audit.append(entry(3)) // one more look, in which the late one must not be given up
  await until(() => sequenced(next))
  await younger.query('commit')
  audit.committed()
  await until(() => sequenced(late!))
  older.release()
  younger.release()
  await audit.close()
})

test('a new leader goes on where the order ends, and finds what was written while nobody led', async () => {
  const idle = openAudit({ pool: db.database.pool, connect: db.database.connect, broker, sequence: false })
  const before = await counts()
  for (let i = 0; i < 20; i++) await idle.append(entry(3))
  expect((await counts()).given).toBe(before.given)
  const audit = node()
  await complete()
  expect(await counts()).toEqual({ entries: before.entries + 20, given: before.given + 20, dense: true })
  await audit.close()
})

test('a follower sees every entry once and in order, through a lost connection', async () => {
  const audit = node()
  const stop = new AbortController()
  const seen: SequencedEntry[] = []
  const following = (async () => {
    for await (const batch of follow(db.database.connect, 0, stop.signal)) seen.push(...batch)
  })()
  const goal = (await counts()).entries + 60
  for (let i = 0; i < 60; i++) {
    await audit.append(entry(i + 1))
    if (i === 30)
      await db.database.pool.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test-follow' and datname = current_database()",
      )
  }
  await until(async () => seen.length >= goal)
  stop.abort()
  await following
  expect(seen.map((one) => one.idx)).toEqual(Array.from({ length: goal }, (_, i) => i))
  expect(new Set(seen.map((one) => one.entryId)).size).toBe(goal)
  await audit.close()
})

test('a long list of subjects is committed to in chunks, found again and followed', async () => {
  const audit = node()
  const subjects = Array.from({ length: 2_500 }, (_, i) => 1_000_000 + i)
  const ids = subjects.map((subject) => `00000000-0000-4000-8000-${String(subject).padStart(12, '0')}`)
  const id = await audit.append({ ...entry(1), action: 'export', subjects, ids })
  const [found] = await audit.entriesOfSubject(1_002_499)
  expect(found).toMatchObject({ entryId: id, action: 'export', list: { count: 2_500 } })
  await complete()
  const { rows } = await db.owner.query<{ idx: string }>('select idx from audit.sequence where entry_id = $1', [id])
  const stop = new AbortController()
  for await (const batch of audit.follow(Number(rows[0]!.idx), stop.signal)) {
    expect(batch[0]).toMatchObject({ entryId: id, ids, subjects })
    stop.abort()
  }
  await audit.close()
})

test('reads that come while a commit is under way share the next one', async () => {
  const audit = openAudit({ pool: db.database.pool, connect: db.database.connect, broker, sequence: false })
  const ids = await Promise.all(Array.from({ length: 200 }, (_, i) => audit.append(entry(i + 1))))
  expect(new Set(ids).size).toBe(200)
  const { rows } = await db.owner.query<{ commits: string }>(
    'select count(distinct tx::text) as commits from audit.entry where id = any($1)',
    [ids],
  )
  expect(Number(rows[0]!.commits)).toBeLessThan(50)
  expect((await audit.entriesOfActor(systemActor.staffId, { limit: 200 })).map((one) => one.entryId).toSorted((a, b) => a - b)).toEqual(
    ids.toSorted((a, b) => a - b),
  )
})
