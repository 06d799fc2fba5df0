import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type Who } from '../../test/support/app.ts'
import { customerInput } from '../../test/support/house.ts'
import { insertJob, moveJob, readJob } from '../store/jobTable.ts'
import type { Parts } from '../actions/parts.ts'
import { Stopped } from './job.ts'
import { runJob } from './runJob.ts'

let it: TestApp
beforeAll(async () => {
  it = await testApp()
})
afterAll(() => it.close())

const run = (id: string, parts: Parts = it.parts, onFault = (_id: string, error: unknown): void => void expect(error).toBeNull()) =>
  runJob(id, { parts, connect: it.house.db.database.connect as never, signal: new AbortController().signal, onFault })

/** A finished import of `count` customers, as its worker leaves it. */
const imported = async (count: number, who: 'owner' | 'manager' = 'owner'): Promise<{ job: string; ids: string[] }> => {
  const actor = it.house.actors[who]
  const job = await insertJob(it.parts.pool, { kind: 'import', state: 'queued', total: count, startedBy: actor.staffId })
  const input = customerInput(it.house.stores.north.id, actor.staffId, { name: '导入的' })
  const { value } = await it.parts.records.transaction(
    actor,
    (tx) =>
      tx.createMany(
        it.house.scope(actor, 'customer'),
        Array.from({ length: count }, () => input),
      ),
    { job },
  )
  await moveJob(it.parts.pool, job, ['queued'], 'done')
  return { job, ids: value.map(({ id }) => id) }
}
const trashed = async (ids: string[]): Promise<number> =>
  (
    await it.house.db.owner.query<{ n: number }>('select count(*)::int as n from customers where id = any($1) and trashed_at is not null', [
      ids,
    ])
  ).rows[0]!.n
const steer = async (who: Who, id: string, act: string) =>
  (await it.send(who, 'POST', `/api/jobs/${id}/${act}`)).json<Record<string, unknown>>()

test('an import is undone over HTTP: progress, counts, links to what stays; and only once', async () => {
  const { job, ids } = await imported(230)
  await it.send('owner', 'PATCH', `/api/customers/${ids[7]}`, { version: 1, notes: '后来写的' })
  expect(await steer('owner', job, 'undo')).toMatchObject({ kind: 'undo', state: 'queued', undoes: job, total: 230 })
  const undoing = (await readJob(it.parts.pool, job))!.undoneBy!
  // A second undoing, at the same time or later, is refused.
  expect(await steer('owner', job, 'undo')).toMatchObject({ code: 'not_undoable', details: { why: 'undone' } })
  await run(undoing)
  expect(await steer('owner', job, 'undo')).toMatchObject({ code: 'not_undoable', details: { why: 'undone' } })
  expect((await it.send('owner', 'GET', `/api/jobs/${undoing}`)).json()).toMatchObject({
    state: 'done',
    done: 230,
    undoable: false,
    result: {
      undone: 229,
      partly: 0,
      kept: 1,
      reasons: { changed_since: 1 },
      list: [{ id: ids[7], entity: 'customer', why: 'changed_since' }],
    },
  })
  expect(await trashed(ids)).toBe(229)
  expect((await it.send('owner', 'GET', `/api/jobs/${job}`)).json()).toMatchObject({ undoable: false, undoneBy: undoing })
  // The list of all jobs says how many, not which.
  const listed = (await it.send('owner', 'GET', '/api/jobs')).json<{ items: { id: string; result: object }[] }>().items
  expect(listed.find(({ id }) => id === undoing)?.result).toEqual({ undone: 229, partly: 0, kept: 1, reasons: { changed_since: 1 } })
})

