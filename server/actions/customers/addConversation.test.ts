import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type Who } from '../../../test/support/app.ts'

let it: TestApp
let id: string
beforeAll(async () => {
  it = await testApp()
  id = (await it.house.addCustomers([{}]))[0]!.id
})
afterAll(() => it.close())

const day = (date: string, text: string) => ({ happenedAt: `${date}T06:05:00.000Z`, text })
const paste = async (who: Who, days: unknown) => it.send(who, 'POST', `/api/customers/${id}/conversations`, { days })
const texts = async (): Promise<string[]> => {
  const page = (await it.send('consultantA', 'GET', `/api/customers/${id}/interactions`)).json<{
    items: { kind: string; text: string }[]
  }>()
  return page.items.filter(({ kind }) => kind === 'wechat').map(({ text }) => text)
}

test('a pasted chat becomes an entry a day, and pasted again only what is new is added', async () => {
  const [first, second] = [
    day('2026-03-05', '14:03 张伟（客户）：到了吗🎧\n14:05 小艾（我方）：到了'),
    day('2026-03-06', '09:10 张伟（客户）：[图片]'),
  ]
  expect((await paste('consultantA', [first, second])).json()).toEqual({ created: 2, skipped: 0 })
  expect(await texts()).toEqual([second.text, first.text])
  expect((await paste('consultantA', [first, second])).json()).toEqual({ created: 0, skipped: 2 })
  const longer = day('2026-03-06', `${second.text}\n09:12 小艾（我方）：好看`)
  expect((await paste('consultantA', [first, longer])).json()).toEqual({ created: 1, skipped: 1 })
  expect(await texts()).toEqual(expect.arrayContaining(['09:12 小艾（我方）：好看']))
  expect(await texts()).toHaveLength(3)
  // To a colleague who sees the timeline masked, "skipped" would say what stands there: for them everything is new.
  expect((await paste('manager', [first])).json()).toEqual({ created: 1, skipped: 0 })
  // The same words as a note are no earlier paste.
  await it.send('consultantA', 'POST', `/api/customers/${id}/interactions`, {
    kind: 'note',
    text: '10:00 张伟：在',
    happenedAt: '2026-03-07T06:00:00.000Z',
  })
  expect((await paste('consultantA', [day('2026-03-07', '10:00 张伟：在')])).json()).toEqual({ created: 1, skipped: 0 })
})

test('each entry is on record as a write of the person who pasted', async () => {
  const [entry] = await it.house.audit.entriesOfActor(it.house.actors.consultantA.staffId, { actions: ['create'] })
  expect(entry).toMatchObject({ entity: 'interaction', outcome: 'done', fields: expect.arrayContaining(['text']) as unknown })
})

test.each<[string, unknown, number]>([
  ['no days', [], 400],
  ['an empty text', [day('2026-03-05', '')], 400],
  ['a day that is none', [{ happenedAt: 'gestern', text: 'x' }], 400],
  ['a masked text', [day('2026-03-05', '14:03 张伟：••••8000')], 400],
  ['an unknown key', [{ ...day('2026-03-05', 'x'), staffId: 'x' }], 400],
  ['a text longer than an entry', [day('2026-03-05', '啊'.repeat(4_001))], 400],
])('refuses %s, and writes nothing', async (_, days, status) => {
  const before = await texts()
  expect((await paste('consultantA', days)).statusCode).toBe(status)
  expect(await texts()).toEqual(before)
})

test('a customer out of sight is not found', async () => {
  expect((await paste('consultantB', [day('2026-03-05', 'x')])).statusCode).toBe(404)
  expect((await paste('auditor', [day('2026-03-05', 'x')])).statusCode).toBe(404)
})
