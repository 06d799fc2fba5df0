import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { customerInput, type TestHouse, testHouse } from '../../test/support/house.ts'
import type { Actor } from '../../domain/policy/actor.ts'
import { expireChanges } from './jobChange.ts'
import { countChanges, insertJob, isUndoable, readJob } from './jobTable.ts'
import { resealSubjects } from './resealSubjects.ts'
import { inTransaction } from './transaction.ts'
import type { PatchOf, RowOf } from './records.ts'
import type { UndoneOne } from './undoChanges.ts'

let it: TestHouse
beforeAll(async () => {
  it = await testHouse()
})
afterAll(() => it.close())

type Customer = RowOf<'customer'>
const newJob = (actor: Actor = it.actors.owner): Promise<string> =>
  insertJob(it.db.database.pool, { kind: 'import', state: 'queued', startedBy: actor.staffId })

/** Changes customers in one transaction noted for the job. */
const patchIn = async (job: string, ids: readonly string[], patch: (row: Customer) => PatchOf<'customer'>, as: Actor = it.actors.owner) =>
  (await it.records.transaction(as, (tx) => tx.changeMany(it.scope(as, 'customer'), ids, (row) => ({ patch: patch(row) })), { job })).value
const undoAll = async (job: string, as: Actor = it.actors.owner, limit = 100): Promise<UndoneOne[]> => {
  const all: UndoneOne[] = []
  for (let before: number | null = null; ;) {
    const { value } = await it.records.transaction(as, (tx) => tx.undoChanges(job, before, limit))
    all.push(...value.of)
    if (value.seen === 0) return all
    before = value.last
  }
}
const get = (id: string): Promise<Customer> => it.records.get(it.scope(it.actors.owner, 'customer'), id)
const edit = async (id: string, patch: PatchOf<'customer'>, as: Actor = it.actors.owner): Promise<void> => {
  const { version } = await get(id)
  await it.records.transaction(as, (tx) => tx.change(it.scope(as, 'customer'), id, version, patch))
}
const content = ({ version: _version, updatedAt: _updatedAt, trashedAt, ...rest }: Customer) => ({ ...rest, trashed: trashedAt !== null })
const rowsOf = async (job: string) =>
  (await it.db.owner.query<Record<string, unknown>>('select * from job_change where job = $1 order by seq', [job])).rows
const made = async (over: Parameters<TestHouse['addCustomers']>[0][number] = {}, as?: Actor): Promise<Customer> =>
  (await it.addCustomers([over], as))[0]!

test('what a job changes is noted in the same transaction, sealed, and bound to its place', async () => {
  const job = await newJob()
  const customer = await made({ notes: '暗号山茶花', tags: ['旧'] })
  await patchIn(job, [customer.id], () => ({ notes: '暗号白玉兰', tags: ['新'] }))
  const [row] = await rowsOf(job)
  expect(row).toMatchObject({ entity: 'customer', record: customer.id, kind: 'update', fields: ['tags', 'notes'], undone: null })
  expect([row!['version_before'], row!['version_after']]).toEqual([1, 2])
  const bytes = Buffer.concat(Object.values(row!).map((value) => (Buffer.isBuffer(value) ? value : Buffer.from(String(value)))))
  for (const secret of ['暗号山茶花', '暗号白玉兰', '旧', '新']) expect(bytes.includes(secret)).toBe(false)
  // Moved to another place of the job, it does not open: the record stays as it is, and that is said.
  await it.db.owner.query('update job_change set seq = 99 where job = $1', [job])
  expect(await undoAll(job)).toMatchObject([{ outcome: 'kept', why: 'damaged' }])
  expect((await get(customer.id)).notes).toBe('暗号白玉兰')
  // Rolled back together with the change.
  const failing = it.records.transaction(
    it.actors.owner,
    async (tx) => {
      await tx.changeMany(it.scope(it.actors.owner, 'customer'), [customer.id], () => ({ patch: { notes: '不成' } }))
      throw new Error('after all')
    },
    { job },
  )
  await expect(failing).rejects.toThrow()
  expect((await rowsOf(job)).length).toBe(1)
  expect((await readJob(it.db.database.pool, job))!.changes).toBe(1)
})

