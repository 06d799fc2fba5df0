import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../../test/support/app.ts'

let it: TestApp
beforeAll(async () => {
  it = await testApp()
  await it.house.addCustomers([{ name: '程序可见', phones: ['+8613612340009'] }])
})
afterAll(() => it.close())

const codeOf = (answer: { body: string }): unknown => (answer.body === '' ? null : (JSON.parse(answer.body) as { code?: unknown }).code)
let made = 0
const register = (more: object = {}) =>
  it.send('owner', 'POST', '/api/programs', {
    login: `svc${(made += 1)}`,
    name: '官网表单',
    ownerId: it.house.actors.manager.staffId,
    purpose: '接收官网留言',
    roles: ['storeManager'],
    storeIds: [it.house.stores.north.id],
    ...more,
  })
const program = async (more: { readOnly?: boolean; addresses?: string[]; days?: number } = {}) => {
  const { id } = (await register()).json<{ id: string }>()
  const answer = await it.send('owner', 'POST', `/api/programs/${id}/tokens`, { readOnly: false, addresses: [], days: 30, ...more })
  const { token, id: tokenId } = answer.json<{ token: string; id: string }>()
  const ask = (method: string, url: string, body?: unknown, headers: Record<string, string> = {}) =>
    it.send(null, method, url, body, { authorization: `Bearer ${token}`, ...headers })
  return { id, token, tokenId, ask }
}
const draft = () => ({ name: '留言客', kind: 'household', phones: [], emails: [], tags: [], storeId: it.house.stores.north.id })

test('a program does what its role may, on record under its own name, without cookie or CSRF token', async () => {
  const { id, ask } = await program()
  expect((await ask('GET', '/api/customers')).statusCode).toBe(200)
  expect((await ask('POST', '/api/customers', draft())).statusCode).toBe(201)
  expect((await ask('GET', '/api/catalogue')).statusCode).toBe(200)
  const { rows } = await it.house.db.owner.query(
    "select action from audit.entry where actor = $1 and action in ('list', 'create') order by id",
    [id],
  )
  expect(rows.map(({ action }) => action)).toEqual(expect.arrayContaining(['create']))
  const { items } = (await it.send('auditor', 'GET', '/api/programs')).json<{
    items: { id: string; purpose: string; tokens: { lastUsedAt: string | null }[] }[]
  }>()
  expect(items.find((one) => one.id === id)).toMatchObject({ purpose: '接收官网留言', tokens: [{ lastUsedAt: expect.any(String) }] })
})

test('what is for people, or wants somebody to show a factor, is not for programs; a reading token writes nothing', async () => {
  const { ask } = await program()
  for (const [method, url] of [
    ['GET', '/api/session'],
    ['GET', '/api/sessions'],
    ['DELETE', '/api/session'],
    ['POST', '/api/me/delegations'],
    ['GET', '/api/me/preferences/views.customers'],
    ['GET', '/api/notices'],
  ] as const)
    expect([url, codeOf(await ask(method, url))]).toEqual([url, 'not_found'])
  expect(codeOf(await ask('POST', '/api/emergencies', { reason: 'safety', note: '程序', storeIds: [it.house.stores.north.id] }))).toBe(
    'forbidden',
  )
  const reader = await program({ readOnly: true })
  expect(codeOf(await reader.ask('POST', '/api/customers', draft()))).toBe('forbidden')
  expect((await reader.ask('GET', '/api/customers')).statusCode).toBe(200)
})

test('no program holds a power, lacks an owner or a purpose, or is hired as a person', async () => {
  expect(codeOf(await register({ roles: ['auditor'] }))).toBe('separation')
  expect(codeOf(await register({ roles: ['owner'] }))).toBe('separation')
  expect(codeOf(await register({ ownerId: '01900000-0000-7000-8000-000000000000' }))).toBe('input_invalid')
  expect(codeOf(await register({ purpose: '  ' }))).toBe('input_invalid')
  const hire = { login: 'bot', name: '机器人', kind: 'service', roles: [], storeIds: [] }
  expect(codeOf(await it.send('owner', 'POST', '/api/staff', hire))).toBe('unknown_key')
  const left = await it.house.db.owner.query("select 1 from staff where login = 'bot'")
  expect(left.rowCount).toBe(0)
})

test('a token is refused from elsewhere, when it is over, revoked, altered or made up, and when its owner is gone', async () => {
  const here = await program({ addresses: ['127.0.0.0/8', '::1'] })
  expect((await here.ask('GET', '/api/customers')).statusCode).toBe(200)
  const elsewhere = await program({ addresses: ['203.0.113.0/24'] })
  expect(codeOf(await elsewhere.ask('GET', '/api/customers'))).toBe('not_signed_in')
  const refused = await it.house.db.owner.query("select 1 from audit.entry where action = 'sign_in_failed'")
  expect(refused.rowCount).toBe(1)
  for (const addresses of [['nonsense'], ['10.0.0.1/8'], ['1.2.3.4/99'], ['0.0.0.0/0']]) {
    const answer = await it.send('owner', 'POST', `/api/programs/${here.id}/tokens`, { readOnly: true, addresses, days: 1 })
    expect([addresses, codeOf(answer)]).toEqual([addresses, 'input_invalid'])
  }
  expect(codeOf(await it.send('owner', 'POST', `/api/programs/${here.id}/tokens`, { readOnly: true, addresses: [], days: 400 }))).toBe(
    'input_invalid',
  )

  expect((await it.send('owner', 'DELETE', `/api/tokens/${here.tokenId}`)).statusCode).toBe(204)
  expect(codeOf(await here.ask('GET', '/api/customers'))).toBe('not_signed_in')
  const reader = await program({ readOnly: true })
  await it.house.db.owner.query('update auth.service_token set read_only = false where id = $1', [reader.tokenId])
  expect(codeOf(await reader.ask('GET', '/api/customers'))).toBe('not_signed_in')
  const over = await program()
  await it.house.db.owner.query("update auth.service_token set expires_at = now() - interval '1 second' where id = $1", [over.tokenId])
  expect(codeOf(await over.ask('GET', '/api/customers'))).toBe('not_signed_in')
  for (const token of [`anc_${'A'.repeat(43)}`, 'anc_', 'x'])
    expect(codeOf(await it.send(null, 'GET', '/api/customers', undefined, { authorization: `Bearer ${token}` }))).toBe('not_signed_in')
  // A cookie beside a wrong token is not the program's.
  const { cookie } = await it.headersOf('owner')
  expect(codeOf(await it.send(null, 'GET', '/api/customers', undefined, { cookie: cookie!, authorization: 'Bearer anc_x' }))).toBe(
    'not_signed_in',
  )

  const orphan = await program()
  await it.house.db.owner.query('update staff set leaves_on = current_date - 2 where id = $1', [it.house.actors.manager.staffId])
  expect(codeOf(await orphan.ask('GET', '/api/customers'))).toBe('not_signed_in')
})