test('an undoing that is stopped anywhere goes on and undoes each change once', async () => {
  const { job, ids } = await imported(450)
  await steer('owner', job, 'undo')
  const undoing = (await readJob(it.parts.pool, job))!.undoneBy!
  const { transaction } = it.parts.records
  for (const commits of [1, 2]) {
    let left = commits
    const stopping = (async (...of: Parameters<typeof transaction>) => {
      if ((left -= 1) < 0) throw new Stopped()
      return transaction(...of)
    }) as typeof transaction
    await run(undoing, { ...it.parts, records: { ...it.parts.records, transaction: stopping } })
    const { state, done, result } = (await readJob(it.parts.pool, undoing))!
    expect([state, result['undone']]).toEqual(['running', done])
    expect(await trashed(ids)).toBe(done)
  }
  await Promise.all([run(undoing), run(undoing)])
  expect(await readJob(it.parts.pool, undoing)).toMatchObject({ state: 'done', done: 450, result: { undone: 450, kept: 0 } })
  expect(await trashed(ids)).toBe(450)
  const versions = await it.house.db.owner.query('select distinct version from customers where id = any($1)', [ids])
  expect(versions.rows).toEqual([{ version: 2 }])
})

test('paused, a job keeps what is done and does no more; let go on, it ends; stopped half way, it can be undone further', async () => {
  const { job, ids } = await imported(350)
  const undoing = String((await steer('owner', job, 'undo'))['id'])
  const { transaction } = it.parts.records
  let batches = 0
  const pausing = (async (...of: Parameters<typeof transaction>) => {
    if ((batches += 1) === 2)
      expect(await steer('owner', undoing, 'pause')).toMatchObject({ state: 'paused', resumable: true, pausable: false })
    return transaction(...of)
  }) as typeof transaction
  await run(undoing, { ...it.parts, records: { ...it.parts.records, transaction: pausing } })
  expect(await readJob(it.parts.pool, undoing)).toMatchObject({ state: 'paused', done: 100 })
  await run(undoing)
  expect(await readJob(it.parts.pool, undoing)).toMatchObject({ state: 'paused', done: 100 })
  expect(await steer('owner', undoing, 'pause')).toMatchObject({ code: 'job_state' })
  expect(await steer('owner', undoing, 'resume')).toMatchObject({ state: 'queued' })
  expect(await steer('owner', undoing, 'cancel')).toMatchObject({ state: 'cancelled' })
  expect(await trashed(ids)).toBe(100)
  expect((await it.send('owner', 'GET', `/api/jobs/${job}`)).json()).toMatchObject({ undoable: true, undoneBy: null })
  const again = await steer('owner', job, 'undo')
  expect(again).toMatchObject({ total: 250 })
  await run(String(again['id']))
  expect(await trashed(ids)).toBe(350)
})

test('a job that is paused and let go on while its worker is amid a batch is taken up by that worker', async () => {
  const { job } = await imported(250)
  const undoing = String((await steer('owner', job, 'undo'))['id'])
  const { transaction } = it.parts.records
  let batches = 0
  const hasty = (async (...of: Parameters<typeof transaction>) => {
    if ((batches += 1) === 2) {
      await steer('owner', undoing, 'pause')
      await steer('owner', undoing, 'resume')
      // The message for it arrives here while the lock is still held: it is to come again, not to be lost.
      await expect(run(undoing)).rejects.toMatchObject({ code: 'busy' })
    }
    return transaction(...of)
  }) as typeof transaction
  await run(undoing, { ...it.parts, records: { ...it.parts.records, transaction: hasty } })
  expect(await readJob(it.parts.pool, undoing)).toMatchObject({ state: 'done', done: 250, result: { undone: 250 } })
})

