import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../test/support/app.ts'

let it: TestApp
beforeAll(async () => {
  it = await testApp()
})
afterAll(() => it.close())

type Answer = { items: { id: string; name: unknown }[]; total: number; nextCursor: string | null; damaged?: string[] }
const list = async (who: 'owner' | 'manager' | 'consultantA' | 'consultantB', url: string): Promise<Answer> => {
  const answer = await it.send(who, 'GET', url)
  expect(answer.statusCode).toBe(200)
  return answer.json<Answer>()
}

test('a page shows everyone else, names the record that does not open and nothing of it, and pages go on', async () => {
  const made = await it.house.addCustomers(Array.from({ length: 5 }, (_, i) => ({ name: `坏页${i}` })))
  expect(Object.keys(await list('owner', '/api/customers?sort=createdAt&q=坏页&pageSize=2'))).toEqual(['items', 'total', 'nextCursor'])
  const bad = made[1]!
  await it.house.db.owner.query(
    'update customers set sealed_personal = set_byte(sealed_personal, 99, 255 - get_byte(sealed_personal, 99)) where id = $1',
    [bad.id],
  )
  const seen: string[] = []
  const damaged: string[] = []
  let cursor: string | null = null
  do {
    const page: Answer = await list('owner', `/api/customers?sort=createdAt&q=坏页&pageSize=2${cursor ? `&cursor=${cursor}` : ''}`)
    expect(page.total).toBe(5)
    seen.push(...page.items.map((item) => item.id))
    damaged.push(...(page.damaged ?? []))
    cursor = page.nextCursor
  } while (cursor)
  expect([seen.toSorted(), damaged]).toEqual([
    made
      .filter((row) => row !== bad)
      .map((row) => row.id)
      .toSorted(),
    [bad.id],
  ])
  expect((await it.send('owner', 'GET', `/api/customers/${bad.id}`)).json()).toMatchObject({ code: 'envelope_invalid', details: {} })
  const found = await list('owner', `/api/audit?subject=${bad.subject}`)
  expect(found.items).toEqual(expect.arrayContaining([expect.objectContaining({ outcome: 'failed', action: 'search' })]))
})

test('a timeline with a damaged entry shows each other one once, page by page', async () => {
  const [customer] = await it.house.addCustomers([{ name: '时间线' }])
  const url = `/api/customers/${customer!.id}/interactions`
  const ids: string[] = []
  for (let i = 0; i < 5; i += 1)
    ids.push((await it.send('owner', 'POST', url, { kind: 'note', text: `第${i}条` })).json<{ id: string }>().id)
  await it.house.db.owner.query(
    'update interactions set sealed_personal = set_byte(sealed_personal, 99, 255 - get_byte(sealed_personal, 99)) where id = $1',
    [ids[3]],
  )
  const first = await list('owner', `${url}?pageSize=2`)
  const second = await list('owner', `${url}?pageSize=2&cursor=${first.nextCursor}`)
  const third = await list('owner', `${url}?pageSize=2&cursor=${second.nextCursor}`)
  expect([first, second, third].flatMap((page) => page.items.map((item) => item.id))).toEqual([ids[4], ids[2], ids[1], ids[0]])
  expect([first.damaged, second.damaged, third.damaged]).toEqual([[ids[3]], undefined, undefined])
  expect([first.total, third.total, third.nextCursor]).toEqual([3, 5, null])
})

test('who hands a record to himself behind our back finds it in no list and no search, and a complete number gives no more than its id', async () => {
  const [theirs] = await it.house.addCustomers([{ name: '别人的客户', phones: ['+8613977770001'] }])
  await list('owner', '/api/customers?q=别人的客户')
  await it.house.db.owner.query('update customers set store_id = $2, owner_id = $3 where id = $1', [
    theirs!.id,
    it.house.stores.south.id,
    it.house.actors.consultantB.staffId,
  ])
  expect((await list('consultantB', '/api/customers?pageSize=200')).items.map((item) => item.id)).not.toContain(theirs!.id)
  expect(await list('consultantB', '/api/customers?q=别人的客户')).toEqual({ items: [], total: 0, nextCursor: null })
  const exact = await list('consultantB', '/api/customers?filter[phones]=%2B8613977770001')
  expect(exact).toEqual({ items: [], total: 1, nextCursor: null, damaged: [theirs!.id] })
  expect((await it.send('consultantB', 'GET', `/api/customers/${theirs!.id}/interactions`)).json()).toMatchObject({
    code: 'envelope_invalid',
  })
})
