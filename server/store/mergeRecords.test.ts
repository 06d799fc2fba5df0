import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MergeChoices, mergeFields } from '../../domain/crm/mergeFields.ts'
import type { Actor } from '../../domain/policy/actor.ts'
import { testHouse, type TestHouse } from '../../test/support/house.ts'
import { insertJob } from './jobTable.ts'
import type { PatchOf, RowOf } from './records.ts'
import type { UndoneOne } from './undoChanges.ts'

let it: TestHouse
beforeAll(async () => {
  it = await testHouse()
})
afterAll(() => it.close())

type Customer = RowOf<'customer'>
const code = (expected: string) => expect.objectContaining({ code: expected })
const customers = (who: Actor = it.actors.owner) => it.scope(who, 'customer')
const get = (id: string, who?: Actor) => it.records.get(customers(who), id)

const say = async (customer: Customer, text: string) => {
  const { owner } = it.actors
  const input = { customerId: customer.id, kind: 'note' as const, happenedAt: '2026-03-01T08:30:00.000Z', staffId: owner.staffId, text }
  return (await it.records.transaction(owner, (tx) => tx.create(it.scope(owner, 'interaction'), input))).value
}
const addContact = async (customer: Customer, name: string) => {
  const { owner } = it.actors
  const input = { customerId: customer.id, name, role: null, phones: ['+8613911110000'], emails: [], wechatIds: [], notes: null }
  return (await it.records.transaction(owner, (tx) => tx.create(it.scope(owner, 'contact'), input))).value
}
const agree = async (customer: Customer) => {
  const { owner } = it.actors
  const input = {
    customerId: customer.id,
    channel: 'sms',
    state: 'given',
    happenedAt: '2026-03-01T08:30:00.000Z',
    how: 'spoken',
    staffId: owner.staffId,
    note: '口头',
  } as const
  return (await it.records.transaction(owner, (tx) => tx.create(it.scope(owner, 'consent'), input))).value
}

const merge = async (
  into: Customer,
  others: Customer[],
  choices: MergeChoices = {},
  who: Actor = it.actors.owner,
): Promise<{ job: string; row: Customer }> => {
  const job = randomUUID()
  const { value } = await it.records.transaction(
    who,
    async (tx) => {
      await insertJob(tx, { id: job, kind: 'merge', state: 'done', total: others.length, startedBy: who.staffId })
      return tx.merge(customers(who), into, others, (rows) => mergeFields(rows, choices) as PatchOf<'customer'>)
    },
    { job },
  )
  return { job, row: value }
}

const undoAll = async (job: string, who: Actor = it.actors.owner): Promise<UndoneOne[]> => {
  const all: UndoneOne[] = []
  for (let before: number | null = null; ;) {
    const { value } = await it.records.transaction(who, (tx) => tx.undoChanges(job, before, 100))
    if (value.seen === 0) return all
    all.push(...value.of)
    before = value.last
  }
}
const timeline = async (id: string, who: Actor = it.actors.owner) =>
  (await it.records.list(it.scope(who, 'interaction'), { where: { customerId: id } })).rows.map(({ text }) => text).toSorted()

const twins = async () => {
  const [a, b, c] = await it.addCustomers([
    { name: '沈静安', phones: ['+8613800138000'], notes: '爱听黑胶' },
    { name: '沈先生', phones: ['+8613800138000', '+8613900139000'], notes: '要 7.2.4', addresses: ['上海市静安区南京西路1266号3栋'] },
    { name: '沈太太', phones: ['+8613800138000'], tags: ['影院'], emails: [] },
  ])
  await say(a!, '甲')
  await say(b!, '乙')
  await say(c!, '丙')
  await agree(b!)
  return { a: a!, b: b!, c: c!, aunt: await addContact(c!, '刘阿姨') }
}

