import { afterAll, beforeAll, expect, test } from 'vitest'
import { testHouse, type TestHouse } from '../../test/support/house.ts'
import { openEnvelope, sealEnvelope } from '../crypto/envelope.ts'
import { envelopeHash } from '../crypto/envelope.ts'
import type { InputOf, RowOf } from './records.ts'
import { resealSubjects } from './resealSubjects.ts'
import { inTransaction } from './transaction.ts'

let house: TestHouse
beforeAll(async () => {
  house = await testHouse()
})
afterAll(() => house.close())

const code = (expected: string) => expect.objectContaining({ code: expected })
const aunt = { name: '刘阿姨', role: '住家阿姨', phones: ['+8613912340000'], emails: [], wechatIds: [], notes: '上午在家' }

const addContact = async (customer: RowOf<'customer'>, over: Partial<InputOf<'contact'>> = {}): Promise<RowOf<'contact'>> => {
  const { owner } = house.actors
  const input = { ...aunt, customerId: customer.id, ...over }
  return (await house.records.transaction(owner, (tx) => tx.create(house.scope(owner, 'contact'), input))).value
}
const contacts = (who: keyof TestHouse['actors']) => house.scope(house.actors[who], 'contact')

test('a contact has a number and a key of its own, and is seen by whoever sees the customer', async () => {
  const [own] = await house.addCustomers([{}])
  const [theirs] = await house.addCustomers([{ storeId: house.stores.south.id, ownerId: house.actors.consultantB.staffId }])
  const made = await addContact(own!)
  const hidden = await addContact(theirs!)
  expect(made.subject).not.toBe(own!.subject)
  expect(await house.records.get(contacts('consultantA'), made.id)).toMatchObject(aunt)
  await expect(house.records.get(contacts('consultantA'), hidden.id)).rejects.toThrow(code('not_found'))
  const { rows } = await house.records.list(contacts('consultantA'), { where: { customerId: own!.id } })
  expect(rows.map(({ name }) => name)).toEqual(['刘阿姨'])
  const { value } = await house.records.transaction(house.actors.consultantA, (tx) =>
    tx.change(contacts('consultantA'), made.id, 1, { role: '岳母' }),
  )
  expect(value).toMatchObject({ role: '岳母', version: 2 })
  expect(await house.records.findExact(contacts('owner'), 'phones', ['+8613912340000'])).toEqual(
    new Map([['+8613912340000', [made.id, hidden.id]]]),
  )
})

test('a contact that somebody hangs below another customer, or whose customer was handed over behind our back, does not open', async () => {
  const { db, stores, actors } = house
  const [own] = await house.addCustomers([{}])
  const [theirs] = await house.addCustomers([{ storeId: stores.south.id, ownerId: actors.consultantB.staffId }])
  const moved = await addContact(theirs!)
  await db.owner.query('update contacts set customer_id = $2 where id = $1', [moved.id, own!.id])
  await expect(house.records.get(contacts('consultantA'), moved.id)).rejects.toThrow(code('envelope_invalid'))
  const listed = await house.records.list(contacts('consultantA'), { where: { customerId: own!.id } })
  expect([listed.rows, listed.damaged]).toEqual([[], [moved.id]])
  const below = await addContact(own!)
  await db.owner.query('update customers set store_id = $2, owner_id = $3 where id = $1', [
    own!.id,
    stores.south.id,
    actors.consultantB.staffId,
  ])
  await expect(house.records.get(contacts('consultantB'), below.id)).rejects.toThrow(code('envelope_invalid'))
})

