import { afterAll, beforeAll, expect, test } from 'vitest'
import { customerInput, testHouse, type TestHouse } from '../../test/support/house.ts'

let house: TestHouse
beforeAll(async () => {
  house = await testHouse()
})
afterAll(() => house.close())

const code = (expected: string) => expect.objectContaining({ code: expected })

test('with the log unwritable nothing personal is served or changed, and readiness says so', async () => {
  const { records, scope, actors, addCustomers, db, audit, stores } = house
  const a = actors.consultantA
  const [made] = await addCustomers([{}])
  const own = scope(a, 'customer')
  expect(await audit.check()).toBe(null)
  await db.owner.query(`revoke insert on audit.entry from ${db.runtimeRole}`)
  const acts: (() => Promise<unknown>)[] = [
    () => records.get(own, made!.id),
    () => records.getMany(own, [made!.id]),
    () => records.list(own),
    () => records.get(own, made!.id, { action: 'reveal', fields: ['phones'], reason: 'visit' }),
    () => records.findExact(own, 'phones', ['+8613800138000']),
    () => records.get(scope(a, 'staff'), a.staffId),
  ]
  for (const act of acts) await expect(act()).rejects.toThrow(code('audit_unavailable'))
  expect(audit.status().problem).toBe('42501')
  expect(await audit.check()).toBe('not_writable')
  const before = (await db.owner.query('select from customers')).rowCount
  await expect(records.transaction(a, (tx) => tx.create(own, customerInput(stores.north.id, a.staffId)))).rejects.toThrow()
  await expect(records.transaction(a, (tx) => tx.change(own, made!.id, 1, { notes: 'x' }))).rejects.toThrow()
  expect((await db.owner.query('select from customers')).rowCount).toBe(before)
  await db.owner.query(`grant insert on audit.entry to ${db.runtimeRole}`)
  expect(await records.get(own, made!.id)).toEqual(made)
  expect(audit.status().problem).toBe(null)
})

test('a connection lost in the middle of a transaction leaves nothing half written, and the next one works', async () => {
  const { records, scope, actors, addCustomers, db, stores } = house
  const a = actors.consultantA
  const [made] = await addCustomers([{}])
  const own = scope(a, 'customer')
  const logged = async () => (await db.owner.query("select from audit.entry where action in ('create', 'update')")).rowCount
  const before = await logged()
  const cut = (afterwards: boolean) =>
    records.transaction(a, async (tx) => {
      const created = await tx.create(own, customerInput(stores.north.id, a.staffId))
      const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
      await db.database.pool.query('select pg_terminate_backend($1, 5000)', [rows[0]!.pid])
      if (afterwards) await tx.change(own, made!.id, 1, { notes: 'never' })
      return created.id
    })
  await expect(cut(true)).rejects.toThrow(code('database_unavailable'))
  await expect(cut(false)).rejects.toThrow(code('database_unavailable'))
  expect(await logged()).toBe(before)
  expect(await records.get(own, made!.id)).toEqual(made)
})

test('a lost key stops the request, and stores nothing', async () => {
  const { records, scope, actors, addCustomers, keyring, db, broker } = house
  const a = actors.consultantA
  const [made] = await addCustomers([{}])
  broker.forgetAll()
  // The epoch key is not to be had: as if the provider were away.
  const key = keyring.key
  const lost = Object.assign(keyring, { key: () => Promise.reject(Object.assign(new Error('gone'), { code: 'key_unavailable' })) })
  const count = async () => (await db.owner.query('select from customers')).rowCount
  const before = await count()
  try {
    await expect(records.get(scope(a, 'customer'), made!.id)).rejects.toThrow(code('key_unavailable'))
    await expect(
      records.transaction(a, (tx) => tx.create(scope(a, 'customer'), customerInput(house.stores.north.id, a.staffId))),
    ).rejects.toThrow()
  } finally {
    Object.assign(lost, { key })
  }
  expect(await count()).toBe(before)
  expect(await records.get(scope(a, 'customer'), made!.id)).toEqual(made)
})