test('undoing restores exactly what was, whatever a job did, when nobody interfered', async () => {
  const text = fc.constantFrom('甲', '乙', '丙', '丁')
  const owner = fc.constantFrom<'consultantA' | 'manager' | null>('consultantA', 'manager', null)
  const patch = fc.record(
    {
      name: text,
      notes: fc.option(text),
      tags: fc.uniqueArray(text),
      phones: fc.uniqueArray(fc.constantFrom('+8613800138000', '+8613900139000')),
      owner,
      south: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  const act = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('update' as const), on: fc.nat(3), patch }) },
    fc.record({ kind: fc.constantFrom('trash' as const, 'restore' as const), on: fc.nat(3) }),
    fc.record({ kind: fc.constant('create' as const), on: fc.nat(1) }),
  )
  const { actors, stores } = it
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 5 }), async (acts, limit) => {
      const job = await newJob()
      const scope = it.scope(actors.owner, 'customer')
      const base = await it.addCustomers([{}, { notes: '原' }, { tags: ['甲', '乙'] }, {}])
      const before = (await Promise.all(base.map(({ id }) => get(id)))).map(content)
      const created: string[] = []
      for (const one of acts) {
        await it.records.transaction(
          actors.owner,
          async (tx) => {
            if (one.kind === 'create') {
              const input = customerInput(stores.north.id, actors.owner.staffId, { name: '新建' })
              created.push(
                ...(
                  await tx.createMany(
                    scope,
                    Array.from({ length: one.on + 1 }, () => input),
                  )
                ).map(({ id }) => id),
              )
              return
            }
            // Also records the job itself created are changed by it.
            const all = [...base.map(({ id }) => id), ...created]
            const id = all[(one.on * 7) % all.length]!
            await tx.changeMany(scope, [id], () => {
              if (one.kind !== 'update') return { move: one.kind }
              const { owner: hands, south, ...rest } = one.patch
              return {
                patch: {
                  ...(rest as PatchOf<'customer'>),
                  ...(hands === undefined ? {} : { ownerId: hands === null ? null : actors[hands].staffId }),
                  ...(south === undefined ? {} : { storeId: south ? stores.south.id : stores.north.id }),
                },
              }
            })
          },
          { job },
        )
      }
      const undone = await undoAll(job, actors.owner, limit)
      expect(undone.every(({ outcome }) => outcome === 'undone')).toBe(true)
      expect((await Promise.all(base.map(({ id }) => get(id)))).map(content)).toEqual(before)
      for (const id of created) expect((await get(id)).trashedAt).not.toBeNull()
      // Nothing is left to undo, and nothing is undone twice.
      expect(await undoAll(job)).toEqual([])
      expect(await it.records.verifyEnvelopes('customer', [...base.map(({ id }) => id), ...created])).toEqual([])
    }),
    { numRuns: 25 },
  )
}, 120_000)

test('after later edits: what can be undone is, the rest stays and is said', async () => {
  const job = await newJob()
  const [a, b, c, d] = await it.addCustomers([
    { notes: '原备注', tags: ['老客户'] },
    { notes: '原备注' },
    { tags: ['老客户', '发烧友'] },
    { tags: ['老客户'] },
  ])
  await patchIn(job, [a!.id, b!.id], ({ tags }) => ({ notes: '任务写的', tags: [...tags, '展会'] }))
  await patchIn(job, [c!.id], () => ({ tags: ['发烧友', '展会'] }))
  await patchIn(job, [d!.id], ({ tags }) => ({ tags: [...tags, '展会'] }))
  await edit(a!.id, { notes: '同事后来写的', wechatIds: ['new_id'] })
  await edit(c!.id, { tags: ['发烧友', '展会', '后加的'] })
  await edit(d!.id, { tags: ['老客户'] })
  const undone = await undoAll(job)
  const of = (id: string) => undone.find((one) => one.id === id)
  expect(of(a!.id)).toMatchObject({ outcome: 'partly', why: 'changed_since', fields: ['notes'] })
  expect(await get(a!.id)).toMatchObject({ notes: '同事后来写的', wechatIds: ['new_id'], tags: ['老客户'] })
  expect(of(b!.id)).toMatchObject({ outcome: 'undone' })
  expect(await get(b!.id)).toMatchObject({ notes: '原备注', tags: [] })
  // Of a list only what the job did is taken back.
  expect(of(c!.id)).toMatchObject({ outcome: 'undone' })
  expect((await get(c!.id)).tags).toEqual(['发烧友', '后加的', '老客户'])
  // Somebody undid it by hand: it is as it was, and not written again.
  expect(of(d!.id)).toMatchObject({ outcome: 'undone' })
  expect((await get(d!.id)).version).toBe(3)
})

