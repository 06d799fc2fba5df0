import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { password, testApp, type TestApp, testSite, type Who } from '../../../test/support/app.ts'
import { openAuthenticator } from '../../../test/support/authenticator.ts'
import { openBrowser } from '../../../test/support/browserSession.ts'

let it: TestApp
beforeAll(async () => {
  it = await testApp()
})
afterAll(() => it.close())
beforeEach(() => it.house.db.owner.query('delete from auth.throttle'))

type Link = { id: string; token: string; expiresAt: string }
const own = 'nur-ich-kenne-diese-worte'
let hired = 0
const invite = async (invitation: unknown = true) => {
  const body = {
    login: `xinren${(hired += 1)}`,
    name: '新人',
    roles: ['salesConsultant'],
    storeIds: [it.house.stores.north.id],
    invite: invitation,
  }
  const answer = await it.send('owner', 'POST', '/api/staff', body)
  return { login: body.login, answer, ...answer.json<{ id: string; password: null; invitation: { token: string } }>() }
}
const issue = (who: Who, id: string, body: object) => it.send(who, 'POST', `/api/staff/${id}/links`, body)

test('an invitation is looked at, used once with a password of one’s own, and signs in', async () => {
  const { login, password: none, invitation } = await invite()
  expect(none).toBeNull()
  const { token } = invitation
  const browser = openBrowser(it)
  expect(await browser.json('POST', '/api/join/look', { token })).toMatchObject({
    purpose: 'invite',
    by: '员工laoban',
    name: '新人',
    login,
  })
  expect(await browser.code('POST', '/api/join', { token })).toBe('input_invalid')
  expect(await browser.code('POST', '/api/join', { token, password: `${login}${login}${login}` })).toBe('input_invalid')
  expect(await browser.json('POST', '/api/join', { token, password: own })).toMatchObject({ actor: { login }, owes: null, method: 'link' })
  expect(await browser.code('GET', '/api/customers')).toBe(200)
  for (const again of ['/api/join/look', '/api/join/options'])
    expect(await openBrowser(it).code('POST', again, { token })).toBe('link_invalid')
  expect(await openBrowser(it).code('POST', '/api/join', { token, password: own })).toBe('link_invalid')
  expect(await openBrowser(it).code('POST', '/api/session', { login, password: own })).toBe(200)
})

test('an invitation is used with a passkey, and then there is no password at all', async () => {
  const { login, invitation } = await invite({ hours: 24 })
  const browser = openBrowser(it)
  const { token } = invitation
  const authenticator = openAuthenticator(testSite)
  const asked = await browser.json<{ options: never }>('POST', '/api/join/options', { token })
  // A refused passkey does not spend the link.
  const bad = { token, passkey: { name: '手机', response: openAuthenticator(testSite).create(asked.options, { verified: false }) } }
  expect(await browser.code('POST', '/api/join', bad)).toBe('passkey_refused')
  const { options } = await browser.json<{ options: never }>('POST', '/api/join/options', { token })
  expect(
    await browser.json('POST', '/api/join', { token, passkey: { name: '手机', response: authenticator.create(options) } }),
  ).toMatchObject({
    actor: { login },
    method: 'passkey',
  })
  expect(await browser.json('GET', '/api/me/security')).toMatchObject({ password: null, passkeys: [{ name: '手机' }] })
  expect(await openBrowser(it).code('POST', '/api/session', { login, password: 'anything' })).toBe('sign_in_failed')
})

test('of two who use a link at once one gets in', async () => {
  const { invitation } = await invite()
  const answers = await Promise.all(
    [0, 1, 2].map(() => openBrowser(it).code('POST', '/api/join', { token: invitation.token, password: own })),
  )
  expect(answers.filter((answer) => answer === 200)).toHaveLength(1)
})

