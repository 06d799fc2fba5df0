import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../test/support/app.ts'
import type { RowOf } from '../store/records.ts'

let it: TestApp
beforeAll(async () => {
  it = await testApp()
})
afterAll(() => it.close())

type Body = { code?: string; details?: Record<string, unknown> }
const draft = (over: object = {}) => ({ name: '新客', kind: 'household', storeId: it.house.stores.north.id, ...over })

test('nobody is given a customer they could not see, by any way; a record whose owner has left stays changeable', async () => {
  const { stores, actors, db } = it.house
  const { consultantA, consultantB, auditor } = actors
  const elsewhere = { code: 'input_invalid', details: { problems: [{ field: 'ownerId', problem: 'owner_elsewhere' }] } }
  const create = async (over: object) => (await it.send('owner', 'POST', '/api/customers', draft(over))).json<Body & { id: string }>()
  for (const { staffId } of [consultantB, auditor]) {
    expect(await create({ ownerId: staffId })).toMatchObject(elsewhere)
    const batch = { items: [draft(), draft({ ownerId: staffId })] }
    const answer = await it.send('owner', 'POST', '/api/customers/batch', batch)
    expect(answer.json<Body>()).toMatchObject({ ...elsewhere, details: { ...elsewhere.details, index: 1 } })
  }
  expect(await create({ ownerId: consultantA.staffId })).toMatchObject({ ownerId: consultantA.staffId })
  expect(await create({ ownerId: null })).toMatchObject({ ownerId: null })

  const [one] = await it.house.addCustomers([{ name: '有主的' }])
  const change = async (patch: object) =>
    (await it.send('owner', 'PATCH', `/api/customers/${one!.id}`, patch)).json<Body & RowOf<'customer'>>()
  for (const { staffId } of [consultantB, auditor]) expect(await change({ version: 1, ownerId: staffId })).toMatchObject(elsewhere)
  // Moving the customer alone would leave the owner behind.
  expect(await change({ version: 1, storeId: stores.south.id })).toMatchObject(elsewhere)
  const moved = { storeId: stores.south.id, ownerId: consultantB.staffId }
  expect(await change({ version: 1, ...moved })).toMatchObject({ ...moved, version: 2 })

  await db.owner.query('update staff set active = false where id = $1', [consultantB.staffId])
  const gone = { code: 'input_invalid', details: { problems: [{ field: 'ownerId', problem: 'bad_reference' }] } }
  expect(await create(moved)).toMatchObject(gone)
  // A form may send back all that it was given.
  expect(await change({ version: 2, name: '改了名', ...moved })).toMatchObject({ ...moved, name: '改了名', version: 3 })
  expect(await change({ version: 3, storeId: stores.north.id })).toMatchObject(gone)
  expect(await change({ version: 3, ownerId: null, storeId: stores.north.id })).toMatchObject({ ownerId: null, version: 4 })
  await db.owner.query('update staff set active = true where id = $1', [consultantB.staffId])
})

test('customers of two stores who are merged do not end with an owner who does not see them', async () => {
  const { stores, actors } = it.house
  const pair = async () => it.house.addCustomers([{ ownerId: null }, { storeId: stores.south.id, ownerId: actors.consultantB.staffId }])
  const merge = async ([into, other]: RowOf<'customer'>[], choices: Record<string, string>) => {
    const body = { version: 1, others: [{ id: other!.id, version: 1 }], choices }
    const answer = await it.send('owner', 'POST', `/api/customers/${into!.id}/merge`, body)
    const now = (await it.send('owner', 'GET', `/api/customers/${into!.id}`)).json<RowOf<'customer'>>()
    return { code: answer.json<Body>().code, place: [now.storeId, now.ownerId] }
  }
  const one = await pair()
  expect(await merge(one, { ownerId: one[1]!.id })).toEqual({ code: 'input_invalid', place: [stores.north.id, null] })
  expect((await merge(one, {})).place).toEqual([stores.north.id, null])
  const both = await pair()
  const whole = { ownerId: both[1]!.id, storeId: both[1]!.id }
  expect((await merge(both, whole)).place).toEqual([stores.south.id, actors.consultantB.staffId])
})

test('a referrer out of sight is answered as one who does not exist, unless they stood there before', async () => {
  const { stores, actors } = it.house
  const [far] = await it.house.addCustomers([{ storeId: stores.south.id, ownerId: actors.consultantB.staffId }])
  const [near, brought] = await it.house.addCustomers([{}, { referrerId: far!.id }])
  const nobody = '01900000-0000-7000-8000-000000000000'
  const bodies = async (method: string, url: string, body: object): Promise<unknown[]> =>
    Promise.all(
      [far!.id, nobody].map(async (referrerId) => {
        const answer = await it.send('consultantA', method, url, { ...body, referrerId })
        const { requestId: _id, ...rest } = answer.json<Body & { requestId: string }>()
        return { ...rest, status: answer.statusCode }
      }),
    )
  for (const [hidden, absent] of [
    await bodies('PATCH', `/api/customers/${near!.id}`, { version: 1 }),
    await bodies('POST', '/api/customers', draft()),
  ]) {
    expect(hidden).toMatchObject({ code: 'input_invalid', details: { problems: [{ field: 'referrerId', problem: 'bad_reference' }] } })
    expect(hidden).toEqual(absent)
  }
  const kept = await it.send('consultantA', 'PATCH', `/api/customers/${brought!.id}`, { version: 1, name: '改了', referrerId: far!.id })
  expect(kept.json()).toMatchObject({ name: '改了', referrerId: far!.id, version: 2 })
  const given = await it.send('owner', 'PATCH', `/api/customers/${near!.id}`, { version: 1, referrerId: far!.id })
  expect(given.json()).toMatchObject({ referrerId: far!.id })
})

test('an import is not started for an owner who would not see its customers', async () => {
  const file = Buffer.from('姓名,电话\n甲,13800138000\n')
  const staged = await it.send('owner', 'POST', '/api/imports?kind=csv', file, { 'content-type': 'text/csv' })
  const { id, mapping } = staged.json<{ id: string; mapping: Record<string, string | null> }>()
  const { consultantA, consultantB, auditor } = it.house.actors
  const start = async (ownerId: string) => {
    const body = { mapping, storeId: it.house.stores.north.id, ownerId, onDuplicate: 'skip' }
    return (await it.send('owner', 'POST', `/api/imports/${id}/start`, body)).json<Body>()
  }
  for (const { staffId } of [consultantB, auditor])
    expect(await start(staffId)).toMatchObject({
      code: 'input_invalid',
      details: { problems: [{ field: 'ownerId', problem: 'owner_elsewhere' }] },
    })
  expect(await start(consultantA.staffId)).toMatchObject({ id, state: 'queued' })
})
