import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type Who } from '../../test/support/app.ts'
import { hashPassword } from '../auth/passwordHash.ts'
import { storeCredential } from '../auth/credentials.ts'
import { grantRoles } from '../auth/roleGrants.ts'
import type { Parts } from '../actions/parts.ts'
import { readJob } from '../store/jobTable.ts'
import type { InputOf, RowOf } from '../store/records.ts'
import { Stopped } from './job.ts'
import { runJob } from './runJob.ts'

let it: TestApp
beforeAll(async () => {
  it = await testApp()
})
afterAll(() => it.close())

type Customer = RowOf<'customer'>
const run = (id: string, parts: Parts = it.parts) =>
  runJob(id, {
    parts,
    connect: it.house.db.database.connect as never,
    signal: new AbortController().signal,
    onFault: (_id, error) => {
      throw error
    },
  })
const get = (id: string): Promise<Customer> => it.parts.records.get(it.house.scope(it.house.actors.owner, 'customer'), id)
const add = (inputs: readonly Partial<InputOf<'customer'>>[]) => it.house.addCustomers(inputs)
const idsOf = (rows: readonly Customer[]): string[] => rows.map(({ id }) => id)

type Answer = {
  jobId: string
  count: number
  refused: { count: number; reasons: Record<string, number> }
  sample: { id: string; name: string }[]
}
const ask = async (who: Who, select: object, change: object, dryRun: boolean) =>
  it.send(who, 'POST', '/api/customers/bulk', { select, change, dryRun })
const preview = async (who: Who, select: object, change: object): Promise<Answer> => (await ask(who, select, change, true)).json<Answer>()
const change = async (
  who: Who,
  select: object,
  what: object,
): Promise<Record<string, unknown> & { id: string; result: Record<string, unknown> }> => {
  const { jobId } = (await ask(who, select, what, false)).json<Answer>()
  await run(jobId)
  return (await it.send(who, 'GET', `/api/jobs/${jobId}`)).json()
}
const undo = async (who: Who, id: string) => {
  const undoing = (await it.send(who, 'POST', `/api/jobs/${id}/undo`)).json<{ id: string }>()
  await run(undoing.id)
  return (await readJob(it.parts.pool, undoing.id))!.result
}
const indexed = async (): Promise<void> => {
  const { rows } = await it.house.db.owner.query<{ id: number }>(
    "select max(id)::int as id from audit.entry where action in ('create', 'update', 'trash', 'restore')",
  )
  await it.parts.search.waitFor(rows[0]!.id)
}

test('a tag is put on many customers and taken off again by undoing; it lies nowhere in the open', async () => {
  const rows = await add([{ tags: [] }, { tags: ['发烧友'] }, { tags: ['展会客'] }])
  const ids = idsOf(rows)
  const before = await Promise.all(ids.map(get))
  expect(await preview('consultantA', { ids }, { kind: 'tag', value: '展会客' })).toMatchObject({
    count: 3,
    refused: { count: 0, reasons: {} },
    sample: rows.map(({ id, name }) => ({ id, name })),
  })
  const { jobId } = (await ask('consultantA', { ids }, { kind: 'tag', value: ' 展会客 ' }, false)).json<Answer>()
  const dump = await it.house.db.owner.query<{ text: string }>('select row_to_json(j)::text as text from job j where id = $1', [jobId])
  expect(dump.rows[0]!.text).not.toContain('展会客')
  expect(dump.rows[0]!.text).not.toContain(Buffer.from('展会客').toString('hex'))
  await run(jobId)
  const job = (await it.send('consultantA', 'GET', `/api/jobs/${jobId}`)).json<Record<string, unknown>>()
  expect(job).toMatchObject({ kind: 'bulk', act: 'tag', state: 'done', undoable: true, result: { changed: 2, unchanged: 1, refused: 0 } })
  expect((await Promise.all(ids.map(get))).map(({ tags }) => tags)).toEqual([['展会客'], ['发烧友', '展会客'], ['展会客']])
  const kept = await it.house.db.owner.query('select sealed_task from job where id = $1', [jobId])
  expect(kept.rows).toEqual([{ sealed_task: null }])
  expect(await undo('consultantA', jobId)).toMatchObject({ undone: 2, partly: 0, kept: 0 })
  expect((await Promise.all(ids.map(get))).map(({ tags }) => tags)).toEqual(before.map(({ tags }) => tags))
})