test('a link is revoked, replaced, outlived, and dies with who sent it', async () => {
  const { id, invitation } = await invite()
  const look = (token: string) => openBrowser(it).code('POST', '/api/join/look', { token })
  const second = (await issue('owner', id, { purpose: 'invite', hours: 72 })).json<Link>()
  expect(await look(invitation.token)).toBe('link_invalid')
  expect(await look(second.token)).toBe(200)
  expect((await it.send('owner', 'GET', `/api/staff/${id}/links`)).json()).toMatchObject({ items: [{ id: second.id, purpose: 'invite' }] })
  expect((await it.send('owner', 'DELETE', `/api/staff/${id}/links/${second.id}`)).statusCode).toBe(204)
  expect(await look(second.token)).toBe('link_invalid')
  const third = (await issue('owner', id, { purpose: 'invite' })).json<Link>()
  // Longer by hand in the database: the MAC is wrong then.
  await it.house.db.owner.query("update auth.link set expires_at = expires_at + interval '1 year' where id = $1", [third.id])
  expect(await look(third.token)).toBe('link_invalid')
  expect((await issue('owner', id, { purpose: 'invite', hours: 100 })).statusCode).toBe(400)
  expect((await issue('consultantA', id, { purpose: 'invite' })).statusCode).toBe(404)
  expect((await issue('owner', it.house.actors.owner.staffId, { purpose: 'recover' })).statusCode).toBe(403)
})

test('neither the database nor the log holds a token', async () => {
  const { invitation } = await invite()
  await openBrowser(it).ask('POST', '/api/join/look', { token: invitation.token })
  const { rows } = await it.house.db.owner.query<{ text: string }>('select l::text as text from auth.link l')
  expect(rows.map(({ text }) => text).join()).not.toContain(invitation.token)
  expect(it.lines.join()).not.toContain(invitation.token)
})

test('a recovery takes every older factor and session away, and tells the person', async () => {
  const { staffId } = it.house.actors.consultantB
  const before = openBrowser(it)
  await before.json('POST', '/api/session', { login: 'xiaobai', password })
  const authenticator = openAuthenticator(testSite)
  const { options } = await before.json<{ options: never }>('POST', '/api/me/passkeys/options')
  await before.json('POST', '/api/me/passkeys', { name: '旧手机', response: authenticator.create(options) })
  const { token } = (await issue('owner', staffId, { purpose: 'recover' })).json<Link>()
  const browser = openBrowser(it)
  expect(await browser.json('POST', '/api/join/look', { token })).toMatchObject({ purpose: 'recover', login: 'xiaobai' })
  await browser.json('POST', '/api/join', { token, password: own })
  expect(await before.code('GET', '/api/session')).toBe('not_signed_in')
  expect(await openBrowser(it).code('POST', '/api/session', { login: 'xiaobai', password })).toBe('sign_in_failed')
  const stranger = openBrowser(it)
  const asked = await stranger.json<{ options: never }>('POST', '/api/session/passkey/options')
  expect(await stranger.code('POST', '/api/session/passkey', { response: authenticator.show(asked.options) })).toBe('sign_in_failed')
  const { items } = await browser.json<{ items: { kind: string }[] }>('GET', '/api/notices')
  expect(items.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['recovery_link_issued', 'account_recovered']))
})

test.each([
  ['xia0ai', 'looks_taken'],
  ['xiaoа1', 'bad_characters'],
  ['xiao ai', 'bad_characters'],
  ['ｄianzhang', 'duplicate'],
  ['dianzhang\u200b', 'duplicate'],
  ['LA0BAN', 'looks_taken'],
  ['shenj1', 'looks_taken'],
])('a login that looks like another is refused: %j', async (login, problem) => {
  const body = { login, name: '新人', roles: ['salesConsultant'], storeIds: [it.house.stores.north.id], invite: true }
  const answer = await it.send('owner', 'POST', '/api/staff', body)
  const { code, details } = answer.json<{ code: string; details: { problems?: { field: string; problem: string }[] } }>()
  expect(details.problems?.[0]?.problem ?? code).toBe(problem)
})

test('a login of Han characters, or like an e-mail address, is fine', async () => {
  for (const login of ['王小明', 'new.person@shop-1'])
    expect(
      (
        await it.send('owner', 'POST', '/api/staff', {
          login,
          name: '新人',
          roles: ['salesConsultant'],
          storeIds: [it.house.stores.north.id],
          invite: true,
        })
      ).statusCode,
    ).toBe(201)
})