test('erasing a contact leaves the household, erasing the household takes its contacts, each with a tombstone and an entry', async () => {
  const { records, actors, db, audit } = house
  const [home] = await house.addCustomers([{}])
  const [first, second] = [await addContact(home!), await addContact(home!, { name: '老王' })]
  await expect(records.transaction(actors.consultantA, (tx) => tx.erase(contacts('consultantA'), first.id))).rejects.toThrow(
    code('forbidden'),
  )
  const { value } = await records.transaction(actors.owner, (tx) => tx.erase(contacts('owner'), first.id))
  expect(value.subject).toBe(first.subject)
  expect(await records.get(house.scope(actors.owner, 'customer'), home!.id)).toMatchObject({ name: home!.name })
  await records.transaction(actors.owner, (tx) => tx.erase(house.scope(actors.owner, 'customer'), home!.id))
  const gone = [first.subject, second.subject, home!.subject]
  for (const table of ['keys.data_key', 'contacts', 'customers'])
    expect((await db.owner.query(`select from ${table} where subject = any($1)`, [gone])).rowCount, table).toBe(0)
  expect((await db.owner.query('select from keys.tombstone where subject = any($1)', [gone])).rowCount).toBe(3)
  expect((await audit.entriesOfSubject(second.subject))[0]).toMatchObject({ action: 'erase', entity: 'contact', ids: [second.id] })
})

test('customer and contact get new keys each for itself, and open under them', async () => {
  const { records, db, broker, audit, actors } = house
  const [home] = await house.addCustomers([{}])
  const made = await addContact(home!)
  for (const subject of [home!.subject, made.subject]) {
    const { rows } = await db.database.pool.query('select subject, epoch, version, suite, wrapped from keys.data_key where subject = $1', [
      subject,
    ])
    await inTransaction(db.database.pool, (client) => resealSubjects({ client, broker, audit, actor: actors.owner }, rows as never, 2))
    expect(await records.get(contacts('owner'), made.id)).toMatchObject(aunt)
  }
})

test('a customer sealed before there were several WeChat ids and addresses is read under its old names, and written under the new', async () => {
  const { db, broker, audit, records, actors, scope } = house
  const [old] = await house.addCustomers([{ wechatIds: ['shen_old'], addresses: [] }])
  const { rows } = await db.database.pool.query(
    'select k.*, c.sealed_personal from keys.data_key k join customers c using (subject) where subject = $1',
    [old!.subject],
  )
  const key = (await broker.open(rows as never)).get(old!.subject)!
  const place = {
    entity: 'customer',
    recordId: old!.id,
    subject: old!.subject,
    group: 'personal',
    storeId: old!.storeId,
    ownerId: old!.ownerId,
  }
  const now = JSON.parse(openEnvelope(key, place, (rows[0] as { sealed_personal: Buffer }).sealed_personal).plaintext.toString()) as object
  const then = { ...now, wechatIds: undefined, wechat: 'shen_old', address: '上海市静安区南京西路1266号' }
  const envelope = sealEnvelope(key, place, 1, Buffer.from(JSON.stringify(then)))
  await db.owner.query('update customers set sealed_personal = $2 where id = $1', [old!.id, envelope])
  const entry = {
    actor: actors.owner,
    action: 'reseal',
    entity: 'customer',
    ids: [old!.id],
    subjects: [old!.subject],
    outcome: 'done',
  } as const
  await inTransaction(db.database.pool, (client) =>
    audit.appendTo(client, [{ ...entry, envelopes: [{ id: old!.id, group: 'personal', hash: envelopeHash(envelope) }] }]),
  )
  const mine = scope(actors.owner, 'customer')
  expect(await records.get(mine, old!.id)).toMatchObject({ wechatIds: ['shen_old'], addresses: ['上海市静安区南京西路1266号'] })
  const { value } = await records.transaction(actors.owner, (tx) => tx.change(mine, old!.id, 1, { addresses: ['上海市静安区延安西路1号'] }))
  expect(value).toMatchObject({ wechatIds: ['shen_old'], addresses: ['上海市静安区延安西路1号'] })
  expect(await records.findExact(mine, 'wechatIds', ['SHEN_OLD'])).toEqual(new Map([['SHEN_OLD', [old!.id]]]))
})
