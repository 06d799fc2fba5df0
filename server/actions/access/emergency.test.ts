import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type Who } from '../../../test/support/app.ts'

let it: TestApp
let away: string
const phone = '+8613512340001'
beforeAll(async () => {
  it = await testApp()
  // More than five people, so that it is no small shop.
  for (let i = 0; i < 3; i += 1) await hire(['salesConsultant'])
  const south = { storeId: it.house.stores.south.id, ownerId: it.house.actors.consultantB.staffId }
  away = (await it.house.addCustomers([{ name: '南店急客', phones: [phone], ...south }]))[0]!.id
})
afterAll(() => it.close())

const codeOf = (answer: { body: string }): unknown => (answer.body === '' ? null : (JSON.parse(answer.body) as { code?: unknown }).code)
let hired = 0
const hire = async (roles: string[]) => {
  const body = { login: `jinji${(hired += 1)}`, name: '新人', roles, storeIds: [it.house.stores.north.id] }
  const { id } = (await it.send('owner', 'POST', '/api/staff', body)).json<{ id: string }>()
  const { token, session } = await it.parts.sessions.begin((await it.parts.actors.ofStaff(it.parts.pool, id))!)
  const headers = { cookie: `anechoic=${token}`, 'x-csrf-token': session.csrfToken }
  return { id, ask: (method: string, url: string, given?: unknown) => it.send(null, method, url, given, headers) }
}
const draft = () => ({ reason: 'safety', note: '客户家警报响了', storeIds: [it.house.stores.south.id] })
const ask = async (who: Who): Promise<string> => (await it.send(who, 'POST', '/api/emergencies', draft())).json<{ id: string }>().id
const decide = (who: Who, id: string, verdict = 'approve') => it.send(who, 'POST', `/api/emergencies/${id}/decide`, { verdict })
type Told = {
  id: string
  state: string
  needed: number
  agreed: string[]
  mayReview: boolean
  seen: number
  verdict: string | null
  note: string
  deviation: boolean
}
const told = async (who: Who, id: string) =>
  (await it.send(who, 'GET', '/api/emergencies')).json<{ items: Told[] }>().items.find((one) => one.id === id)
const forget = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2_100))
const look = (who: Who) => it.send(who, 'GET', `/api/customers/${away}`)

test('two others agree, then an hour stands open in those stores, all of it on record; then somebody else looks into it', async () => {
  expect(codeOf(await look('consultantA'))).toBe('not_found')
  const id = await ask('consultantA')
  expect(codeOf(await it.send('consultantA', 'POST', '/api/emergencies', draft()))).toBe('duplicate')
  expect(codeOf(await decide('consultantA', id))).toBe('not_found')
  expect((await decide('manager', id)).statusCode).toBe(204)
  expect(codeOf(await decide('manager', id))).toBe('already_decided')
  await forget()
  expect(codeOf(await look('consultantA'))).toBe('not_found')
  expect(await told('consultantA', id)).toMatchObject({ state: 'open', needed: 2, agreed: [it.house.actors.manager.staffId] })
  expect((await decide('owner', id)).statusCode).toBe(204)
  await forget()
  expect((await look('consultantA')).json()).toMatchObject({ phones: [phone] })
  const notices = await it.house.db.owner.query("select distinct staff_id from notice where kind = 'emergency_opened'")
  expect(notices.rows.map((row) => row.staff_id as string).toSorted()).toEqual(
    (['owner', 'manager', 'auditor'] as const).map((who) => it.house.actors[who].staffId).toSorted(),
  )
  const write = await it.send('consultantA', 'PATCH', `/api/customers/${away}`, { version: 1, name: '改名' })
  expect([403, 404]).toContain(write.statusCode)
  expect(await told('owner', id)).toMatchObject({ state: 'approved', seen: 1, note: '客户家警报响了', mayReview: false, deviation: false })
  expect(codeOf(await it.send('owner', 'POST', `/api/emergencies/${id}/review`, { verdict: 'justified' }))).toBe('version_conflict')

  await it.house.db.owner.query("update auth.emergency set ends_at = now() - interval '1 second' where id = $1", [id])
  await it.house.db.owner.query("update auth.role_grant set ends_at = now() - interval '1 second' where kind = 'emergency'")
  await forget()
  expect(codeOf(await look('consultantA'))).toBe('not_found')
  expect(await told('auditor', id)).toMatchObject({ mayReview: true })
  expect((await it.send('auditor', 'POST', `/api/emergencies/${id}/review`, { verdict: 'justified' })).statusCode).toBe(204)
  expect(codeOf(await it.send('owner', 'POST', `/api/emergencies/${id}/review`, { verdict: 'misused' }))).toBe('version_conflict')
  const { rows } = await it.house.db.owner.query(
    "select action from audit.entry where action in ('emergency_ask', 'break_glass', 'emergency_review') order by id",
  )
  expect(rows.map(({ action }) => action)).toEqual(['emergency_ask', 'break_glass', 'emergency_review'])
})

test('nobody agrees with themselves where there are others, nor twice; one refusal ends it; a row made behind our back opens nothing', async () => {
  const id = await ask('manager')
  expect(codeOf(await decide('manager', id))).toBe('own_request')
  expect((await decide('owner', id, 'refuse')).statusCode).toBe(204)
  expect(await told('manager', id)).toMatchObject({ state: 'refused' })
  expect(codeOf(await decide('owner', id))).toBe('approval_closed')
  const refused = await it.house.db.owner.query("select 1 from audit.entry where action = 'approval_grant' and entity = 'approval'")
  expect(refused.rowCount).toBeGreaterThan(0)
  await it.house.db.owner.query(
    `insert into auth.role_grant (staff_id, role, store_ids, kind, granted_at, ends_at, mac)
     values ($1, 'emergency', array[$2]::uuid[], 'emergency', now(), now() + interval '1 hour', decode(repeat('00', 32), 'hex'))`,
    [it.house.actors.consultantA.staffId, it.house.stores.south.id],
  )
  await forget()
  expect(codeOf(await look('consultantA'))).toBe('not_found')
  for (const role of ['emergency']) {
    const body = { role, storeIds: [], endsAt: new Date(Date.now() + 60_000).toISOString() }
    expect(codeOf(await it.send('owner', 'POST', `/api/people/${it.house.actors.consultantA.staffId}/loans`, body))).toBe('input_invalid')
  }
})

test('in a small shop one agrees with oneself after a quarter of an hour, and that is said', async () => {
  await it.house.db.owner.query("update staff set active = false where login like 'jinji%' or login in ('xiaobai')")
  const id = await ask('manager')
  expect(codeOf(await decide('manager', id))).toBe('own_request')
  expect(await told('manager', id)).toMatchObject({ needed: 1 })
  const small = await told('manager', id)
  expect(small).toHaveProperty('selfAfter')
})
