import { afterAll, beforeAll, expect, test } from 'vitest'
import { grantRoles } from '../../auth/roleGrants.ts'
import { decide } from '../../../domain/policy/decide.ts'
import { createStaff } from '../access/createStaff.ts'
import { password, testApp, type TestApp } from '../../../test/support/app.ts'

type Body = Record<string, unknown>
const minute = 60_000
const day = 24 * 60 * minute

let it: TestApp
/** An installer of the south store, by their session. */
let installer: { id: string; headers: Record<string, string> }
beforeAll(async () => {
  it = await testApp()
  const owner = it.house.actors.owner
  const given = { login: 'laozhang', name: '张师傅', roles: ['installer'], storeIds: [it.house.stores.south.id], password }
  const { staff } = await createStaff(it.parts, decide(owner, 'staff'), given)
  const actor = (await it.parts.actors.ofStaff(it.parts.pool, staff.id))!
  const { token, session } = await it.parts.sessions.begin(actor)
  installer = { id: staff.id, headers: { cookie: `anechoic=${token}`, 'x-csrf-token': session.csrfToken } }
})
afterAll(() => it.close())

/** Sessions notice within two seconds; each test asks with a session of its own, which is read anew. */
const sessionOf = async (who: 'installer' | 'consultantA' | 'consultantB' | 'manager'): Promise<Record<string, string>> => {
  const id = who === 'installer' ? installer.id : it.house.actors[who].staffId
  const actor = (await it.parts.actors.ofStaff(it.parts.pool, id))!
  const { token, session } = await it.parts.sessions.begin(actor)
  return { cookie: `anechoic=${token}`, 'x-csrf-token': session.csrfToken }
}
const ask = async (who: Parameters<typeof sessionOf>[0], method: string, url: string, body?: unknown) =>
  it.send(null, method, url, body, await sessionOf(who))

const at = (from: number, minutes = 90) => ({
  startsAt: new Date(Date.now() + from).toISOString(),
  endsAt: new Date(Date.now() + from + minutes * minute).toISOString(),
})
const book = async (who: Parameters<typeof sessionOf>[0], customerId: string, over: Body) =>
  ask(who, 'POST', `/api/customers/${customerId}/appointments`, { kind: 'installation', ...at(60 * minute), ...over })
const newCustomer = async (over: Body = {}) => (await it.house.addCustomers([{ name: '何听松', ...over }]))[0]!
const entries = async (staffId: string, action: string) => it.parts.audit.entriesOfActor(staffId, { actions: [action] })
const a = () => it.house.actors.consultantA
const b = () => it.house.actors.consultantB

test('an installer of another store sees whom they visit, for as long as they do, and can say what came of it', async () => {
  const visited = await newCustomer()
  const other = await newCustomer({ name: '陌生人' })
  expect((await ask('installer', 'GET', `/api/customers/${visited.id}`)).statusCode).toBe(404)
  const made = (await book('consultantA', visited.id, { assigneeIds: [installer.id], note: '带 8 米梯子' })).json<Body>()
  expect(made).toMatchObject({ state: 'planned', staffId: a().staffId, assigneeIds: [installer.id] })

  const seen = (await ask('installer', 'GET', `/api/customers/${visited.id}`)).json<Body>()
  expect(seen).toMatchObject({ name: '何听松', phones: ['+8613800138000'], addresses: ['上海市静安区南京西路1266号'] })
  expect((await ask('installer', 'GET', '/api/customers')).json()).toMatchObject({ total: 1, items: [{ id: visited.id }] })
  expect((await ask('installer', 'GET', `/api/customers/${other.id}`)).statusCode).toBe(404)
  expect(
    (await ask('installer', 'POST', `/api/customers/${visited.id}/use`, { field: 'addresses', index: 0, use: 'navigate' })).statusCode,
  ).toBe(200)

  const today = `from=${new Date(Date.now() - day).toISOString()}&to=${new Date(Date.now() + day).toISOString()}`
  const mine = (await ask('installer', 'GET', `/api/appointments?${today}&mine=true`)).json<{
    items: Body[]
    customers: Record<string, Body>
  }>()
  expect(mine.items).toMatchObject([{ id: made['id'], note: '带 8 米梯子' }])
  expect(mine.customers[visited.id]).toMatchObject({ name: '何听松', phones: [{ masked: '••••8000' }] })

  const moved = await ask('installer', 'PATCH', `/api/appointments/${String(made['id'])}`, { version: 1, ...at(day) })
  expect(moved.json()).toMatchObject({ code: 'forbidden' })
  const done = await ask('installer', 'POST', `/api/appointments/${String(made['id'])}/done`, { version: 1, note: '屏幕已装，差一根线' })
  expect(done.json()).toMatchObject({ state: 'done', version: 2, note: '带 8 米梯子\n屏幕已装，差一根线' })
  expect((await entries(installer.id, 'update')).map(({ outcome }) => outcome)).toEqual(['done', 'refused'])

  const cancelled = await ask('consultantA', 'POST', `/api/appointments/${String(made['id'])}/cancel`, { version: 2 })
  expect(cancelled.json()).toMatchObject({ state: 'cancelled' })
  expect((await ask('installer', 'GET', `/api/customers/${visited.id}`)).statusCode).toBe(404)
  expect((await ask('consultantA', 'POST', `/api/appointments/${String(made['id'])}/done`, { version: 3 })).json()).toMatchObject({
    code: 'input_invalid',
    details: { problems: [{ field: 'state', problem: 'was_cancelled' }] },
  })
})

