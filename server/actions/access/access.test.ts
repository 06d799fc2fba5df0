import { afterAll, beforeAll, expect, test } from 'vitest'
import { password, testApp, type TestApp, type Who } from '../../../test/support/app.ts'
import { roles } from '../../../domain/policy/roles.ts'
import { grantRoles } from '../../auth/roleGrants.ts'

let it: TestApp
beforeAll(async () => {
  it = await testApp()
})
afterAll(() => it.close())

type Person = {
  id: string
  version: number
  roles: string[]
  loans: { id: string; role: string }[]
  deviations: string[]
  suspended: string | null
  privileged: boolean
}
const person = async (id: string): Promise<Person> =>
  (await it.send('owner', 'GET', '/api/people')).json<{ items: Person[] }>().items.find((one) => one.id === id)!
const idOf = (who: Who): string => it.house.actors[who].staffId
const codeOf = (answer: { body: string }): unknown => (answer.body === '' ? null : (JSON.parse(answer.body) as { code?: unknown }).code)
let hired = 0
/** Somebody new, with a session: what they get at an address. */
const hire = async (roleIds: string[], storeIds = [it.house.stores.north.id], more: object = {}) => {
  const login = `neu${(hired += 1)}`
  const body = { login, name: '新人', roles: roleIds, storeIds, password, ...more }
  const { id } = (await it.send('owner', 'POST', '/api/staff', body)).json<{ id: string }>()
  const actor = (await it.parts.actors.ofStaff(it.parts.pool, id))!
  const { token, session } = await it.parts.sessions.begin(actor)
  const headers = { cookie: `anechoic=${token}`, 'x-csrf-token': session.csrfToken }
  const ask = (method: string, url: string, given?: unknown) => it.send(null, method, url, given, headers)
  return { id, token, ask }
}
const setRoles = async (who: Who, id: string, roleIds: string[], more: object = {}) =>
  it.send(who, 'PUT', `/api/people/${id}/roles`, {
    version: (await person(id)).version,
    roles: roleIds,
    storeIds: [it.house.stores.north.id],
    ...more,
  })
const soon = (ms: number): string => new Date(Date.now() + ms).toISOString()
const forget = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2_100))

test('what somebody is for good is replaced as a whole, shows in their record, and reaches their running session', async () => {
  const { id, ask } = await hire(['salesConsultant'])
  expect((await ask('GET', '/api/imports/x')).statusCode).not.toBe(200)
  expect((await setRoles('owner', id, ['storeManager'])).statusCode).toBe(200)
  expect(await person(id)).toMatchObject({ roles: ['storeManager'], privileged: false })
  await forget()
  expect((await ask('GET', '/api/session')).json()).toMatchObject({ actor: { roles: ['storeManager'] } })
  expect(codeOf(await setRoles('owner', id, ['emperor']))).toBe('input_invalid')
  expect(codeOf(await setRoles('owner', id, ['constructor']))).toBe('input_invalid')
  const stale = { version: 1, roles: [], storeIds: [] }
  expect(codeOf(await it.send('owner', 'PUT', `/api/people/${id}/roles`, stale))).toBe('version_conflict')
  const absent = '01900000-0000-7000-8000-000000000000'
  expect(codeOf(await it.send('owner', 'PUT', `/api/people/${absent}/roles`, stale))).toBe('not_found')
})

test('nobody but who grants does so; who grants never for themselves, and makes no owner without being one', async () => {
  const { id } = await hire(['salesConsultant'])
  for (const who of ['manager', 'consultantA', 'auditor'] as const) expect(codeOf(await setRoles(who, id, ['owner']))).toBe('not_found')
  expect(codeOf(await setRoles('owner', idOf('owner'), ['owner', 'auditor']))).toBe('own_rights')
  const officer = await hire(['securityOfficer'], [])
  const asked = { version: (await person(id)).version, roles: ['owner'], storeIds: [] }
  expect(codeOf(await officer.ask('PUT', `/api/people/${id}/roles`, asked))).toBe('forbidden')
  expect((await officer.ask('PUT', `/api/people/${id}/roles`, { ...asked, roles: ['installer'] })).statusCode).toBe(200)
  const against = { version: (await person(idOf('owner'))).version, roles: [], storeIds: [] }
  expect(codeOf(await officer.ask('PUT', `/api/people/${idOf('owner')}/roles`, against))).toBe('forbidden')
  // Who keeps accounts hires, and grants nothing by it.
  const admin = await hire(['systemAdministrator'], [])
  const hiring = { login: 'ohne', name: '无权', roles: ['owner'], storeIds: [] }
  expect(codeOf(await admin.ask('POST', '/api/staff', hiring))).toBe('forbidden')
  expect((await admin.ask('POST', '/api/staff', { ...hiring, roles: [] })).statusCode).toBe(201)
  for (const patch of [{ roles: ['owner'] }, { storeIds: [] }, { active: false }]) {
    const answer = await admin.ask('PATCH', `/api/people/${id}`, { version: (await person(id)).version, ...patch })
    expect(answer.statusCode).toBe(400)
  }
})

