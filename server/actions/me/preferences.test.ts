import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type Who } from '../../../test/support/app.ts'

let it: TestApp
beforeAll(async () => {
  it = await testApp()
})
afterAll(() => it.close())

const url = '/api/me/preferences/views.customers'
const view = (over: object = {}) => ({
  id: randomUUID(),
  name: '沈先生一家',
  q: '沈知远',
  filters: { ownerId: 'none' },
  sort: '-createdAt',
  columns: null,
  ...over,
})
const put = (who: Who, value: unknown, version: number, at = url) => it.send(who, 'PUT', at, { value, version })
const get = async (who: Who, at = url) => (await it.send(who, 'GET', at)).json<{ value: unknown; version: number }>()
const entries = async () =>
  (await it.house.db.owner.query<{ count: number }>("select count(*)::int as count from audit.entry where action = 'preference'")).rows[0]!
    .count

test("a person's views are theirs alone, in whatever browser, sealed at rest and on record", async () => {
  const mine = [view(), view({ name: '公海' })]
  expect(await get('consultantA')).toEqual({ value: null, version: 0 })
  expect((await put('consultantA', mine, 0)).json()).toEqual({ value: mine, version: 1 })
  expect(await get('consultantA')).toEqual({ value: mine, version: 1 })
  expect(await get('manager')).toEqual({ value: null, version: 0 })
  const { rows } = await it.house.db.owner.query<{ subject: number; sealed_value: Buffer }>('select subject, sealed_value from preference')
  expect(rows).toHaveLength(1)
  expect(rows[0]!.subject).toBe(it.house.actors.consultantA.subject)
  for (const text of ['沈', 'createdAt', 'none']) expect(rows[0]!.sealed_value.includes(text)).toBe(false)
  expect(await entries()).toBe(1)
  await it.send('consultantA', 'DELETE', url)
  expect(await get('consultantA')).toEqual({ value: null, version: 0 })
  expect(await entries()).toBe(2)
  await it.send('consultantA', 'DELETE', url)
  expect(await entries()).toBe(2)
})

test('of two browsers that change at once one is told, and nothing is lost', async () => {
  const [first, second] = [[view({ name: '甲' })], [view({ name: '乙' })]]
  expect((await put('manager', first, 0)).statusCode).toBe(200)
  for (const version of [0, 2, 7]) {
    const refused = await put('manager', second, version)
    expect([version, refused.json<{ code: string }>().code]).toEqual([version, 'version_conflict'])
  }
  expect(await get('manager')).toEqual({ value: first, version: 1 })
  const both = await Promise.all([put('manager', second, 1), put('manager', second, 1)])
  expect(both.map((answer) => answer.statusCode).toSorted()).toEqual([200, 409])
  // Forgotten elsewhere meanwhile: what is changed is not there any more.
  await it.send('manager', 'DELETE', url)
  expect((await put('manager', second, 2)).json<{ code: string }>().code).toBe('version_conflict')
})

test('how a list was left is kept without an entry', async () => {
  const before = await entries()
  const at = '/api/me/preferences/list.customers'
  const value = { pageSize: 50, sort: 'name', columns: ['name', 'phones'], defaultView: 'mine' }
  expect((await put('auditor', value, 0, at)).statusCode).toBe(200)
  expect((await get('auditor', at)).value).toEqual(value)
  expect(await entries()).toBe(before)
})

test.each([
  ['another shape', { pageSize: 50 }],
  ['a key that nobody knows', [view({ owner: 'x' })]],
  ['an id twice', [view({ id: '01900000-0000-7000-8000-000000000000' }), view({ id: '01900000-0000-7000-8000-000000000000' })]],
  ['an id that is none', [view({ id: '1' })]],
  ['a name of nothing', [view({ name: '  ' })]],
  ['a name too long', [view({ name: '长'.repeat(41) })]],
  ['a bidi override', [view({ name: 'a\u202eb' })]],
  ['a filter that is no text', [view({ filters: { kind: 1 } })]],
  ['a filter of another name', [view({ filters: { 'a b': 'x' } })]],
  ['a column twice', [view({ columns: ['name', 'name'] })]],
  ['too many', Array.from({ length: 51 }, () => view())],
  ['nothing', null],
])('%s is refused', async (_what, value) => {
  expect((await put('owner', value, 0)).json<{ code: string }>().code).toBe('input_invalid')
  expect((await get('owner')).version).toBe(0)
})

test('keys that do not exist are not found, and what is too large is refused', async () => {
  for (const key of ['views.staff', 'constructor', '__proto__', 'list', '..%2Fkeys'])
    for (const method of ['GET', 'DELETE', 'PUT'])
      expect([
        key,
        method,
        (await it.send('owner', method, `/api/me/preferences/${key}`, method === 'PUT' ? { value: [], version: 0 } : undefined)).statusCode,
      ]).toEqual([key, method, 404])
  const huge = Array.from({ length: 50 }, () =>
    view({ filters: Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`f${i}`, '长'.repeat(400)])) }),
  )
  expect((await put('owner', huge, 0)).statusCode).toBe(413)
})

test('a row moved to another person, or another key, does not open', async () => {
  const { actors, db } = it.house
  await put('consultantB', [view()], 0)
  await db.owner.query("update preference set key = 'list.customers' where staff_id = $1", [actors.consultantB.staffId])
  expect((await it.send('consultantB', 'GET', '/api/me/preferences/list.customers')).json<{ code: string }>().code).toBe('envelope_invalid')
})