test('what was erased before counts as kept; a rotation is neither paused nor stopped', async () => {
  const { job, ids } = await imported(3)
  await it.send('owner', 'POST', `/api/customers/${ids[0]}/erase`, { version: 1, reason: '本人要求' })
  const undoing = String((await steer('owner', job, 'undo'))['id'])
  await run(undoing)
  expect(await readJob(it.parts.pool, undoing)).toMatchObject({ state: 'done', result: { undone: 2, kept: 1, reasons: { erased: 1 } } })
  const rotation = await insertJob(it.parts.pool, { kind: 'rotateEpoch', state: 'queued', startedBy: it.house.actors.owner.staffId })
  for (const act of ['pause', 'cancel']) expect(await steer('owner', rotation, act)).toMatchObject({ code: 'forbidden' })
  await moveJob(it.parts.pool, rotation, ['queued'], 'done')
  // A running job is not undone, nor one that changed nothing.
  const refused = await steer('owner', rotation, 'undo')
  expect(refused).toMatchObject({ code: 'not_undoable', details: { state: 'done' } })
  expect(refused['details']).not.toHaveProperty('why')
})

test("one's own job, others' jobs: a manager undoes their own import under their own rights, and steers nobody else's", async () => {
  const own = await imported(2, 'manager')
  const others = await imported(1)
  expect(await steer('manager', others.job, 'undo')).toMatchObject({ code: 'forbidden' })
  expect(await steer('consultantA', others.job, 'undo')).toMatchObject({ code: 'not_found' })
  // One has left the manager's stores since.
  await it.send('owner', 'PATCH', `/api/customers/${own.ids[0]}`, { version: 1, storeId: it.house.stores.south.id, ownerId: null })
  const undoing = String((await steer('manager', own.job, 'undo'))['id'])
  await run(undoing)
  expect(await readJob(it.parts.pool, undoing)).toMatchObject({ result: { undone: 1, kept: 1, reasons: { not_found: 1 } } })
  const seen = (await it.send('consultantA', 'GET', '/api/jobs')).json<{ items: object[] }>()
  expect(seen.items).toEqual([])
  for (let i = 0; i < 50; i += 1) {
    const found = await it.parts.audit.find({ action: 'job_undo' } as never)
    if (found.some(({ outcome }) => outcome === 'refused')) return
    await sleep(20)
  }
  expect.fail('the refused undoing is not on record')
})

test('what one undoing left for want of rights, another takes back; after that the job is undone', async () => {
  const { manager, consultantB } = it.house.actors
  const rows = await it.house.addCustomers([{ notes: '一' }, { notes: '二' }])
  const ids = rows.map(({ id }) => id)
  const job = await insertJob(it.parts.pool, { kind: 'bulk', state: 'queued', total: 2, startedBy: manager.staffId })
  await it.parts.records.transaction(
    manager,
    (tx) => tx.changeMany(it.house.scope(manager, 'customer'), ids, () => ({ patch: { notes: '任务' } })),
    { job },
  )
  await moveJob(it.parts.pool, job, ['queued'], 'done')
  const send = { version: 2, storeId: it.house.stores.south.id, ownerId: consultantB.staffId }
  expect((await it.send('owner', 'PATCH', `/api/customers/${ids[0]}`, send)).statusCode).toBe(200)
  const undone = async (who: Who) => {
    const made = await steer(who, job, 'undo')
    await run(String(made['id']))
    return { id: made['id'], total: made['total'], ...(await readJob(it.parts.pool, String(made['id'])))!.result }
  }
  const first = await undone('manager')
  expect(first).toMatchObject({ total: 2, undone: 1, kept: 1, reasons: { not_found: 1 } })
  expect((await it.send('owner', 'GET', `/api/jobs/${job}`)).json()).toMatchObject({ undoable: true, undoneBy: first.id })
  expect(await undone('manager')).toMatchObject({ total: 1, undone: 0, kept: 1 })
  const last = await undone('owner')
  expect(last).toMatchObject({ total: 1, undone: 1, kept: 0 })
  expect((await it.parts.records.get(it.house.scope(it.house.actors.owner, 'customer'), ids[0]!)).notes).toBe('一')
  expect((await it.send('owner', 'GET', `/api/jobs/${job}`)).json()).toMatchObject({ undoable: false, undoneBy: last.id })
  expect(await steer('owner', job, 'undo')).toMatchObject({ code: 'not_undoable', details: { why: 'undone' } })
})