test('never more than one by one: what a consultant may not do stays, counted with its reason, in the preview as in the job', async () => {
  const { actors, stores } = it.house
  const [own, colleagues, south, pool] = await add([
    {},
    { ownerId: actors.manager.staffId },
    { storeId: stores.south.id, ownerId: actors.consultantB.staffId },
    { ownerId: null },
  ])
  const ids = [...idsOf([own!, colleagues!, south!, pool!]), randomUUID()]
  for (const [kind, value, wanted] of [
    ['tag', '贴', { forbidden: 2, not_found: 2 }],
    ['owner', actors.manager.staffId, { forbidden: 2, unchanged: 1, not_found: 2 }],
    ['pool', undefined, { forbidden: 2, unchanged: 1, not_found: 2 }],
    ['trash', undefined, { forbidden: 3, not_found: 2 }],
  ] as const) {
    const seen = await preview('consultantA', { ids }, { kind, ...(value === undefined ? {} : { value }) })
    expect([kind, seen.refused.reasons]).toEqual([kind, wanted])
    const job = await change('consultantA', { ids }, { kind, ...(value === undefined ? {} : { value }) })
    const { unchanged = 0, ...stays } = wanted as Record<string, number>
    expect([kind, job.result]).toMatchObject([kind, { changed: seen.count, unchanged, reasons: stays }])
  }
  // The one a consultant may change alone is changed in the many, and nobody else.
  expect((await Promise.all([own!, colleagues!, south!, pool!].map(({ id }) => get(id)))).map(({ tags }) => tags)).toEqual([
    ['贴'],
    [],
    [],
    [],
  ])
  expect((await ask('auditor', { ids }, { kind: 'pool' }, true)).json()).toMatchObject({ code: 'not_found' })
  // Each of the refused is on record as refused.
  const entries = await it.house.audit.entriesOfSubject(colleagues!.subject)
  expect(
    entries
      .filter(({ outcome }) => outcome === 'refused')
      .map(({ action }) => action)
      .toSorted(),
  ).toEqual(['trash', 'update', 'update'])
})

test('customers are handed over, moved to another store, pooled, trashed and restored; undoing puts each back', async () => {
  const { actors, stores } = it.house
  const rows = await add([
    {},
    { ownerId: actors.owner.staffId },
    { ownerId: null },
    { storeId: stores.south.id, ownerId: actors.consultantB.staffId },
  ])
  const ids = idsOf(rows)
  const facts = async () =>
    (await Promise.all(ids.map(get))).map(({ storeId, ownerId, trashedAt }) => [storeId, ownerId, trashedAt !== null])
  const before = await facts()
  const { north, south } = stores
  const [a, o, m] = [actors.consultantA.staffId, actors.owner.staffId, actors.manager.staffId]

  const handed = await change('owner', { ids }, { kind: 'owner', value: m })
  // The manager works in the north: a customer of the south would be lost with them.
  expect(handed.result).toMatchObject({
    changed: 3,
    refused: 1,
    reasons: { owner_elsewhere: 1 },
    list: [{ id: ids[3], why: 'owner_elsewhere' }],
  })
  expect((await facts()).map(([, owner]) => owner)).toEqual([m, m, m, actors.consultantB.staffId])
  // The new owner sees them as their own at once, also in the list.
  await indexed()
  const list = (await it.send('manager', 'GET', `/api/customers?pageSize=200&filter[ownerId]=${m}`)).json<{
    items: { id: string; phones: unknown[] }[]
  }>()
  expect(list.items.filter(({ id }) => ids.includes(id)).map(({ phones }) => phones)).toEqual(
    Array.from({ length: 3 }, () => ['+8613800138000']),
  )
  expect(await undo('owner', handed.id)).toMatchObject({ undone: 3, kept: 0 })
  expect(await facts()).toEqual(before)

  const moved = await change('owner', { ids }, { kind: 'store', value: south.id })
  expect(moved.result).toMatchObject({ changed: 3, unchanged: 1 })
  // Consultant A does not work there, the owner of the house everywhere.
  expect(await facts()).toEqual([
    [south.id, null, false],
    [south.id, o, false],
    [south.id, null, false],
    [south.id, actors.consultantB.staffId, false],
  ])
  await undo('owner', moved.id)
  expect(await facts()).toEqual(before)

  for (const kind of ['pool', 'trash'] as const) {
    const done = await change('owner', { ids }, { kind })
    expect((await facts()).every(([, owner, trashed]) => (kind === 'pool' ? owner === null : trashed))).toBe(true)
    if (kind === 'trash') {
      const restored = await change('owner', { ids: [ids[0]!] }, { kind: 'restore' })
      expect(restored.result).toMatchObject({ changed: 1 })
      expect((await change('owner', { ids }, { kind: 'pool' })).result).toMatchObject({ reasons: { in_trash: 3 } })
      await undo('owner', (await it.send('owner', 'GET', '/api/jobs')).json<{ items: { id: string }[] }>().items[0]!.id)
      await it.parts.records.transaction(actors.owner, async (tx) =>
        tx.trash(it.house.scope(actors.owner, 'customer'), ids[0]!, (await get(ids[0]!)).version),
      )
    }
    expect(await undo('owner', done.id)).toMatchObject({ kept: 0, partly: 0 })
    expect(await facts()).toEqual(before)
  }
  expect(north.id).toBe(before[0]![0])
  expect(a).toBe(before[0]![1])
})