test('three who share a number become one: fields together, everything below moves, the others are in the trash', async () => {
  const { a, b, c, aunt } = await twins()
  const { row } = await merge(a, [b, c])
  expect(row).toMatchObject({ name: '沈静安', phones: ['+8613800138000', '+8613900139000'], notes: '爱听黑胶\n要 7.2.4', tags: ['影院'] })
  expect(await get(a.id)).toMatchObject({ version: 2, notes: '爱听黑胶\n要 7.2.4' })
  expect(await timeline(a.id)).toEqual(['丙', '乙', '甲'])
  expect(await timeline(b.id)).toEqual([])
  for (const { id } of [b, c]) expect((await get(id)).trashedAt).not.toBe(null)
  expect(await it.records.get(it.scope(it.actors.owner, 'contact'), aunt.id)).toMatchObject({
    name: '刘阿姨',
    customerId: a.id,
    subject: aunt.subject,
  })
  const { rows } = await it.records.list(it.scope(it.actors.owner, 'consent'), { where: { customerId: a.id } })
  expect(rows).toMatchObject([{ channel: 'sms', note: '口头', subject: a.subject }])
  for (const entity of ['customer', 'interaction', 'contact', 'consent'] as const) {
    const ids = (await it.db.owner.query<{ id: string }>(`select id from ${entity}s`)).rows.map(({ id }) => id)
    expect(await it.records.verifyEnvelopes(entity, ids)).toEqual([])
  }
})

test('undone, everybody is as they were, with what was theirs; what was added since stays with the one it was added to', async () => {
  const { a, b, c, aunt } = await twins()
  const { job } = await merge(a, [b, c], { name: b.id })
  await say(await get(a.id), '合并后记的')
  const undone = await undoAll(job)
  expect(undone.filter(({ outcome }) => outcome !== 'undone')).toEqual([])
  for (const one of [a, b, c]) {
    const { version: _, updatedAt: __, ...was } = one
    expect(await get(one.id)).toMatchObject({ ...was, trashedAt: null })
  }
  expect(await timeline(a.id)).toEqual(['合并后记的', '甲'])
  expect([await timeline(b.id), await timeline(c.id)]).toEqual([['乙'], ['丙']])
  expect(await it.records.get(it.scope(it.actors.owner, 'contact'), aunt.id)).toMatchObject({ customerId: c.id })
  expect((await it.db.owner.query('select from merged where job = $1', [job])).rowCount).toBe(0)
})

test('after later edits the field that was edited stays, and is said; of a contact erased in between nothing is left to undo', async () => {
  const { a, b, c, aunt } = await twins()
  const { job } = await merge(a, [b, c])
  const now = await get(a.id)
  await it.records.transaction(it.actors.owner, (tx) => tx.change(customers(), a.id, now.version, { notes: '后来改的' }))
  // Of one who was merged away nothing may be certified as gone: the other holds it.
  const erased = it.records.transaction(it.actors.owner, (tx) => tx.erase(customers(), c.id))
  await expect(erased).rejects.toMatchObject({ code: 'input_invalid', details: { problems: [{ field: 'id', problem: 'merged_away' }] } })
  await it.records.transaction(it.actors.owner, (tx) => tx.erase(it.scope(it.actors.owner, 'contact'), aunt.id))
  const undone = await undoAll(job)
  expect(undone.find(({ id }) => id === a.id)).toMatchObject({ outcome: 'partly', why: 'changed_since', fields: ['notes'] })
  expect(await get(a.id)).toMatchObject({ notes: '后来改的', phones: ['+8613800138000'] })
  expect(await get(b.id)).toMatchObject({ trashedAt: null })
  expect(undone.map(({ id }) => id)).not.toContain(aunt.id)
  expect([await timeline(a.id), await timeline(c.id)]).toEqual([['甲'], ['丙']])
})

test('erasing the one erases those merged into it, their contacts and everything about them', async () => {
  const { a, b, c, aunt } = await twins()
  await merge(b, [c])
  await merge(a, [await get(b.id)])
  await it.records.transaction(it.actors.owner, (tx) => tx.erase(customers(), a.id))
  const gone = [a.subject, b.subject, c.subject, aunt.subject]
  for (const table of ['keys.data_key', 'customers', 'contacts', 'interactions', 'consents', 'job_change'])
    expect((await it.db.owner.query(`select from ${table} where subject = any($1)`, [gone])).rowCount, table).toBe(0)
  expect((await it.db.owner.query('select from keys.tombstone where subject = any($1)', [gone])).rowCount).toBe(4)
})