test('the last owner stays, whoever asks and however many ask at once', async () => {
  const second = await hire(['owner'], [it.house.stores.north.id], { accepts: 'small_shop' })
  const first = idOf('owner')
  const version = (await person(first)).version
  const [a, b] = await Promise.all([
    second.ask('PUT', `/api/people/${first}/roles`, { version, roles: [], storeIds: [] }),
    setRoles('owner', second.id, []),
  ])
  const codes = [a, b].map((answer) => (answer.statusCode === 200 ? 'ok' : codeOf(answer)))
  expect(codes.filter((code) => code === 'ok')).toHaveLength(1)
  expect(['last_owner', 'forbidden', 'not_found', 'nobody_left']).toContain(codes.find((code) => code !== 'ok'))
  const macKey = await it.parts.macKey()
  const back = { staffId: first, roles: ['owner'], storeIds: [it.house.stores.north.id], grantedBy: null }
  await grantRoles(it.parts.pool, macKey, back)
  await forget()
  await setRoles('owner', second.id, ['owner'], { accepts: 'small_shop' })
  await forget()
  const leaving = async (id: string, leavesOn: string) =>
    second.ask('PATCH', `/api/people/${id}`, { version: (await person(id)).version, leavesOn })
  expect((await leaving(first, '2199-01-01')).statusCode).toBe(200)
  expect(
    codeOf(
      await it.send('owner', 'PATCH', `/api/people/${second.id}`, { version: (await person(second.id)).version, leavesOn: '2199-01-01' }),
    ),
  ).toBe('last_owner')
  expect(codeOf(await it.send('owner', 'POST', `/api/people/${second.id}/suspend`))).toBe('last_owner')
  expect((await leaving(first, null as never)).statusCode).toBe(200)
  expect((await setRoles('owner', second.id, [])).statusCode).toBe(200)
})

test('powers that belong apart are combined only on record, and the record ends when they part', async () => {
  const hiring = { login: 'alles', name: '全能', roles: ['systemAdministrator', 'auditor'], storeIds: [] }
  for (const [accepts, code] of [
    [undefined, 'separation'],
    ['because', 'input_invalid'],
  ] as const)
    expect(codeOf(await it.send('owner', 'POST', '/api/staff', { ...hiring, accepts }))).toBe(code)
  const made = await it.send('owner', 'POST', '/api/staff', { ...hiring, accepts: 'vacancy' })
  const { rows: noted } = await it.house.db.owner.query('select kind, reason, accepted_by from auth.deviation where staff_id = $1', [
    made.json<{ id: string }>().id,
  ])
  expect(noted).toEqual([{ kind: 'powers_combined', reason: 'vacancy', accepted_by: idOf('owner') }])
  const { id } = await hire([])
  const refused = await setRoles('owner', id, ['systemAdministrator', 'auditor', 'salesConsultant'])
  expect(refused.json()).toMatchObject({ code: 'separation', details: { kinds: ['powers_combined', 'power_reads_customers'] } })
  expect((await person(id)).roles).toEqual([])
  expect((await setRoles('owner', id, ['systemAdministrator', 'auditor'], { accepts: 'vacancy' })).statusCode).toBe(200)
  expect((await person(id)).deviations).toEqual(['powers_combined'])
  expect((await setRoles('owner', id, ['auditor'])).statusCode).toBe(200)
  const { rows } = await it.house.db.owner.query(
    'select kind, reason, accepted_by, ended_at is not null as over from auth.deviation where staff_id = $1',
    [id],
  )
  const { items } = (await it.send('auditor', 'GET', '/api/deviations')).json<{ items: { staffId: string; overdue: boolean }[] }>()
  expect(items.find(({ staffId }) => staffId === id)).toMatchObject({ kind: 'powers_combined', overdue: false })
  expect(rows).toEqual([{ kind: 'powers_combined', reason: 'vacancy', accepted_by: idOf('owner'), over: true }])
})