test('a created customer whom somebody changed or added to stays; the others go to the trash, and what the job hung below them with them', async () => {
  const job = await newJob()
  const { owner, consultantA } = it.actors
  const scope = it.scope(owner, 'customer')
  const below = (id: string, text: string) => ({
    customerId: id,
    kind: 'note' as const,
    happenedAt: '2026-01-02T03:04:05.000Z',
    staffId: owner.staffId,
    text,
  })
  const ids = (
    await it.records.transaction(
      owner,
      async (tx) => {
        const inputs = Array.from({ length: 4 }, () => customerInput(it.stores.north.id, consultantA.staffId))
        const rows = await tx.createMany(scope, inputs)
        await tx.createMany(
          it.scope(owner, 'interaction'),
          rows.map(({ id }) => below(id, '导入的往来')),
        )
        return rows.map(({ id }) => id)
      },
      { job },
    )
  ).value
  const [plain, talked, changed, noted] = ids as [string, string, string, string]
  await it.records.transaction(consultantA, (tx) =>
    tx.create(it.scope(consultantA, 'interaction'), { ...below(talked, '后来的电话'), staffId: consultantA.staffId }),
  )
  await edit(changed, { notes: '后来写的' })
  const notes = await it.records.list(it.scope(owner, 'interaction'), { where: { customerId: noted } })
  await it.records.transaction(consultantA, (tx) =>
    tx.change(it.scope(consultantA, 'interaction'), notes.rows[0]!.id, 1, { text: '改过的往来' }),
  )
  // An existing customer gets an entry by the job: that one is taken back by itself.
  const old = await made()
  await it.records.transaction(owner, (tx) => tx.create(it.scope(owner, 'interaction'), below(old.id, '导入给老客户')), { job })
  const undone = await undoAll(job, owner, 3)
  const of = (id: string) => undone.find((one) => one.id === id)
  expect([of(plain)?.outcome, of(talked)?.why, of(changed)?.why, of(noted)?.why]).toEqual([
    'undone',
    'added_to',
    'changed_since',
    'added_to',
  ])
  expect((await Promise.all(ids.map(get))).map(({ trashedAt }) => trashedAt !== null)).toEqual([true, false, false, false])
  expect((await it.records.list(it.scope(owner, 'interaction'), { where: { customerId: plain } })).rows).toHaveLength(1)
  expect((await it.records.list(it.scope(owner, 'interaction'), { where: { customerId: old.id } })).rows).toHaveLength(0)
})

test('a contact a job created, whose key is their own, goes with the customer; one that somebody added keeps the customer', async () => {
  const { owner } = it.actors
  const job = await newJob()
  const contacts = it.scope(owner, 'contact')
  const person = (customerId: string) => ({ customerId, name: '贺太太', role: null, phones: [], emails: [], wechatIds: [], notes: null })
  const { value } = await it.records.transaction(
    owner,
    async (tx) => {
      const inputs = [1, 2].map(() => customerInput(it.stores.north.id, owner.staffId))
      const [a, b] = await tx.createMany(it.scope(owner, 'customer'), inputs)
      return { a: a!, b: b!, below: await tx.create(contacts, person(a!.id)) }
    },
    { job },
  )
  await it.records.transaction(owner, (tx) => tx.create(contacts, person(value.b.id)))
  const undone = await undoAll(job)
  expect(undone.map(({ id, outcome, why }) => [id, outcome, why])).toEqual(
    expect.arrayContaining([
      [value.below.id, 'with', undefined],
      [value.a.id, 'undone', undefined],
      [value.b.id, 'kept', 'added_to'],
    ]),
  )
  expect((await it.records.get(contacts, value.below.id)).trashedAt).toBeNull()
})

test('an erasure takes what was noted about the person, and the undoing goes on with the others', async () => {
  const job = await newJob()
  const [gone, there] = await it.addCustomers([{}, {}])
  await patchIn(job, [gone!.id, there!.id], () => ({ notes: '任务' }))
  const { owner } = it.actors
  await it.records.transaction(owner, (tx) => tx.erase(it.scope(owner, 'customer'), gone!.id))
  expect((await rowsOf(job)).map((row) => row['record'])).toEqual([there!.id])
  expect(await countChanges(it.db.database.pool, job)).toEqual({ noted: 1, open: 1 })
  expect((await undoAll(job)).map(({ id, outcome }) => [id, outcome])).toEqual([[there!.id, 'undone']])
})

test('nobody undoes what they could not change themselves, and the refusal is on record', async () => {
  const job = await newJob()
  const [mine, south] = await it.addCustomers([{}, { storeId: it.stores.south.id, ownerId: it.actors.consultantB.staffId }])
  await patchIn(job, [mine!.id], () => ({ ownerId: it.actors.manager.staffId }))
  await patchIn(job, [south!.id], () => ({ notes: '任务' }))
  const undone = await undoAll(job, it.actors.consultantA)
  expect(undone.map(({ why }) => why)).toEqual(['not_found', 'forbidden'])
  expect((await get(mine!.id)).ownerId).toBe(it.actors.manager.staffId)
  const entries = await it.audit.entriesOfSubject(mine!.subject)
  expect(entries.find(({ outcome }) => outcome === 'refused')).toMatchObject({ action: 'update', staffId: it.actors.consultantA.staffId })
})

