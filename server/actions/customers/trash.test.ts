import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../../test/support/app.ts'

let it: TestApp
beforeAll(async () => {
  it = await testApp()
})
afterAll(() => it.close())

type Body = Record<string, unknown>
const customers = (...names: string[]) => it.house.addCustomers(names.map((name) => ({ name })))
const trash = async (): Promise<{ items: { id: string }[]; merged?: Record<string, Body> }> => {
  const { rows } = await it.house.db.owner.query<{ id: number }>('select max(id)::int as id from audit.entry')
  const answer = await it.send('manager', 'GET', '/api/customers?filter[trashed]=true&pageSize=200', undefined, {
    'x-anechoic-position': String(rows[0]!.id),
  })
  return answer.json()
}

test('who was merged away is marked in the trash, is not restored beside the other, and comes back by undoing the merge', async () => {
  const [into, gone, plain] = await customers('何听松', '何听松（转介绍）', '周二手')
  const merge = await it.send('manager', 'POST', `/api/customers/${into!.id}/merge`, { version: 1, others: [{ id: gone!.id, version: 1 }] })
  const { jobId } = merge.json<{ jobId: string }>()
  await it.send('manager', 'DELETE', `/api/customers/${plain!.id}`, { version: 1 })
  const { items, merged } = await trash()
  expect(items.map(({ id }) => id).toSorted()).toEqual([gone!.id, plain!.id].toSorted())
  expect(merged).toEqual({ [gone!.id]: { into: into!.id, name: '何听松', jobId } })

  const restored = await it.send('manager', 'POST', `/api/customers/${gone!.id}/restore`, { version: 2 })
  expect([restored.statusCode, restored.json<Body>()['code']]).toEqual([409, 'merged_away'])
  const select = { ids: [gone!.id, plain!.id] }
  const preview = await it.send('manager', 'POST', '/api/customers/bulk', { select, change: { kind: 'restore' }, dryRun: true })
  expect(preview.json()).toMatchObject({ count: 1, refused: { count: 1, reasons: { merged_away: 1 } } })

  expect((await it.send('manager', 'POST', `/api/jobs/${jobId}/undo`)).statusCode).toBe(202)
  expect((await it.send('manager', 'GET', `/api/customers/${gone!.id}`)).json<Body>()['trashedAt']).toBeNull()
  expect((await trash()).merged).toBeUndefined()
})

test('people of a household are found in its trash and taken out again; by nothing else is the list narrowed', async () => {
  const [household] = await customers('陆家')
  const base = `/api/customers/${household!.id}/contacts`
  const { id } = (await it.send('consultantA', 'POST', base, { name: '刘阿姨', phones: ['+8613912340000'] })).json<{ id: string }>()
  await it.send('consultantA', 'DELETE', `/api/contacts/${id}`, { version: 1 })
  expect((await it.send('consultantA', 'GET', base)).json()).toMatchObject({ items: [] })
  expect((await it.send('consultantA', 'GET', `${base}?filter[trashed]=true`)).json()).toMatchObject({ items: [{ id, name: '刘阿姨' }] })
  expect((await it.send('consultantA', 'GET', `${base}?filter[customerId]=${household!.id}`)).json()).toMatchObject({ code: 'unknown_key' })
  expect((await it.send('consultantA', 'POST', `/api/contacts/${id}/restore`, { version: 2 })).statusCode).toBe(200)
  expect((await it.send('consultantA', 'GET', base)).json()).toMatchObject({ items: [{ id }] })
})

test('a colleague’s entry and a consent’s note open for a reason, on the same budget as the customer they are of', async () => {
  const [theirs] = await it.house.addCustomers([{ name: '孔雀', ownerId: it.house.actors.manager.staffId }])
  const below = async (plural: string, body: object): Promise<string> =>
    (await it.send('manager', 'POST', `/api/customers/${theirs!.id}/${plural}`, body)).json<{ id: string }>().id
  const talk = await below('interactions', { kind: 'call', text: '只能周三之后打' })
  const consent = await below('consents', { channel: 'sms', state: 'given', how: 'spoken', note: '只收新品' })
  const reveal = async (path: string, fields: string[]) =>
    (await it.send('consultantA', 'POST', `/api/${path}/reveal`, { fields, reason: 'complaint' })).json<Body>()
  expect(await reveal(`interactions/${talk}`, ['text'])).toEqual({ values: { text: '只能周三之后打' }, remaining: 29 })
  expect(await reveal(`consents/${consent}`, ['note'])).toEqual({ values: { note: '只收新品' }, remaining: 29 })
  expect(await reveal(`customers/${theirs!.id}`, ['phones'])).toMatchObject({ remaining: 29 })
  expect(await reveal(`interactions/${talk}`, ['secret'])).toMatchObject({ code: 'unknown_key' })
  expect((await it.send('consultantB', 'POST', `/api/interactions/${talk}/reveal`, { fields: ['text'], reason: 'visit' })).statusCode).toBe(
    404,
  )
  expect((await it.send('consultantA', 'POST', `/api/interactions/${talk}/reveal`, { fields: ['text'] })).json()).toMatchObject({
    code: 'reason_required',
  })
})