test('all that match a list are frozen when the job starts', async () => {
  await add([
    { name: '批量陈一' },
    { name: '批量陈二' },
    { name: '批量陈三', ownerId: it.house.actors.manager.staffId },
    { name: '别的人' },
  ])
  await indexed()
  const query = `q=${encodeURIComponent('批量陈')}&sort=-name&page=2&pageSize=20`
  expect(await preview('owner', { query }, { kind: 'pool' })).toMatchObject({ count: 3 })
  const { jobId } = (await ask('owner', { query }, { kind: 'pool' }, false)).json<Answer>()
  await add([{ name: '批量陈四' }])
  await indexed()
  await run(jobId)
  expect((await readJob(it.parts.pool, jobId))!.result).toMatchObject({ changed: 3 })
  const { rows } = await it.house.db.owner.query<{ record: string }>('select record from job_item where job = $1 order by n', [jobId])
  expect(rows.map(({ record }) => record)).toEqual(rows.map(({ record }) => record).toSorted())
  // Those in the pool are found as those without owner.
  await indexed()
  const pooled = (await it.send('consultantA', 'GET', `/api/customers?filter[ownerId]=none&q=${encodeURIComponent('批量陈')}`)).json<{
    total: number
  }>()
  expect(pooled.total).toBe(3)
  // Whatever narrows the list narrows the change: a label, a stretch of time.
  const [tagged] = await add([{ name: '批量陈五', tags: ['独此'], ownerId: it.house.actors.owner.staffId }])
  await indexed()
  expect(await preview('owner', { query: `filter[tags]=${encodeURIComponent('独此')}` }, { kind: 'pool' })).toMatchObject({
    count: 1,
    sample: [{ id: tagged!.id }],
  })
  expect(await preview('owner', { query: `filter[createdAt]=${tagged!.createdAt}..` }, { kind: 'trash' })).toMatchObject({ count: 1 })
  expect((await ask('owner', { query: 'filter[notes]=x' }, { kind: 'pool' }, true)).json()).toMatchObject({ code: 'unknown_key' })
})

