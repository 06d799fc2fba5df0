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
  expect(seen.map(({ text }) => text)).toEqual(['自己的'])
  const { rows } = await db.owner.query<{ id: string }>('select id from interactions where subject = $1', [theirs!.subject])
  await expect(records.get(scope(a, 'interaction'), rows[0]!.id)).rejects.toThrow(code('not_found'))
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
  expect(await records.getMany(customers(), [made!.id])).toEqual([])
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
