import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../../test/support/app.ts'
import { listNotices } from '../../store/notices.ts'

/** The manager's budget is 60 people a day, 180 at the most; these are of today before the test begins. */
const budget = 60
const minute = 60_000

let it: TestApp
let stranger = 0
beforeAll(async () => {
  it = await testApp({ freshFor: 5 * minute })
})
afterAll(() => it.close())

type Body = Record<string, unknown>
const manager = () => it.house.actors.manager
const revealed = async (count: number): Promise<void> => {
  const entry = { actor: manager(), action: 'reveal', entity: 'customer', outcome: 'done' } as const
  await Promise.all(Array.from({ length: count }, () => it.parts.audit.append({ ...entry, subjects: [1_000_000 + (stranger += 1)] })))
}
const customer = async () => (await it.house.addCustomers([{ name: '何听松' }]))[0]!

/** A session whose holder showed who they are so many minutes ago. */
const shownAgo = async (minutes: number) => {
  const { token, session } = await it.parts.sessions.begin(manager())
  await it.parts.sessions.showed(session.id, 'password', new Date(Date.now() - minutes * minute))
  const headers = { cookie: `anechoic=${token}`, 'x-csrf-token': session.csrfToken }
  return async (url: string, body: unknown): Promise<Body> => (await it.send(null, 'POST', url, body, headers)).json()
}
const ask = { fields: ['phones'], reason: 'complaint' }
const entriesOf = (action: string) => it.parts.audit.entriesOfActor(manager().staffId, { actions: [action] })

test('past the budget a reveal takes fresh proof, is marked, and is told to who watches over access; past three times it, nothing does', async () => {
  await revealed(budget - 1)
  const [stale, fresh] = [await shownAgo(6), await shownAgo(0)]
  const [first, second, third] = [await customer(), await customer(), await customer()]
  expect(await stale(`/api/customers/${first.id}/reveal`, ask)).toMatchObject({ values: { phones: ['+8613800138000'] }, remaining: 0 })
  expect(await entriesOf('over_budget')).toEqual([])

  expect(await stale(`/api/customers/${second.id}/reveal`, ask)).toMatchObject({
    code: 'step_up_required',
    details: { methods: ['password'] },
  })
  // Whom one has seen today one sees again.
  expect(await stale(`/api/customers/${first.id}/reveal`, ask)).toMatchObject({ remaining: 0 })
  expect(await fresh(`/api/customers/${second.id}/reveal`, ask)).toMatchObject({ values: { phones: ['+8613800138000'] }, remaining: 0 })
  expect(await entriesOf('over_budget')).toMatchObject([
    { ids: [second.id], subjects: [second.subject], reason: 'complaint', outcome: 'done' },
  ])
  for (const who of ['owner', 'auditor'] as const) {
    const { items } = await listNotices(it.parts.pool, it.house.actors[who].staffId)
    expect(items).toMatchObject([{ kind: 'over_budget', detail: { by: manager().staffId, count: budget + 1 } }])
  }
  expect((await listNotices(it.parts.pool, manager().staffId)).items).toEqual([])
  expect((await listNotices(it.parts.pool, it.house.actors.consultantA.staffId)).items).toEqual([])

  await revealed(2 * budget)
  expect(await fresh(`/api/customers/${third.id}/reveal`, ask)).toMatchObject({ code: 'reveal_budget', details: { limit: 3 * budget } })
  expect((await entriesOf('reveal'))[0]).toMatchObject({ ids: [third.id], outcome: 'refused' })
})

test('who puts herself down for a customer who is not hers spends of the same budget, and nobody else of it', async () => {
  const [stale, fresh] = [await shownAgo(6), await shownAgo(0)]
  const { id } = await customer()
  const [startsAt, endsAt] = [60, 120].map((minutes) => new Date(Date.now() + minutes * minute).toISOString())
  const booking = { kind: 'survey', startsAt, endsAt }
  const url = `/api/customers/${id}/appointments`
  expect(await fresh(url, { ...booking, assigneeIds: [manager().staffId] })).toMatchObject({ code: 'reveal_budget' })
  expect(await stale(url, { ...booking, assigneeIds: [it.house.actors.consultantA.staffId] })).toMatchObject({ state: 'planned' })
})
