import { afterAll, beforeAll, expect, test } from 'vitest'
import { testHouse, type TestHouse } from '../../test/support/house.ts'
import type { RowOf } from './records.ts'

let house: TestHouse
beforeAll(async () => {
  house = await testHouse()
})
afterAll(() => house.close())

const code = (expected: string) => expect.objectContaining({ code: expected })
const customers = (who: 'owner' | 'consultantA' = 'owner') => house.scope(house.actors[who], 'customer')

const addNote = async (customer: RowOf<'customer'>, text: string): Promise<void> => {
  const { owner } = house.actors
  const note = { customerId: customer.id, kind: 'note' as const, happenedAt: '2026-03-01T08:30:00.000Z', staffId: owner.staffId, text }
  await house.records.transaction(owner, (tx) => tx.create(house.scope(owner, 'interaction'), note))
}

test("a conversation hung below another person's record is not shown there, nor opened for those who see that record", async () => {
  const { records, scope, actors, addCustomers, db, stores } = house
  const a = actors.consultantA
  const [theirs] = await addCustomers([{ storeId: stores.south.id, ownerId: actors.consultantB.staffId }])
  const [own] = await addCustomers([{}])
  await addNote(theirs!, '南店的秘密')
  await addNote(own!, '自己的')
  await db.owner.query('update interactions set customer_id = $2 where customer_id = $1', [theirs!.id, own!.id])
  const seen = await records.list(scope(a, 'interaction'), { where: { customerId: own!.id } })
  expect(seen.rows.map(({ text }) => text)).toEqual(['自己的'])
  const { rows } = await db.owner.query<{ id: string }>('select id from interactions where subject = $1', [theirs!.subject])
  const id = rows[0]!.id
  await expect(records.get(scope(a, 'interaction'), id)).rejects.toThrow(code('not_found'))
  // Passed off as being about the person it now hangs on, it is found, and does not open: it lies under another person's key.
  await db.owner.query('update interactions set subject = $2 where id = $1', [id, own!.subject])
  await expect(records.get(scope(a, 'interaction'), id)).rejects.toThrow(code('envelope_invalid'))
  const again = await records.list(scope(a, 'interaction'), { where: { customerId: own!.id } })
  expect([again.rows.map(({ text }) => text), again.damaged]).toEqual([['自己的'], [id]])
})

test('who writes another store or owner beside a record does not open it as that person, nor what hangs below it', async () => {
  const { records, scope, actors, addCustomers, db, stores } = house
  const { consultantA, consultantB: b, manager } = actors
  const [theirs] = await addCustomers([{ name: '北店的人' }])
  const [own] = await addCustomers([{ name: '南店的人', storeId: stores.south.id, ownerId: b.staffId }])
  await addNote(theirs!, '北店的话')
  const note = { customerId: theirs!.id, kind: 'note' as const, happenedAt: '2026-03-01T08:30:00.000Z', staffId: b.staffId, text: 'x' }
  const put = (storeId: string, ownerId: string | null) =>
    db.owner.query('update customers set store_id = $2, owner_id = $3 where id = $1', [theirs!.id, storeId, ownerId])
  await put(stores.south.id, b.staffId)
  const mine = scope(b, 'customer')
  for (const act of [
    () => records.get(mine, theirs!.id),
    () => records.get(mine, theirs!.id, { action: 'reveal', fields: ['phones'], reason: 'visit' }),
    () => records.transaction(b, (tx) => tx.change(mine, theirs!.id, 1, { notes: 'mein' })),
    () => records.transaction(b, (tx) => tx.change(mine, theirs!.id, 1, { name: 'neu' })),
    () => records.transaction(b, (tx) => tx.create(scope(b, 'interaction'), note)),
  ])
    await expect(act()).rejects.toThrow(code('envelope_invalid'))
  const listed = await records.getMany(mine, [theirs!.id, own!.id])
  expect([listed.rows.map((row) => row.name), listed.damaged]).toEqual([['南店的人'], [theirs!.id]])
  const timeline = await records.list(scope(b, 'interaction'), { where: { customerId: theirs!.id } })
  expect([timeline.rows, timeline.damaged.length]).toEqual([[], 1])
  await expect(records.get(scope(b, 'interaction'), timeline.damaged[0]!)).rejects.toThrow(code('envelope_invalid'))

  // Store or owner alone, or the owner taken away.
  for (const [store, owner] of [
    [stores.south.id, consultantA.staffId],
    [stores.north.id, b.staffId],
    [stores.north.id, null],
  ] as const) {
    await put(store, owner)
    await expect(records.get(customers(), theirs!.id)).rejects.toThrow(code('envelope_invalid'))
  }
  await put(stores.north.id, consultantA.staffId)
  expect(await records.get(scope(consultantA, 'customer'), theirs!.id)).toMatchObject({ name: '北店的人', version: 1 })
  const looks = await house.audit.entriesOfSubject(theirs!.subject)
  expect(looks.filter((entry) => entry.staffId === b.staffId).map((entry) => entry.outcome)).not.toContain('done')
  expect(looks.filter((entry) => entry.staffId === b.staffId && entry.outcome === 'failed').map((entry) => entry.action)).toEqual(
    expect.arrayContaining(['read', 'reveal', 'list']),
  )
  expect((await records.list(scope(manager, 'interaction'), { where: { customerId: theirs!.id } })).rows).toHaveLength(1)
})