test('a lent role holds in its time only, and a row that was stretched or made behind our back lends nothing, loudly', async () => {
  const { id, ask } = await hire(['salesConsultant'])
  const lend = (span: object) =>
    it.send('owner', 'POST', `/api/people/${id}/loans`, { role: 'storeManager', storeIds: [it.house.stores.north.id], ...span })
  const rolesNow = async () => (await it.parts.actors.ofStaff(it.parts.pool, id))!.roles
  for (const span of [{ endsAt: soon(-1_000) }, { endsAt: soon(93 * 86_400_000) }, { startsAt: soon(5_000), endsAt: soon(1_000) }])
    expect(codeOf(await lend(span))).toBe('input_invalid')
  expect((await lend({ startsAt: soon(3_600_000), endsAt: soon(7_200_000) })).statusCode).toBe(201)
  expect(await rolesNow()).toEqual(['salesConsultant'])
  expect((await lend({ endsAt: soon(1_500) })).statusCode).toBe(201)
  expect(await rolesNow()).toEqual(['salesConsultant', 'storeManager'])
  expect((await ask('GET', '/api/jobs')).statusCode).toBe(200)
  await forget()
  expect(await rolesNow()).toEqual(['salesConsultant'])
  expect(codeOf(await ask('POST', '/api/imports?kind=csv'))).toBe('forbidden')
  await it.house.db.owner.query("update auth.role_grant set ends_at = '2199-01-01' where staff_id = $1 and kind = 'temporary'", [id])
  await it.house.db.owner.query("update auth.role_grant set starts_at = '2020-01-01' where staff_id = $1 and kind = 'temporary'", [id])
  expect(await rolesNow()).toEqual(['salesConsultant'])
  const { rows } = await it.house.db.owner.query("select 1 from audit.entry where action = 'grant_invalid'")
  expect(rows.length).toBeGreaterThan(0)
  const { loans } = await person(id)
  expect((await it.send('owner', 'DELETE', `/api/loans/${loans[0]!.id}`)).statusCode).toBe(204)
  expect(codeOf(await ask('DELETE', `/api/loans/${loans[1]!.id}`))).toBe('not_found')
})

test('whoever goes on holiday puts a colleague in their place, for that time, without a power over the installation', async () => {
  const north = it.house.stores.north.id
  const away = await hire(['salesConsultant'])
  const stays = await hire(['salesConsultant'], [it.house.stores.south.id])
  const [customer] = await it.house.addCustomers([{ name: '托管客户', ownerId: away.id, storeId: north, phones: ['+8613712340001'] }])
  expect(codeOf(await stays.ask('GET', `/api/customers/${customer!.id}`))).toBe('not_found')
  const asked = { staffId: stays.id, endsAt: soon(86_400_000) }
  const { ids } = (await away.ask('POST', '/api/me/delegations', asked)).json<{ ids: string[] }>()
  await forget()
  expect((await stays.ask('GET', `/api/customers/${customer!.id}`)).json()).toMatchObject({ phones: ['+8613712340001'] })
  const told = { ids, staffId: stays.id, forStaff: away.id, roles: ['salesConsultant'], starts: null }
  expect((await away.ask('GET', '/api/me/delegations')).json()).toMatchObject({ given: [told], received: [] })
  expect((await stays.ask('GET', '/api/me/delegations')).json()).toMatchObject({ given: [], received: [told] })
  expect((await it.send('owner', 'GET', '/api/me/delegations')).json()).toEqual({ given: [], received: [] })
  expect((await away.ask('DELETE', `/api/loans/${ids[0]}`)).statusCode).toBe(204)
  await forget()
  expect(codeOf(await stays.ask('GET', `/api/customers/${customer!.id}`))).toBe('not_found')
  for (const who of ['owner', 'auditor'] as const)
    expect(codeOf(await it.send(who, 'POST', '/api/me/delegations', asked))).toBe('forbidden')
  expect(codeOf(await away.ask('POST', '/api/me/delegations', { ...asked, staffId: away.id }))).toBe('input_invalid')
})

test('a role of the dealer’s own is defined, held, changed and retired; a wrong one is refused by name', async () => {
  const { storeManager } = roles
  const made = await it.send('owner', 'POST', '/api/roles', { name: '资深顾问', role: storeManager })
  const { id } = made.json<{ id: string }>()
  expect(made.statusCode).toBe(201)
  expect(codeOf(await it.send('owner', 'POST', '/api/roles', { name: '资深顾问', role: storeManager }))).toBe('duplicate')
  expect(codeOf(await it.send('owner', 'POST', '/api/roles', { name: '店主', role: storeManager }))).toBe('input_invalid')
  const wide = { ...storeManager, entities: { customer: { rows: 'own', names: 'all' } } }
  expect((await it.send('owner', 'POST', '/api/roles', { name: '越界', role: wide })).json()).toMatchObject({
    details: { problems: [{ field: 'entities.customer.names', problem: 'too_wide' }] },
  })
  const holder = await hire([id])
  await holder.ask('GET', '/api/session')
  expect((await it.parts.actors.ofStaff(it.parts.pool, holder.id))!.standings).toMatchObject([{ roleId: id, name: '资深顾问' }])
  const powerful = { ...storeManager, duties: ['access.manage'] }
  const change = (role: object, more: object = {}) =>
    it.send('owner', 'PUT', `/api/roles/${id}`, { version: 1, name: '资深顾问', role, ...more })
  expect(codeOf(await change(powerful))).toBe('separation')
  expect((await change({ ...storeManager, revealsPerDay: 5 })).json()).toEqual({ id, version: 2 })
  expect(codeOf(await change(storeManager))).toBe('version_conflict')
  expect((await it.send('owner', 'DELETE', `/api/roles/${id}`, { version: 2 })).json()).toMatchObject({
    code: 'role_in_use',
    details: { holders: 1 },
  })
  await it.house.db.owner.query('update auth.own_role set definition = replace(definition, \'"store"\', \'"all"\') where id = $1', [id])
  expect((await it.parts.actors.ofStaff(it.parts.pool, holder.id))!.roles).toEqual([])
  await setRoles('owner', holder.id, [])
  expect((await it.send('owner', 'DELETE', `/api/roles/${id}`, { version: 2 })).statusCode).toBe(204)
  expect(codeOf(await setRoles('owner', holder.id, [id]))).toBe('input_invalid')
})