test.each([
  [{}, { kind: 'pool' }],
  [{ ids: [] }, { kind: 'pool' }],
  [{ ids: ['x'] }, { kind: 'pool' }],
  [{ ids: [randomUUID()], query: 'q=a' }, { kind: 'pool' }],
  [{ ids: Array.from({ length: 10_001 }, () => randomUUID()) }, { kind: 'pool' }],
  [{ query: 'q=nobodyiscalledthis' }, { kind: 'pool' }],
  // A mistyped query must not mean everybody.
  [{ query: 'fliter[ownerId]=none' }, { kind: 'pool' }],
  [{ query: 'ownerId=none' }, { kind: 'pool' }],
  [{ query: 'filter[trashed]=yes' }, { kind: 'pool' }],
  [{ ids: [randomUUID()] }, { kind: 'erase' }],
  [{ ids: [randomUUID()] }, { kind: 'tag' }],
  [{ ids: [randomUUID()] }, { kind: 'tag', value: '   ' }],
  [{ ids: [randomUUID()] }, { kind: 'tag', value: '长'.repeat(31) }],
  [{ ids: [randomUUID()] }, { kind: 'pool', value: 'x' }],
  [{ ids: [randomUUID()] }, { kind: 'owner', value: randomUUID() }],
  [{ ids: [randomUUID()] }, { kind: 'store', value: 'north' }],
])('%j %j is refused and starts nothing', async (select, what) => {
  const jobs = async () => (await it.house.db.owner.query("select count(*) from job where kind = 'bulk'")).rows
  const before = await jobs()
  const answer = await ask('owner', select, what, false)
  expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, expect.stringMatching(/^(input_invalid|unknown_key)$/)])
  expect(await jobs()).toEqual(before)
})

test('a change of many that is stopped anywhere goes on without losing or doubling a record, and its undoing too', async () => {
  const rows = await add(Array.from({ length: 650 }, (_, i) => ({ name: `多${i}`, notes: '静' })))
  const ids = idsOf(rows)
  const { jobId } = (await ask('consultantA', { ids }, { kind: 'tag', value: '多' }, false)).json<Answer>()
  const { transaction } = it.parts.records
  for (const commits of [1, 1]) {
    let left = commits
    const stopping = (async (...of: Parameters<typeof transaction>) => {
      if ((left -= 1) < 0) throw new Stopped()
      return transaction(...of)
    }) as typeof transaction
    await run(jobId, { ...it.parts, records: { ...it.parts.records, transaction: stopping } })
  }
  expect(await readJob(it.parts.pool, jobId)).toMatchObject({ state: 'running', done: 400, changes: 400 })
  await run(jobId)
  expect(await readJob(it.parts.pool, jobId)).toMatchObject({ state: 'done', changes: 650, result: { changed: 650 } })
  const versions = async () =>
    (await it.house.db.owner.query('select version, count(*)::int as n from customers where id = any($1) group by 1', [ids])).rows
  expect(await versions()).toEqual([{ version: 2, n: 650 }])
  expect(await undo('consultantA', jobId)).toMatchObject({ undone: 650 })
  expect(await versions()).toEqual([{ version: 3, n: 650 }])
  expect(await it.parts.records.verifyEnvelopes('customer', ids)).toEqual([])
}, 60_000)

test('a change of many opens nobody for the one who starts it: no budget is used, and masked tags stay masked', async () => {
  const { manager } = it.house.actors
  const [a, b] = await add([{ tags: ['密'] }, { tags: [] }])
  const charged = async () => it.house.audit.entriesOfActor(manager.staffId)
  const before = (await charged()).length
  const job = await change('manager', { ids: [a!.id, b!.id] }, { kind: 'tag', value: '密' })
  // Which of the two had it already is not said, neither by the count nor by the version.
  expect(job.result).toMatchObject({ changed: 2, unchanged: 0 })
  expect((await Promise.all([a!, b!].map(({ id }) => get(id)))).map(({ version, tags }) => [version, tags])).toEqual([
    [2, ['密']],
    [2, ['密']],
  ])
  const looks = (await charged())
    .slice(0, (await charged()).length - before)
    .filter(({ action }) => ['read', 'list', 'reveal'].includes(action))
  expect(looks).toEqual([])
})

