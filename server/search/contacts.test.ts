import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { testApp, type TestApp, type Who } from '../../test/support/app.ts'

let it: TestApp
beforeAll(async () => {
  it = await testApp()
})
afterAll(() => it.close())

type Answer = {
  items: { id: string }[]
  total: number
  via?: Record<string, { id: string; name: unknown; phones: unknown; emails?: unknown }>
}
const ask = async (who: Who, query: string): Promise<Answer> => (await it.send(who, 'GET', `/api/customers?${query}`)).json()
const found = async (who: Who, q: string): Promise<string[]> => (await ask(who, `q=${encodeURIComponent(q)}`)).items.map(({ id }) => id)
/** However long the machine takes to follow the log. */
const until = (read: () => Promise<unknown>, expected: unknown): Promise<void> =>
  vi.waitFor(async () => expect(await read()).toEqual(expected), { timeout: 60_000, interval: 100 })

const person = (customerId: string, name: string, phone: string) => ({
  customerId,
  name,
  role: null,
  phones: [phone],
  emails: ['aunt@example.cn'],
  wechatIds: [],
  notes: null,
})

test('a contact finds the customer, through change, move, trash and erasure, and within what is open', async () => {
  const { house } = it
  const { owner, consultantA, manager } = house.actors
  const contacts = house.scope(owner, 'contact')
  const [own, colleagues] = await house.addCustomers([
    { name: '甲家', ownerId: consultantA.staffId, phones: [] },
    { name: '乙家', ownerId: manager.staffId, phones: [] },
  ])
  const { value: aunt } = await house.records.transaction(owner, (tx) => tx.create(contacts, person(own!.id, '沈阿姨', '+8613800138000')))
  const { value: uncle } = await house.records.transaction(owner, (tx) =>
    tx.create(contacts, person(colleagues!.id, '顾叔叔', '+8613911112222')),
  )
  await until(() => found('owner', 'say'), [own!.id])
  await until(() => found('consultantA', '顾叔叔'), [colleagues!.id])
  // Who it was is told by name and mask, whoever the customer belongs to.
  const { via } = await ask('consultantA', `q=${encodeURIComponent('沈阿姨')}`)
  expect(via?.[own!.id]).toMatchObject({ id: aunt.id, name: '沈阿姨', phones: [{ masked: expect.stringMatching(/8000$/) }] })
  expect(via?.[own!.id]?.emails).toBeUndefined()
  const entries = await house.audit.entriesOfSubject(aunt.subject)
  expect(entries[0]).toMatchObject({ action: 'search', entity: 'contact', fields: ['name'] })

  // Part of a number only where contacts are open; the whole one finds whose it is, by the index and by the blind index.
  expect(await found('consultantA', '001380')).toEqual([own!.id])
  expect(await found('consultantA', '9111122')).toEqual([])
  for (const number of ['13911112222', '2222']) expect(await found('consultantA', number)).toEqual([colleagues!.id])
  const exact = await ask('consultantA', `filter[phones]=${encodeURIComponent('+8613911112222')}`)
  expect(exact.items.map(({ id }) => id)).toEqual([colleagues!.id])
  expect((await ask('consultantB', `filter[phones]=${encodeURIComponent('+8613911112222')}`)).total).toBe(0)
  expect(await found('consultantB', '沈阿姨')).toEqual([])

  await house.records.transaction(owner, (tx) => tx.change(contacts, aunt.id, 1, { name: '宋阿姨' }))
  await until(() => found('owner', '宋阿姨'), [own!.id])
  expect(await found('owner', '沈阿姨')).toEqual([])
  await house.records.transaction(owner, (tx) => tx.trash(contacts, uncle.id, 1))
  await until(() => found('owner', '顾叔叔'), [])
  expect((await ask('owner', `filter[phones]=${encodeURIComponent('+8613911112222')}`)).total).toBe(0)
  await house.records.transaction(owner, (tx) => tx.restore(contacts, uncle.id, 2))
  await until(() => found('owner', '顾叔叔'), [colleagues!.id])
  await house.records.transaction(owner, (tx) => tx.erase(contacts, uncle.id))
  await until(() => found('owner', '顾叔叔'), [])
  expect(await found('owner', '乙家')).toEqual([colleagues!.id])
})