test('a role that is edited until nobody grants any more is refused', async () => {
  const keeper = { ...roles.securityOfficer, duties: ['access.manage', 'staff.manage', 'keys.manage'] }
  const { id } = (await it.send('owner', 'POST', '/api/roles', { name: '总管', role: keeper })).json<{ id: string }>()
  const holder = await hire([])
  await setRoles('owner', holder.id, [id], { accepts: 'vacancy' })
  // Only this role keeps the duties: the owners of this moment are made to be none by hand, as an old backup might have it.
  await it.house.db.owner.query("update auth.role_grant set kind = 'temporary', ends_at = '2199-01-01' where role = 'owner'")
  await forget()
  const answer = await holder.ask('POST', '/api/roles', { name: '另一', role: roles.finance })
  expect(codeOf(answer)).toBe('last_owner')
  const macKey = await it.parts.macKey()
  await it.house.db.owner.query("delete from auth.role_grant where role = 'owner'")
  const owner = {
    staffId: idOf('owner'),
    roles: ['owner'],
    storeIds: [it.house.stores.north.id, it.house.stores.south.id],
    grantedBy: null,
  }
  await grantRoles(it.parts.pool, macKey, owner)
  await forget()
})

test('suspended is out at once, and back when it is lifted', async () => {
  const { id, ask, token } = await hire(['salesConsultant'])
  expect((await ask('GET', '/api/session')).statusCode).toBe(200)
  expect((await it.send('owner', 'POST', `/api/people/${id}/suspend`)).statusCode).toBe(204)
  expect((await ask('GET', '/api/session')).statusCode).toBe(401)
  expect(await it.parts.sessions.ofToken(token, null)).toBeNull()
  expect(await person(id)).toMatchObject({ suspended: 'manual' })
  expect(codeOf(await it.send('owner', 'POST', `/api/people/${idOf('owner')}/suspend`))).toBe('own_rights')
  expect((await it.send('owner', 'POST', `/api/people/${id}/resume`)).statusCode).toBe(204)
  expect(codeOf(await it.send('owner', 'POST', `/api/people/${id}/resume`))).toBe('not_found')
  expect(await it.parts.actors.ofStaff(it.parts.pool, id)).not.toBeNull()
})

test('what somebody could see is told without showing it', async () => {
  await it.house.addCustomers([
    { name: '预览甲', phones: ['+8613612340001'] },
    { name: '预览乙', ownerId: null },
  ])
  const newest = await it.house.db.owner.query<{ id: number }>("select max(id)::int as id from audit.entry where action = 'create'")
  await it.parts.search.waitFor(newest.rows[0]!.id)
  type Told = {
    inSight: number
    open: number
    sample: { name: string; open: string[]; masked: string[] }[]
    entities: { entity: string }[]
    duties: string[]
  }
  const answer = await it.send('owner', 'GET', `/api/people/${idOf('consultantA')}/sight`)
  const sight = answer.json<Told>()
  expect(sight.inSight).toBeGreaterThan(sight.open)
  expect(sight.sample.find(({ name }) => name === '预览甲')).toMatchObject({ open: expect.arrayContaining(['phones', 'name']) })
  expect(sight.sample.find(({ name }) => name === '预览乙')).toMatchObject({ masked: expect.arrayContaining(['phones']) })
  expect(answer.body).not.toContain('+8613612340001')
  const officer = await hire(['securityOfficer'], [])
  expect((await officer.ask('GET', `/api/people/${idOf('consultantA')}/sight`)).json<Told>().sample).toEqual([])
  expect(codeOf(await it.send('manager', 'GET', `/api/people/${idOf('consultantA')}/sight`))).toBe('not_found')
  for (const url of ['/api/people', '/api/roles']) expect(codeOf(await it.send('consultantA', 'GET', url))).toBe('not_found')
})