test.each([
  ['yesterday, early', -day, true],
  ['tomorrow', day, true],
  ['three days ago', -3 * day, false],
  ['in three days', 3 * day, false],
])('the working set has its edges: %s', async (_name, from, isIn) => {
  const customer = await newCustomer()
  expect((await book('manager', customer.id, { assigneeIds: [installer.id], ...at(from) })).statusCode).toBe(201)
  expect((await ask('installer', 'GET', `/api/customers/${customer.id}`)).statusCode).toBe(isIn ? 200 : 404)
})

test('whoever books herself for a colleague’s customer sees the details, is on record, and spends a reveal', async () => {
  const theirs = await newCustomer({ ownerId: it.house.actors.manager.staffId })
  expect((await ask('consultantA', 'GET', `/api/customers/${theirs.id}`)).json<Body>()['phones']).toEqual([{ masked: '••••8000' }])
  const before = (await entries(a().staffId, 'reveal')).length
  const made = await book('consultantA', theirs.id, { assigneeIds: [a().staffId], ...at(2 * day) })
  expect(made.statusCode).toBe(201)
  const reveals = await entries(a().staffId, 'reveal')
  expect(reveals.length).toBe(before + 1)
  expect(reveals[0]).toMatchObject({
    ids: [theirs.id],
    subjects: [theirs.subject],
    reason: 'appointment',
    fields: expect.arrayContaining(['phones', 'addresses']),
  })
  // Not yet: it is not within a day. Moved nearer it opens, and that counts as the same person of the day.
  expect((await ask('consultantA', 'GET', `/api/customers/${theirs.id}`)).json<Body>()['phones']).toEqual([{ masked: '••••8000' }])
  const { id } = made.json<{ id: string }>()
  expect((await ask('consultantA', 'PATCH', `/api/appointments/${id}`, { version: 1, ...at(60 * minute) })).statusCode).toBe(200)
  expect((await ask('consultantA', 'GET', `/api/customers/${theirs.id}`)).json<Body>()['phones']).toEqual(['+8613800138000'])
  expect((await entries(a().staffId, 'reveal')).length).toBe(before + 2)
  const another = (await ask('consultantA', 'POST', `/api/customers/${theirs.id}/reveal`, { fields: ['phones'], reason: 'visit' })).json<{
    remaining: number
  }>()
  expect(another.remaining).toBe(29)
})

test('one’s own customers, and those somebody else puts one down for, cost nothing', async () => {
  const before = (await entries(a().staffId, 'reveal')).length
  const own = await newCustomer()
  expect((await book('consultantA', own.id, { assigneeIds: [a().staffId] })).statusCode).toBe(201)
  const theirs = await newCustomer({ ownerId: it.house.actors.manager.staffId })
  expect((await book('manager', theirs.id, { assigneeIds: [a().staffId] })).statusCode).toBe(201)
  expect((await ask('consultantA', 'GET', `/api/customers/${theirs.id}`)).json<Body>()['phones']).toEqual(['+8613800138000'])
  expect((await entries(a().staffId, 'reveal')).length).toBe(before)
})

test('nobody books where they may not, nor puts down whoever would stand before a closed door', async () => {
  const south = await newCustomer({ storeId: it.house.stores.south.id, ownerId: b().staffId })
  expect((await book('consultantA', south.id, { assigneeIds: [a().staffId] })).json()).toMatchObject({ code: 'not_found' })
  expect((await book('installer', south.id, { assigneeIds: [installer.id] })).json()).toMatchObject({ code: 'forbidden' })
  const refused = async (over: Body): Promise<unknown> =>
    (await book('consultantB', south.id, { assigneeIds: [b().staffId], ...over })).json<{ details: { problems: unknown } }>().details
      .problems
  expect(await refused({ assigneeIds: [a().staffId] })).toEqual([{ field: 'assigneeIds', problem: 'assignee_elsewhere' }])
  expect(await refused({ assigneeIds: [it.house.actors.auditor.staffId] })).toEqual([
    { field: 'assigneeIds', problem: 'assignee_elsewhere' },
  ])
  expect(await refused({ assigneeIds: [south.id] })).toEqual([{ field: 'assigneeIds', problem: 'bad_reference' }])
  expect(await refused({ assigneeIds: [] })).toEqual([{ field: 'assigneeIds', problem: 'required' }])
  expect(await refused({ staffId: a().staffId })).toEqual([{ field: 'staffId', problem: 'not_oneself' }])
  expect(await refused(at(0, -5))).toEqual([{ field: 'endsAt', problem: 'before_start' }])
  expect(await refused(at(0, 73 * 60))).toEqual([{ field: 'endsAt', problem: 'too_long' }])
})

