import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type Who } from '../../test/support/app.ts'
import type { Pair } from '../actions/customers/duplicates.ts'
import { runJob } from './runJob.ts'

let it: TestApp
beforeAll(async () => {
  it = await testApp()
})
afterAll(() => it.close())

const run = (id: string) =>
  runJob(id, {
    parts: it.parts,
    connect: it.house.db.database.connect as never,
    signal: new AbortController().signal,
    onFault: (_id, error) => {
      throw error
    },
  })
const find = async (who: Who = 'owner'): Promise<void> => {
  const newest = await it.house.db.owner.query<{ id: number }>("select max(id)::int as id from audit.entry where action = 'create'")
  await it.parts.search.waitFor(newest.rows[0]!.id)
  const { id } = (await it.send(who, 'POST', '/api/duplicates/search')).json<{ id: string }>()
  await run(id)
  // How many there are in all stores is nobody's to learn: it would say whether a number somebody wrote down is known elsewhere.
  expect((await it.send(who, 'GET', `/api/jobs/${id}`)).json()).toMatchObject({ state: 'done', result: {} })
}
const list = async (who: Who = 'owner', query = ''): Promise<{ items: Pair[]; total: number }> =>
  (await it.send(who, 'GET', `/api/duplicates${query}`)).json()
const named = ({ items }: { items: Pair[] }) =>
  items.map(({ customers, reasons }) => [...customers.map(({ name }) => name).toSorted(), ...reasons].join(' ')).toSorted()

test('customers who share a number, an address of mail, a WeChat id or a contact, or are alike, are pairs, each with each', async () => {
  const empty = { phones: [], emails: [], wechatIds: [], addresses: [] }
  const made = await it.house.addCustomers([
    { ...empty, name: '甲一', phones: ['+8613800000001'], emails: ['Jia@example.com'] },
    { ...empty, name: '甲二', phones: ['+8613800000001', '+8613800000002'], wechatIds: ['jia_2'] },
    { ...empty, name: '甲三', phones: ['+8613800000001'], emails: ['jia@example.com'] },
    { ...empty, name: '乙先生', addresses: ['上海市静安区南京西路1266号3栋1202室'] },
    { ...empty, name: '乙静安', addresses: ['上海静安南京西路1266号3幢1202'] },
    { ...empty, name: '丙一', wechatIds: ['BING_1'] },
    { ...empty, name: '丙二', wechatIds: ['bing_1'] },
    { ...empty, name: '丁一' },
    { ...empty, name: '丁二' },
    { ...empty, name: '无关', phones: ['+8613800000009'] },
  ])
  for (const one of made.filter(({ name }) => name.startsWith('丁')))
    await it.send('owner', 'POST', `/api/customers/${one.id}/contacts`, { name: '同一个设计师', phones: ['+8613900000001'] })
  await find()
  expect(named(await list())).toEqual(
    [
      '甲一 甲三 phone email',
      '甲一 甲二 phone',
      '甲三 甲二 phone',
      '乙先生 乙静安 likeness',
      '丙一 丙二 wechat',
      '丁一 丁二 contact',
    ].toSorted(),
  )
  // Nothing new, nothing doubled.
  await find()
  expect((await list()).total).toBe(6)
  const body = (await it.send('owner', 'GET', '/api/duplicates')).body
  expect(body).not.toContain('3800000001')
  expect(body).not.toContain('南京西路')
  expect(body).toContain('••••0001')
  const [first] = made
  expect(named(await list('owner', `?customer=${first!.id}`))).toEqual(['甲一 甲三 phone email', '甲一 甲二 phone'].toSorted())
})

test('a pair of which one is out of sight does not exist, and who is told apart stays so until there is a new reason', async () => {
  const { stores, actors } = it.house
  const far = { storeId: stores.south.id, ownerId: actors.consultantB.staffId }
  const [a, b, c] = await it.house.addCustomers([
    { name: '戊一', phones: ['+8613800000011'], emails: [], wechatIds: [], addresses: [] },
    { name: '戊二', phones: ['+8613800000011'], emails: ['wu@example.com'], wechatIds: [], addresses: [] },
    { name: '戊三', phones: ['+8613800000011'], emails: [], wechatIds: [], addresses: [], ...far },
  ])
  await find('manager')
  expect(named(await list('manager', `?customer=${a!.id}`))).toEqual(['戊一 戊二 phone'])
  expect(named(await list('owner', `?customer=${a!.id}`))).toEqual(['戊一 戊三 phone', '戊一 戊二 phone'].toSorted())
  const dismiss = (who: Who, other: string, back = false) => it.send(who, 'POST', '/api/duplicates/dismiss', { a: a!.id, b: other, back })
  expect((await dismiss('manager', c!.id)).statusCode).toBe(404)
  expect((await dismiss('manager', b!.id)).statusCode).toBe(204)
  expect(named(await list('manager', `?customer=${a!.id}`))).toEqual([])
  await find()
  expect(named(await list('manager', `?customer=${a!.id}`))).toEqual([])
  expect((await dismiss('manager', b!.id, true)).statusCode).toBe(204)
  expect(named(await list('manager', `?customer=${a!.id}`))).toEqual(['戊一 戊二 phone'])
  await dismiss('manager', b!.id)
  await it.send('owner', 'PATCH', `/api/customers/${a!.id}`, { version: 1, emails: ['wu@example.com'] })
  await find()
  expect(named(await list('manager', `?customer=${a!.id}`))).toEqual(['戊一 戊二 phone email'])
})

test('merged, they are no pair any more; undone by the job, they are', async () => {
  const [a, b] = await it.house.addCustomers([
    { name: '己一', phones: ['+8613800000021'], emails: [], wechatIds: [], addresses: [] },
    { name: '己二', phones: ['+8613800000021'], emails: [], wechatIds: [], addresses: [] },
  ])
  await find()
  const merged = await it.send('consultantA', 'POST', `/api/customers/${a!.id}/merge`, {
    version: 1,
    others: [{ id: b!.id, version: 1 }],
    choices: { name: b!.id, phones: 'all' },
  })
  expect(merged.statusCode).toBe(200)
  expect((await it.send('consultantA', 'GET', `/api/customers/${a!.id}`)).json()).toMatchObject({ name: '己二', version: 2 })
  expect((await list('owner', `?customer=${a!.id}`)).total).toBe(0)
  const { jobId } = merged.json<{ jobId: string }>()
  const undo = await it.send('consultantA', 'POST', `/api/jobs/${jobId}/undo`)
  await run(undo.json<{ id: string }>().id)
  expect((await it.send('consultantA', 'GET', `/api/customers/${a!.id}`)).json()).toMatchObject({ name: '己一' })
  expect((await list('owner', `?customer=${a!.id}`)).total).toBe(1)
})

test('choices of a field that is not, of somebody who is not among them, or of all where one must be, are refused', async () => {
  const [a, b, c] = await it.house.addCustomers([{ name: '庚一' }, { name: '庚二' }, { name: '庚三' }])
  const ask = (choices: object) =>
    it.send('owner', 'POST', `/api/customers/${a!.id}/merge`, { version: 1, others: [{ id: b!.id, version: 1 }], choices })
  for (const choices of [{ subject: b!.id }, { constructor: b!.id }])
    expect((await ask(choices)).json()).toMatchObject({ code: 'unknown_key' })
  for (const choices of [{ name: c!.id }, { name: 'all' }]) expect((await ask(choices)).json()).toMatchObject({ code: 'input_invalid' })
  expect((await it.send('owner', 'GET', `/api/customers/${a!.id}`)).json()).toMatchObject({ version: 1 })
})
