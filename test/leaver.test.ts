import { afterAll, beforeAll, expect, test } from 'vitest'
import { decide } from '../domain/policy/decide.ts'
import { addGrant } from '../server/auth/roleGrants.ts'
import { carryOutDepartures } from '../server/actions/access/lifecycle.ts'
import { runJob } from '../server/jobs/runJob.ts'
import { password, testApp, type TestApp } from './support/app.ts'

/** Everything a person has, tried again after their last day (issue: a leaver's every door). */

let it: TestApp
let leaver: string
let session: Record<string, string>
let token: string
let jobId: string
const forget = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2_100))
const login = 'likai'
const codeOf = (answer: { body: string }): unknown => (answer.body === '' ? null : (JSON.parse(answer.body) as { code?: unknown }).code)
const signIn = () => it.send(null, 'POST', '/api/session', { login, password })
const sql = (text: string, values: unknown[] = []) => it.house.db.owner.query(text, values)

beforeAll(async () => {
  it = await testApp()
  const north = it.house.stores.north.id
  const hire = { login, name: '离开', password, roles: ['storeManager'], storeIds: [north] }
  leaver = (await it.send('owner', 'POST', '/api/staff', hire)).json<{ id: string }>().id
  await it.house.addCustomers([
    { name: '跟走的客户', ownerId: leaver },
    { name: '另一位', ownerId: leaver },
  ])
  const actor = (await it.parts.actors.ofStaff(it.parts.pool, leaver))!
  const begun = await it.parts.sessions.begin(actor)
  session = { cookie: `anechoic=${begun.token}`, 'x-csrf-token': begun.session.csrfToken }
  const program = { login: 'likaibot', name: '程序', ownerId: leaver, purpose: '官网留言', roles: ['salesConsultant'], storeIds: [north] }
  const { id } = (await it.send('owner', 'POST', '/api/programs', program)).json<{ id: string }>()
  const made = await it.send('owner', 'POST', `/api/programs/${id}/tokens`, { readOnly: false, addresses: [], days: 9 })
  token = made.json<{ token: string }>().token
  const macKey = await it.parts.macKey()
  const lent = { storeIds: [it.house.stores.south.id], grantedBy: null, startsAt: null, endsAt: '2199-01-01T00:00:00.000Z' }
  await addGrant(it.parts.pool, macKey, { staffId: leaver, role: 'storeManager', kind: 'temporary', forStaff: null, ...lent })
  await sql("update staff set leaves_on = (now() at time zone 'Asia/Shanghai')::date where id = $1", [leaver])
})
afterAll(() => it.close())

test('on the last day everything works, and nothing is kept in memory beyond its end', async () => {
  const answer = await it.send(null, 'GET', '/api/session', undefined, session)
  expect(answer.statusCode).toBe(200)
  const { actor } = answer.json<{ actor: { standings: { until: string }[] } }>()
  expect(actor.standings).toHaveLength(2)
  for (const { until } of actor.standings) {
    // Midnight in the shop, after the last day.
    const inShop = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' })
    expect(inShop.format(new Date(until))).toMatch(/ 00:00:00$/)
    expect(Date.parse(until)).toBeGreaterThan(Date.now())
  }
  expect((await signIn()).statusCode).toBe(200)
  expect((await it.send(null, 'GET', '/api/customers', undefined, { authorization: `Bearer ${token}` })).statusCode).toBe(200)
  const bulk = { select: { query: '' }, change: { kind: 'tag', value: '临走' }, dryRun: false }
  jobId = (await it.send(null, 'POST', '/api/customers/bulk', bulk, session)).json<{ jobId: string }>().jobId
  await sql("update staff set leaves_on = (now() at time zone 'Asia/Shanghai')::date - 1 where id = $1", [leaver])
  await forget()
})

test.each([
  ['their session', () => it.send(null, 'GET', '/api/session', undefined, session), 'not_signed_in'],
  ['a write in their session', () => it.send(null, 'POST', '/api/stores', { name: 'x' }, session), 'not_signed_in'],
  ['signing in', signIn, 'sign_in_failed'],
  [
    'the program they answer for',
    () => it.send(null, 'GET', '/api/customers', undefined, { authorization: `Bearer ${token}` }),
    'not_signed_in',
  ],
] as const)('one second after it nothing opens: %s', async (_what, open, code) => {
  expect(codeOf(await open())).toBe(code)
})

test('what they had started stops, what they owned is listed to be handed over, and the sweep leaves nothing behind', async () => {
  await runJob(jobId, { parts: it.parts, connect: it.house.db.database.connect, signal: new AbortController().signal, onFault: () => {} })
  const { rows } = await sql('select state, problem, done from job where id = $1', [jobId])
  expect(rows).toEqual([{ state: 'failed', problem: 'forbidden', done: 0 }])
  const list = async (who: 'owner' | 'manager') => (await it.send(who, 'GET', '/api/handovers')).json<{ items: object[] }>().items
  for (const who of ['owner', 'manager'] as const)
    expect(await list(who)).toContainEqual(expect.objectContaining({ ownerId: leaver, reason: 'left', customers: 2 }))
  expect(await it.parts.actors.ofStaff(it.parts.pool, leaver)).toBeNull()
  expect(decide(it.house.actors.manager, 'customer').rows.kind).not.toBe('none')

  expect(await carryOutDepartures(it.parts)).toBe(1)
  const left = await sql(
    `select (select count(*)::int from auth.role_grant where staff_id = $1) as grants, (select count(*)::int from auth.session where staff_id = $1) as sessions,
      (select count(*)::int from auth.credential where staff_id = $1) as credentials, (select count(*)::int from auth.passkey where staff_id = $1) as passkeys,
      (select count(*)::int from auth.device_staff where staff_id = $1) as devices,
      (select count(*)::int from auth.service_token t join auth.service_account a on a.staff_id = t.staff_id where a.owner_id = $1) as tokens`,
    [leaver],
  )
  expect(Object.values(left.rows[0] as object)).toEqual([0, 0, 0, 0, 0, 0])
  for (const open of [signIn, () => it.send(null, 'GET', '/api/session', undefined, session)]) expect((await open()).statusCode).toBe(401)
})