const merged = async (who: Who, into: string, other: string): Promise<string> => {
  const [a, b] = await Promise.all(
    [into, other].map(async (id) => (await it.send(who, 'GET', `/api/customers/${id}`)).json<{ version: number }>()),
  )
  const body = { version: a!.version, others: [{ id: other, version: b!.version }] }
  return (await it.send(who, 'POST', `/api/customers/${into}/merge`, body)).json<{ jobId: string }>().jobId
}
const timelineOf = async (id: string): Promise<number> =>
  (await it.house.db.owner.query('select from interactions where customer_id = $1', [id])).rowCount ?? 0

test('a merge is undone at once and whole, or not at all: who may not is told so, and the owner still can', async () => {
  const [a, b] = await it.house.addCustomers([{ name: '甲' }, { name: '乙' }])
  // More than a batch of other undoings.
  for (let i = 0; i < 120; i += 1)
    await it.send('consultantA', 'POST', `/api/customers/${b!.id}/interactions`, { kind: 'note', text: `${i}` })
  const job = await merged('consultantA', a!.id, b!.id)
  const version = (await it.send('owner', 'GET', `/api/customers/${a!.id}`)).json<{ version: number }>().version
  await it.send('owner', 'POST', `/api/customers/${a!.id}/hand-over`, { version, ownerId: it.house.actors.manager.staffId })
  const refused = await it.send('consultantA', 'POST', `/api/jobs/${job}/undo`)
  expect([refused.statusCode, refused.json()]).toMatchObject([403, { code: 'forbidden', details: { why: 'forbidden' } }])
  expect([await timelineOf(a!.id), await timelineOf(b!.id), await trashed([b!.id])]).toEqual([120, 0, 1])
  expect((await it.send('owner', 'GET', `/api/jobs/${job}`)).json()).toMatchObject({ undoable: true, undoneBy: null })
  const both = await Promise.all(['owner', 'owner'].map(() => it.send('owner', 'POST', `/api/jobs/${job}/undo`)))
  expect(both.map(({ statusCode }) => statusCode).toSorted()).toEqual([202, 409])
  const undoing = both.find(({ statusCode }) => statusCode === 202)!
  expect(undoing.json()).toMatchObject({
    kind: 'undo',
    state: 'done',
    undoes: job,
    total: 122,
    done: 122,
    result: { undone: 122, kept: 0 },
  })
  expect(Number(undoing.headers['x-anechoic-position'])).toBeGreaterThan(0)
  expect([await timelineOf(a!.id), await timelineOf(b!.id), await trashed([b!.id])]).toEqual([0, 120, 0])
  expect(await steer('owner', job, 'undo')).toMatchObject({ code: 'not_undoable', details: { why: 'undone' } })
})

test('an older merge waits for the later one, and is undone after it', async () => {
  const [d, e, f] = await it.house.addCustomers([{ name: '丁' }, { name: '戊' }, { name: '己' }])
  for (const { id } of [d!, e!, f!]) await it.send('owner', 'POST', `/api/customers/${id}/interactions`, { kind: 'note', text: '往来' })
  const older = await merged('owner', d!.id, e!.id)
  const later = await merged('owner', f!.id, d!.id)
  const refused = await it.send('owner', 'POST', `/api/jobs/${older}/undo`)
  expect([refused.statusCode, refused.json()]).toMatchObject([409, { code: 'not_undoable', details: { why: 'merged_since' } }])
  for (const job of [later, older]) expect(await steer('owner', job, 'undo')).toMatchObject({ state: 'done', result: { kept: 0 } })
  expect(await Promise.all([d!, e!, f!].map(({ id }) => timelineOf(id)))).toEqual([1, 1, 1])
  expect(await trashed([d!.id, e!.id, f!.id])).toBe(0)
})