test('a consultant merges and undoes among their own, and nobody else’s; a stale version, the same one twice and the trash are refused', async () => {
  const { consultantA: me } = it.actors
  const [mine, also] = await it.addCustomers([{ name: '一' }, { name: '一' }])
  const [theirs] = await it.addCustomers([{ ownerId: it.actors.manager.staffId }])
  const [far] = await it.addCustomers([{ storeId: it.stores.south.id, ownerId: it.actors.consultantB.staffId }])
  await expect(merge(mine!, [theirs!], {}, me)).rejects.toThrow(code('forbidden'))
  await expect(merge(theirs!, [mine!], {}, me)).rejects.toThrow(code('forbidden'))
  await expect(merge(mine!, [far!], {}, me)).rejects.toThrow(code('not_found'))
  await expect(merge(mine!, [mine!], {}, me)).rejects.toThrow(code('not_found'))
  await expect(merge(mine!, [{ ...also!, version: 7 }], {}, me)).rejects.toThrow(code('version_conflict'))
  const { job } = await merge(mine!, [also!], {}, me)
  await expect(merge(mine!, [also!], {}, me)).rejects.toThrow(code('version_conflict'))
  expect((await undoAll(job, me)).map(({ outcome }) => outcome)).toEqual(['undone', 'undone'])
  expect(await get(also!.id, me)).toMatchObject({ trashedAt: null })
  expect((await it.db.owner.query("select from job where kind = 'merge' and state <> 'done'")).rowCount).toBe(0)
})

test('a tampered conversation keeps the merge from happening, and nothing of it is done', async () => {
  const { a, b } = await twins()
  const said = await say(b, '被改的')
  await it.db.owner.query(
    'update interactions set sealed_personal = (select sealed_personal from interactions where id <> $1 and subject = $2 limit 1) where id = $1',
    [said.id, b.subject],
  )
  await expect(merge(a, [b])).rejects.toThrow(code('envelope_invalid'))
  expect(await get(a.id)).toMatchObject({ version: 1 })
  expect(await timeline(a.id)).toEqual(['甲'])
})

const asMerged = async (a: Customer, b: Customer) => {
  expect(await timeline(a.id)).toEqual(['乙', '甲'])
  expect([await timeline(b.id), (await get(b.id)).trashedAt === null]).toEqual([[], false])
}

test('whoever may not change each of them any more takes nothing back; whoever may takes back all of it', async () => {
  const { consultantA: me, manager, owner } = it.actors
  const [a, b] = await it.addCustomers([{ phones: ['+8613800138001'] }, { phones: ['+8613800138002'], notes: '乙的备注' }])
  await say(a!, '甲')
  await say(b!, '乙')
  const aunt = await addContact(b!, '乙太太')
  const { job, row } = await merge(a!, [b!], {}, me)
  const handOver = (ownerId: string, version: number) =>
    it.records.transaction(owner, (tx) => tx.change(customers(), a!.id, version, { ownerId }))
  await handOver(manager.staffId, row.version)
  await expect(undoAll(job, me)).rejects.toMatchObject({ code: 'forbidden', details: { why: 'forbidden' } })
  await asMerged(a!, b!)
  const refused = (await it.audit.entriesOfSubject(a!.subject)).filter(({ outcome }) => outcome === 'refused')
  expect(refused).toMatchObject([{ action: 'update', staffId: me.staffId, ids: [a!.id] }])
  // Out of sight is no other: nothing is taken back, and nothing tells where the customer is.
  await it.records.transaction(owner, (tx) => tx.change(customers(), a!.id, row.version + 1, { storeId: it.stores.south.id }))
  await expect(undoAll(job, me)).rejects.toMatchObject({ code: 'forbidden', details: { why: 'forbidden' } })
  await asMerged(a!, b!)
  expect((await undoAll(job)).every(({ outcome }) => outcome === 'undone')).toBe(true)
  expect(await get(a!.id)).toMatchObject({ phones: ['+8613800138001'], notes: a!.notes, ownerId: manager.staffId })
  expect(await get(b!.id)).toMatchObject({ phones: ['+8613800138002'], notes: '乙的备注', trashedAt: null })
  expect([await timeline(a!.id), await timeline(b!.id)]).toEqual([['甲'], ['乙']])
  expect(await it.records.get(it.scope(owner, 'contact'), aunt.id)).toMatchObject({ customerId: b!.id })
})