test('what one could not undo, whoever may undoes later, the older changes of the same record with it', async () => {
  const { owner, consultantA: me, manager } = it.actors
  const job = await newJob()
  const [mine, given, away] = await it.addCustomers([{ notes: '一' }, { notes: '二', tags: ['旧'] }, { notes: '三' }])
  const ids = [mine!.id, given!.id, away!.id]
  await patchIn(job, ids, () => ({ notes: '任务' }))
  await patchIn(job, [given!.id], () => ({ notes: '任务又写', tags: ['新'] }))
  await edit(given!.id, { ownerId: manager.staffId })
  await edit(away!.id, { storeId: it.stores.south.id })
  const first = await undoAll(job, me)
  const whyOf = (id: string) => first.filter((one) => one.id === id).map(({ outcome, why }) => why ?? outcome)
  expect(ids.map(whyOf)).toEqual([['undone'], ['forbidden', 'forbidden'], ['not_found']])
  expect(await countChanges(it.db.database.pool, job)).toEqual({ noted: 4, open: 3 })
  expect((await undoAll(job, owner)).map(({ outcome }) => outcome)).toEqual(['undone', 'undone', 'undone'])
  expect((await Promise.all(ids.map(get))).map(({ notes }) => notes)).toEqual(['一', '二', '三'])
  expect((await get(given!.id)).tags).toEqual(['旧'])
  expect(await countChanges(it.db.database.pool, job)).toEqual({ noted: 4, open: 0 })
})

test('many at once: each record is judged alone; damaged, absent, and refused ones are said and stop nothing', async () => {
  const [good, other, bad, south] = await it.addCustomers([{}, { ownerId: it.actors.manager.staffId }, {}, { storeId: it.stores.south.id }])
  const newer = await made({ notes: '别处的' })
  await it.db.owner.query('update customers set sealed_personal = (select sealed_personal from customers where id = $2) where id = $1', [
    bad!.id,
    newer.id,
  ])
  const ids = [good!.id, other!.id, bad!.id, south!.id, randomUUID(), 'nonsense', good!.id]
  const as = it.actors.consultantA
  const outcomes = (
    await it.records.transaction(as, (tx) => tx.changeMany(it.scope(as, 'customer'), ids, () => ({ patch: { tags: ['贴'] } })))
  ).value
  expect(outcomes.map(({ kept }) => kept)).toEqual([null, 'forbidden', 'damaged', 'not_found', 'not_found', 'not_found'])
  expect((await get(good!.id)).tags).toEqual(['贴'])
  await it.db.owner.query('delete from customers where id = $1', [bad!.id])
})

test('two batches over the same records in opposite order wait for each other, and both are whole', async () => {
  const rows = await it.addCustomers(Array.from({ length: 40 }, () => ({})))
  const ids = rows.map(({ id }) => id)
  const add = (tag: string, order: string[]) => async () => {
    const job = await newJob()
    return patchIn(job, order, ({ tags }) => ({ tags: [...tags, tag] }))
  }
  const outcomes = await Promise.all([add('一', ids)(), add('二', ids.toReversed())(), add('三', ids)()])
  expect(outcomes.flat().every(({ kept }) => kept === null)).toBe(true)
  for (const id of ids) expect((await get(id)).tags.toSorted()).toEqual(['一', '三', '二'])
  expect(await it.records.verifyEnvelopes('customer', ids)).toEqual([])
})

test('what was noted survives a re-seal of the person, and goes 30 days after the end of the job', async () => {
  const { pool } = it.db.database
  const job = await newJob()
  const customer = await made({ notes: '原' })
  await patchIn(job, [customer.id], () => ({ notes: '任务' }))
  const keys = await it.db.owner.query('select subject, epoch, version, suite, wrapped from keys.data_key where subject = $1', [
    customer.subject,
  ])
  await inTransaction(pool, (client) =>
    resealSubjects({ client, broker: it.broker, audit: it.audit, actor: it.actors.owner }, keys.rows as never, 2),
  )
  it.broker.forget(customer.subject)
  expect(await undoAll(job)).toMatchObject([{ outcome: 'undone' }])
  expect((await get(customer.id)).notes).toBe('原')

  await it.db.owner.query("update job set state = 'done', finished_at = now() - interval '29 days' where id = $1", [job])
  await expireChanges(pool, 30)
  expect(isUndoable((await readJob(pool, job))!)).toBe(true)
  expect(await rowsOf(job)).toHaveLength(1)
  await it.db.owner.query("update job set finished_at = now() - interval '31 days' where id = $1", [job])
  await expireChanges(pool, 30)
  expect(await rowsOf(job)).toHaveLength(0)
  expect(isUndoable((await readJob(pool, job))!)).toBe(false)
})