test('a row that somebody wrote into the database opens nobody, and is on record', async () => {
  const target = await newCustomer()
  const mine = await newCustomer()
  const { id } = (await book('consultantA', mine.id, { assigneeIds: [installer.id] })).json<{ id: string }>()
  const { owner } = it.house.db
  await owner.query('update auth.assignment set customer_id = $2 where appointment_id = $1', [id, target.id])
  await owner.query(
    `insert into auth.assignment select $1, staff_id, customer_id, starts_at, ends_at, mac from auth.assignment where appointment_id = $2`,
    [(await book('consultantA', target.id, { assigneeIds: [a().staffId] })).json<{ id: string }>().id, id],
  )
  expect((await ask('installer', 'GET', `/api/customers/${target.id}`)).statusCode).toBe(404)
  const found = await entries(installer.id, 'grant_invalid')
  expect(found).toMatchObject([{ fields: ['assignment'], outcome: 'refused' }])
  await owner.query('delete from auth.assignment where staff_id = $1 and customer_id = $2', [installer.id, target.id])
})

test('a merge takes appointments along, and undoing it gives them back; an erasure leaves none', async () => {
  const [into, gone] = [await newCustomer(), await newCustomer()]
  await book('consultantA', gone.id, { assigneeIds: [installer.id] })
  const merged = await ask('consultantA', 'POST', `/api/customers/${into.id}/merge`, { version: 1, others: [{ id: gone.id, version: 1 }] })
  const { jobId } = merged.json<{ jobId: string }>()
  expect((await ask('installer', 'GET', `/api/customers/${into.id}`)).statusCode).toBe(200)
  expect((await ask('installer', 'GET', `/api/customers/${gone.id}`)).statusCode).toBe(404)
  expect((await ask('consultantA', 'POST', `/api/jobs/${jobId}/undo`)).statusCode).toBe(202)
  expect((await ask('installer', 'GET', `/api/customers/${into.id}`)).statusCode).toBe(404)
  expect((await ask('installer', 'GET', `/api/customers/${gone.id}`)).statusCode).toBe(200)
  const { version } = (await ask('consultantA', 'GET', `/api/customers/${gone.id}`)).json<{ version: number }>()
  expect((await it.send('owner', 'POST', `/api/customers/${gone.id}/erase`, { version, reason: '客户要求' })).statusCode).toBe(200)
  const { rows } = await it.house.db.owner.query('select from auth.assignment where customer_id = $1', [gone.id])
  expect(rows).toEqual([])
})

test('who is taken is told without where, the appointment in hand aside', async () => {
  const customer = await newCustomer()
  const time = at(5 * day)
  const { id } = (await book('consultantA', customer.id, { assigneeIds: [installer.id], ...time })).json<{ id: string }>()
  const url = `/api/appointments/busy?from=${time.startsAt}&to=${time.endsAt}&staff=${installer.id}`
  const told = await ask('consultantB', 'GET', url)
  expect(told.json()).toEqual({ items: [{ staffId: installer.id, ...time }] })
  expect((await ask('consultantB', 'GET', `${url}&except=${id}`)).json()).toEqual({ items: [] })
  // An installer is told of their own times, also of those whose customer they do not see yet, and of nobody else's.
  expect((await ask('installer', 'GET', url)).json()).toEqual({ items: [{ staffId: installer.id, ...time }] })
  expect((await ask('installer', 'GET', url.replace(installer.id, a().staffId))).json()).toMatchObject({ code: 'forbidden' })
  expect((await ask('consultantB', 'GET', '/api/appointments/busy?from=x&to=y&staff=z')).json()).toMatchObject({ code: 'input_invalid' })
})

test('an appointment with a customer in the trash is in nobody’s week', async () => {
  const customer = await newCustomer()
  const time = at(6 * day)
  await book('consultantA', customer.id, { assigneeIds: [a().staffId], ...time })
  const week = `/api/appointments?from=${time.startsAt}&to=${time.endsAt}`
  expect((await ask('consultantA', 'GET', week)).json()).toMatchObject({ total: 1 })
  await it.send('owner', 'DELETE', `/api/customers/${customer.id}`, { version: 1 })
  expect((await ask('consultantA', 'GET', week)).json()).toMatchObject({ total: 0 })
})

test('grants are what they were: whoever has no role has no working set to use', async () => {
  const { pool, macKey } = it.parts
  await grantRoles(pool, await macKey(), { staffId: installer.id, roles: [], storeIds: [], grantedBy: null })
  expect((await ask('installer', 'GET', '/api/customers')).statusCode).toBe(404)
})
