import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type Who } from '../../../test/support/app.ts'

let it: TestApp
const ids: Record<string, string> = {}
beforeAll(async () => {
  it = await testApp()
  const { stores, actors } = it.house
  const south = { storeId: stores.south.id, ownerId: actors.consultantB.staffId }
  const [own, twin, far, farToo, binned, household] = await it.house.addCustomers([
    { name: '自家', phones: ['+8613800000001'] },
    { name: '同号', phones: ['+8613800000002'] },
    { name: '别店甲', phones: ['+8613800000002', '+8613800000003'], ...south },
    { name: '别店乙', phones: ['+8613800000003'], ...south },
    { name: '已弃', phones: ['+8613800000004'] },
    { name: '陈家', phones: ['+862162345678'], ownerId: null },
  ])
  Object.assign(ids, { own: own!.id, twin: twin!.id, far: far!.id, farToo: farToo!.id, household: household!.id })
  const { owner } = actors
  await it.house.records.transaction(owner, async (tx) => {
    await tx.trash(it.house.scope(owner, 'customer'), binned!.id, 1)
    const contact = { role: null, emails: [], wechatIds: [], notes: null }
    await tx.create(it.house.scope(owner, 'contact'), { ...contact, customerId: household!.id, name: '陈太太', phones: ['+8613800000005'] })
    await tx.create(it.house.scope(owner, 'contact'), { ...contact, customerId: far!.id, name: '管家', phones: ['+8613800000006'] })
  })
})
afterAll(() => it.close())

const ask = async (who: Who, phone: string) => it.send(who, 'POST', '/api/callers', { phone })
type Found = { phone: string; inside: { id: string; name: string; contact: string | null }[]; outside: unknown[] }
const found = async (who: Who, phone: string): Promise<Found> => (await ask(who, phone)).json()
const farAway = () => ({ storeId: it.house.stores.south.id, ownerId: it.house.actors.consultantB.staffId })

test.each([
  '13800000001',
  '+86 138-0000-0001',
  '008613800000001',
  '０１３８０００００００１',
  '１３８ ００００ ０００１',
  'tel:+8613800000001',
  '8613800000001',
])('any spelling of a number finds whose it is: %s', async (spelling) => {
  const answer = await found('consultantA', spelling.replace(/^０(?=１３８)/, ''))
  expect(answer).toMatchObject({ phone: '+8613800000001', inside: [{ id: ids['own'], name: '自家', contact: null }], outside: [] })
})

test('outside one’s rows nothing comes out but where the call is to go, once for each place', async () => {
  const answer = await ask('consultantA', '13800000003')
  expect(answer.json()).toEqual({ phone: '+8613800000003', inside: [], outside: [farAway()] })
  for (const secret of ['别店甲', '别店乙', ids['far']!, ids['farToo']!]) expect(answer.body).not.toContain(secret)
  // One here and one there.
  expect(await found('consultantA', '13800000002')).toMatchObject({ inside: [{ id: ids['twin'] }], outside: [farAway()] })
  // To whom all rows are, both are inside.
  expect((await found('owner', '13800000003')).inside.map(({ id }) => id).toSorted()).toEqual([ids['far'], ids['farToo']].toSorted())
})

test('a contact’s number finds the household, and who of them it is', async () => {
  expect(await found('consultantA', '13800000005')).toMatchObject({
    inside: [{ id: ids['household'], name: '陈家', contact: '陈太太' }],
    outside: [],
  })
  const away = await ask('consultantA', '13800000006')
  expect(away.json()).toMatchObject({ inside: [], outside: [farAway()] })
  expect(away.body).not.toContain('管家')
})

test('nobody’s number, and one of the trash, find nobody; a part of a number is not asked for', async () => {
  for (const phone of ['13999998888', '13800000004']) expect(await found('consultantA', phone)).toMatchObject({ inside: [], outside: [] })
  for (const part of ['0001', '1380000', '•••• 0001', 'abc', ' '])
    expect((await ask('consultantA', part)).json()).toMatchObject({ code: 'input_invalid' })
})

test('each lookup is on record with whom it found, also outside; the number lies sealed', async () => {
  await ask('consultantA', '13800000003')
  const [entry] = await it.house.audit
    .entriesOfActor(it.house.actors.consultantA.staffId, { actions: ['search'], withDetail: true, limit: 20 })
    .then((all) => all.filter(({ ids: of }) => of.includes(ids['far']!)))
  expect(entry).toMatchObject({ outcome: 'done', fields: ['phones'], detail: { text: '+8613800000003' } })
  expect(entry!.ids.toSorted()).toEqual([ids['far'], ids['farToo']].toSorted())
  expect(it.lines.join('\n')).not.toContain('13800000003')
})

test('who tries numbers through is slowed down and on record; who finds their own customers is not', async () => {
  const { consultantB } = it.house.actors
  for (let i = 0; i < 120; i += 1) expect((await ask('consultantB', '13800000003')).statusCode).toBe(200)
  const answers: number[] = []
  for (let i = 0; i < 110; i += 1) answers.push((await ask('consultantB', `139${String(10_000_000 + i)}`)).statusCode)
  expect(answers.slice(0, 99).every((status) => status === 200)).toBe(true)
  expect(answers.slice(99)).toContain(429)
  const refused = (await it.house.audit.entriesOfActor(consultantB.staffId, { actions: ['search'], limit: 50 })).find(
    ({ outcome }) => outcome === 'refused',
  )
  expect(refused).toMatchObject({ outcome: 'refused', fields: ['phones'], ids: [] })
})

test('whoever writes numbers to try into a customer of their own is slowed down all the same', async () => {
  const planted = Array.from({ length: 110 }, (_, i) => `+861391122${String(1_000 + i)}`)
  for (let from = 0; from < planted.length; from += 10) {
    const phones = planted.slice(from, from + 10)
    await it.house.addCustomers([
      { name: `自己的${from}`, phones, storeId: it.house.stores.north.id },
      { name: `别店的${from}`, phones, storeId: it.house.stores.south.id },
    ])
  }
  const answers: number[] = []
  for (const phone of planted) answers.push((await ask('consultantA', phone)).statusCode)
  expect(answers).toContain(429)
})

test('whoever takes no calls has no such question', async () => {
  expect((await ask('auditor', '13800000001')).statusCode).toBe(404)
})