test('the pool: whoever works in the store takes a customer without owner; the second one learns who was faster', async () => {
  const { consultantA, manager } = it.house.actors
  const [free, south, owned] = await add([
    { ownerId: null },
    { ownerId: null, storeId: it.house.stores.south.id },
    { ownerId: manager.staffId },
  ])
  const claim = (who: Who, id: string, version = 1) => it.send(who, 'POST', `/api/customers/${id}/claim`, { version })
  const race = await Promise.all([claim('consultantA', free!.id), claim('manager', free!.id)])
  expect(race.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 409])
  const winner = race.find(({ statusCode }) => statusCode === 200)!.json<Record<string, unknown>>()
  const loser = race.find(({ statusCode }) => statusCode === 409)!.json<{ code: string; current: { ownerId: string } }>()
  expect(loser).toMatchObject({ code: 'version_conflict', current: { ownerId: winner['ownerId'] } })
  expect([consultantA.staffId, manager.staffId]).toContain(winner['ownerId'])
  // Now it is their own: unmasked.
  expect(winner['phones']).toEqual(['+8613800138000'])
  expect((await claim('consultantA', south!.id)).json()).toMatchObject({ code: 'not_found' })
  expect((await claim('consultantA', owned!.id)).json()).toMatchObject({ code: 'version_conflict', current: { ownerId: manager.staffId } })
  await it.send('owner', 'DELETE', `/api/customers/${south!.id}`, { version: 1 })
  expect((await claim('owner', south!.id, 2)).json()).toMatchObject({ code: 'forbidden' })
  // Taking is not handing over: that stays refused.
  expect(
    (await it.send('consultantA', 'PATCH', `/api/customers/${owned!.id}`, { version: 1, ownerId: consultantA.staffId })).statusCode,
  ).toBe(403)
})

test('one customer is handed over with a note for the new owner, all or nothing', async () => {
  const { manager, consultantA, consultantB } = it.house.actors
  const [one] = await add([{ ownerId: manager.staffId }])
  const give = (who: Who, body: object) => it.send(who, 'POST', `/api/customers/${one!.id}/hand-over`, body)
  expect((await give('consultantA', { version: 1, ownerId: consultantA.staffId })).json()).toMatchObject({ code: 'forbidden' })
  for (const ownerId of [consultantB.staffId, randomUUID(), 'x'])
    expect((await give('manager', { version: 1, ownerId, note: '不该在' })).json()).toMatchObject({ code: 'input_invalid' })
  expect((await give('manager', { version: 1, ownerId: consultantA.staffId, note: '周六要去听功放' })).json()).toMatchObject({
    ownerId: consultantA.staffId,
    version: 2,
  })
  const timeline = (await it.send('consultantA', 'GET', `/api/customers/${one!.id}/interactions`)).json<{
    items: { text: string; kind: string }[]
  }>()
  expect(timeline.items.map(({ text, kind }) => [kind, text])).toEqual([['note', '周六要去听功放']])
  expect((await it.send('consultantA', 'GET', `/api/customers/${one!.id}`)).json()).toMatchObject({ phones: ['+8613800138000'] })
  expect((await give('manager', { version: 2, ownerId: null })).json()).toMatchObject({ ownerId: null })
  expect((await give('manager', { version: 2, ownerId: null })).json()).toMatchObject({ code: 'version_conflict' })
})

test('whoever lost the right between start and run changes nothing more', async () => {
  const { stores } = it.house
  const macKey = await it.parts.macKey()
  const made = await it.parts.records.transaction(it.house.actors.owner, (tx) =>
    tx.create(it.house.scope(it.house.actors.owner, 'staff'), {
      login: 'likai',
      name: '李开',
      roles: ['storeManager'],
      storeIds: [stores.north.id],
      kind: 'person',
      active: true,
    }),
  )
  const staffId = made.value.id
  await storeCredential(it.parts.pool, macKey, { staffId, passwordHash: await hashPassword('a long pass phrase 77'), mustChange: false })
  await grantRoles(it.parts.pool, macKey, { staffId, roles: ['storeManager'], storeIds: [stores.north.id], grantedBy: null })
  const actor = (await it.parts.actors.ofStaff(it.parts.pool, staffId))!
  const { startBulk } = await import('../actions/bulk/startBulk.ts')
  const rows = await add([{}, {}])
  const job = await startBulk(it.parts, it.house.scope(actor, 'customer'), { kind: 'pool', value: null }, idsOf(rows))
  await it.house.db.owner.query('delete from auth.role_grant where staff_id = $1', [staffId])
  await grantRoles(it.parts.pool, macKey, { staffId, roles: ['salesConsultant'], storeIds: [stores.north.id], grantedBy: null })
  await run(job)
  expect((await readJob(it.parts.pool, job))!.result).toMatchObject({ changed: 0, reasons: { forbidden: 2 } })
})