test('a field that one may not put back, or a note of it that does not open, keeps everything as the merge left it', async () => {
  const { consultantA: me, manager } = it.actors
  const [a, b] = await it.addCustomers([{ ownerId: manager.staffId }, { ownerId: me.staffId }])
  await say(a!, '甲')
  await say(b!, '乙')
  const { job } = await merge(a!, [b!], { ownerId: b!.id })
  // Both are the consultant's by now, but to hand one back is no right of theirs.
  await expect(undoAll(job, me)).rejects.toMatchObject({ code: 'forbidden', details: { why: 'forbidden' } })
  await asMerged(a!, b!)
  const alter = (by: number) =>
    it.db.owner.query("update job_change set version_after = version_after + $2 where job = $1 and kind = 'update'", [job, by])
  await alter(1)
  await expect(undoAll(job)).rejects.toThrow(code('envelope_invalid'))
  await asMerged(a!, b!)
  await alter(-1)
  expect((await undoAll(job)).every(({ outcome }) => outcome === 'undone')).toBe(true)
  expect(await get(a!.id)).toMatchObject({ ownerId: manager.staffId })
})

test('of two merges in a row the later is undone first: the older one is refused till then, and everybody is as they were', async () => {
  const { a, b, c, aunt } = await twins()
  const older = await merge(b, [c])
  const later = await merge(a, [await get(b.id)])
  const before = await timeline(a.id)
  await expect(undoAll(older.job)).rejects.toMatchObject({ code: 'not_undoable', details: { why: 'merged_since' } })
  expect([await timeline(a.id), await timeline(b.id), await timeline(c.id)]).toEqual([before, [], []])
  // The one in the middle is not taken out of the trash by hand: it would be there beside the one that has all it said.
  const middle = await get(b.id)
  const restored = it.records.transaction(it.actors.owner, (tx) => tx.restore(customers(), b.id, middle.version))
  await expect(restored).rejects.toThrow(code('merged_away'))
  await expect(undoAll(older.job)).rejects.toMatchObject({ code: 'not_undoable', details: { why: 'merged_since' } })
  for (const { job } of [later, older]) expect((await undoAll(job)).every(({ outcome }) => outcome === 'undone')).toBe(true)
  for (const one of [a, b, c]) {
    const { version: _, updatedAt: __, ...was } = one
    expect(await get(one.id)).toMatchObject({ ...was, trashedAt: null })
  }
  expect([await timeline(a.id), await timeline(b.id), await timeline(c.id)]).toEqual([['甲'], ['乙'], ['丙']])
  expect(await it.records.get(it.scope(it.actors.owner, 'contact'), aunt.id)).toMatchObject({ customerId: c.id })
})

// Earlier releases let somebody take a merged record out of the trash by hand.
test('a merge into somebody who was merged away before, and taken back by hand, can be undone', async () => {
  const { a, b, c } = await twins()
  await merge(a, [b])
  await it.db.owner.query('update customers set trashed_at = null where id = $1', [b.id])
  const { job } = await merge(await get(b.id), [c])
  expect((await undoAll(job)).every(({ outcome }) => outcome === 'undone')).toBe(true)
  expect([await timeline(b.id), await timeline(c.id)]).toEqual([[], ['丙']])
})

test('what does not open keeps the merge from being undone, and nothing of it is taken back', async () => {
  const { a, b } = await twins()
  const said = await say(b, '被改的')
  const { job } = await merge(a, [b])
  const put = 'update interactions set sealed_personal = $2 where id = $1'
  const { rows } = await it.db.owner.query<{ sealed: Buffer }>('select sealed_personal as sealed from interactions where id = $1', [
    said.id,
  ])
  const other = await it.db.owner.query<{ sealed: Buffer }>(
    'select sealed_personal as sealed from interactions where id <> $1 and subject = $2 limit 1',
    [said.id, a.subject],
  )
  await it.db.owner.query(put, [said.id, other.rows[0]!.sealed])
  await expect(undoAll(job)).rejects.toThrow(code('envelope_invalid'))
  expect((await get(b.id)).trashedAt).not.toBe(null)
  await it.db.owner.query(put, [said.id, rows[0]!.sealed])
  expect((await undoAll(job)).every(({ outcome }) => outcome === 'undone')).toBe(true)
  expect(await timeline(b.id)).toEqual(['乙', '被改的'].toSorted())
  // A note of the merge that was altered is damage too.
  const again = await merge(await get(a.id), [await get(b.id)])
  await it.db.owner.query("update job_change set version_after = 99 where job = $1 and kind = 'move'", [again.job])
  await expect(undoAll(again.job)).rejects.toThrow(code('envelope_invalid'))
  expect((await get(b.id)).trashedAt).not.toBe(null)
})