test('a record that was handed over opens for its new owner, and its old columns and envelope are known for old', async () => {
  const { records, scope, actors, addCustomers, db, stores } = house
  const { manager, consultantA: a, owner } = actors
  const [made] = await addCustomers([{ name: '移交' }])
  await addNote(made!, '移交前')
  const sealed = async (): Promise<Buffer> =>
    (await db.owner.query<{ e: Buffer }>('select sealed_personal as e from customers where id = $1', [made!.id])).rows[0]!.e
  const before = await sealed()
  const { value: free } = await records.transaction(manager, (tx) => tx.change(scope(manager, 'customer'), made!.id, 1, { ownerId: null }))
  expect(free).toEqual({ ...made, ownerId: null, version: 2, updatedAt: free.updatedAt })
  expect((await sealed()).equals(before)).toBe(false)
  await records.transaction(owner, (tx) => tx.change(customers(), made!.id, 2, { storeId: stores.south.id }))
  expect(await records.get(customers(), made!.id)).toMatchObject({ name: '移交', storeId: stores.south.id, ownerId: null })
  expect((await records.list(scope(owner, 'interaction'), { where: { customerId: made!.id } })).rows[0]).toMatchObject({ text: '移交前' })
  expect(await records.verifyEnvelopes('customer', [made!.id])).toEqual([])
  await expect(records.get(scope(a, 'customer'), made!.id)).rejects.toThrow(code('not_found'))
  await db.owner.query('update customers set store_id = $2, owner_id = $3, sealed_personal = $4 where id = $1', [
    made!.id,
    stores.north.id,
    a.staffId,
    before,
  ])
  await expect(records.get(scope(a, 'customer'), made!.id)).rejects.toThrow(code('envelope_invalid'))
  expect(await records.verifyEnvelopes('customer', [made!.id])).toEqual([{ id: made!.id, groups: ['personal'] }])
})

test('one damaged record does not take its page with it, by envelope or by key', async () => {
  const { records, addCustomers, db, actors, scope } = house
  const made = await addCustomers(['一', '二', '三', '四'].map((name) => ({ name })))
  const [first, envelope, key] = made
  await db.owner.query(
    'update customers set sealed_personal = set_byte(sealed_personal, 90, 255 - get_byte(sealed_personal, 90)) where id = $1',
    [envelope!.id],
  )
  await db.owner.query('update keys.data_key set wrapped = set_byte(wrapped, 30, 255 - get_byte(wrapped, 30)) where subject = $1', [
    key!.subject,
  ])
  const seen = await records.getMany(
    scope(actors.manager, 'customer'),
    made.map((row) => row.id),
  )
  expect(seen.rows.map((row) => row.name)).toEqual(['一', '四'])
  expect(seen.damaged.toSorted()).toEqual([envelope!.id, key!.id].toSorted())
  const outcomes = async (subject: number) =>
    (await house.audit.entriesOfSubject(subject)).filter((entry) => entry.action === 'list').map((entry) => entry.outcome)
  expect([await outcomes(first!.subject), await outcomes(envelope!.subject)]).toEqual([['done'], ['failed']])
})

test('another person’s wrapped key in place of one’s own opens nothing', async () => {
  const { records, addCustomers, db } = house
  const [one, other] = await addCustomers([{ name: '甲' }, { name: '乙' }])
  await db.owner.query('update keys.data_key set wrapped = (select wrapped from keys.data_key where subject = $2) where subject = $1', [
    one!.subject,
    other!.subject,
  ])
  await expect(records.get(customers(), one!.id)).rejects.toThrow(code('envelope_invalid'))
})

test('a record whose key was lost says so instead of passing for erased, and does not change', async () => {
  const { records, actors, addCustomers, db } = house
  const [made] = await addCustomers([{}])
  await db.owner.query('delete from keys.data_key where subject = $1', [made!.subject])
  await expect(records.get(customers(), made!.id)).rejects.toThrow(code('key_unavailable'))
  const change = records.transaction(actors.owner, (tx) => tx.change(customers(), made!.id, 1, { notes: 'neu' }))
  await expect(change).rejects.toThrow(code('key_unavailable'))
  expect(await records.getMany(customers(), [made!.id])).toEqual({ rows: [], damaged: [] })
})

test('whoever is in a damaged record, or in one without a key, can still be erased', async () => {
  const { records, actors, addCustomers, db } = house
  const [damaged, keyless] = await addCustomers([{}, {}])
  await db.owner.query(
    'update customers set sealed_personal = set_byte(sealed_personal, 100, 255 - get_byte(sealed_personal, 100)) where id = $1',
    [damaged!.id],
  )
  await db.owner.query('delete from keys.data_key where subject = $1', [keyless!.subject])
  for (const { id, subject } of [damaged!, keyless!]) {
    const { value } = await records.transaction(actors.owner, (tx) => tx.erase(customers(), id, { version: 1 }))
    expect(value.subject).toBe(subject)
    expect((await db.owner.query('select from keys.tombstone where subject = $1', [subject])).rowCount).toBe(1)
    await expect(records.get(customers(), id)).rejects.toThrow(code('not_found'))
  }
})
