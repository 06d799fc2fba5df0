import { afterAll, beforeAll, expect, test } from 'vitest'
import { password, testApp, type TestApp, testSite } from '../../test/support/app.ts'
import { openAuthenticator } from '../../test/support/authenticator.ts'
import { codeOf, openBrowser } from '../../test/support/browserSession.ts'
import { credentialOf, storeCredential } from './credentials.ts'
import { graceDays, writeSecondFactor } from './secondFactor.ts'

const freshFor = 5 * 60_000
let it: TestApp
beforeAll(async () => {
  it = await testApp({ freshFor })
})
afterAll(() => it.close())

type Browser = ReturnType<typeof openBrowser>
const signedIn = async (login: string): Promise<Browser> => {
  const browser = openBrowser(it)
  await browser.json('POST', '/api/session', { login, password })
  return browser
}
/** Makes what a session showed six minutes old, under its MAC: the same as waiting. */
const age = async (browser: Browser): Promise<void> => {
  const { actor } = await browser.json<{ actor: { sessionId: string } }>('GET', '/api/session')
  await it.parts.sessions.showed(actor.sessionId, 'password', new Date(Date.now() - freshFor - 60_000))
}

test('an act that asks for it is done within five minutes, and after them only once somebody has shown who they are', async () => {
  const browser = await signedIn('laoban')
  expect(await browser.code('POST', '/api/keys/verify')).toBe(202)
  await age(browser)
  const refused = await browser.ask('POST', '/api/keys/verify')
  expect([refused.statusCode, refused.json()]).toMatchObject([403, { code: 'step_up_required', details: { methods: ['password'] } }])
  // Ordinary acts go on.
  expect(await browser.code('GET', '/api/customers')).toBe(200)
  expect(await browser.code('POST', '/api/session/step-up', { password: 'wrong' })).toBe('step_up_failed')
  expect(await browser.code('POST', '/api/session/step-up', { password })).toBe(204)
  await it.house.db.owner.query("update job set state = 'done'")
  expect(await browser.code('POST', '/api/keys/verify')).toBe(202)
  const { rows } = await it.house.db.owner.query("select 1 from audit.entry where action = 'step_up'")
  expect(rows).toHaveLength(2)
})

test('who has no right is told so, and not asked to step up', async () => {
  const browser = await signedIn('xiaoai')
  await age(browser)
  expect(await browser.code('POST', '/api/keys/verify')).toBe('not_found')
})

test('an account with a second factor shows that one: its password does not step up', async () => {
  const browser = await signedIn('dianzhang')
  const { secret, ticket } = await browser.json<{ secret: string; ticket: string }>('POST', '/api/me/code')
  expect(await browser.code('POST', '/api/me/code/confirm', { ticket, code: codeOf(secret, -1) })).toBe(204)
  await age(browser)
  expect(await browser.code('POST', '/api/me/recovery-codes')).toBe('step_up_required')
  expect(await browser.code('POST', '/api/session/step-up', { password })).toBe('step_up_failed')
  expect(await browser.code('POST', '/api/session/step-up', { code: codeOf(secret) })).toBe(204)
  expect(await browser.code('POST', '/api/me/recovery-codes')).toBe(200)
})

test('guesses are throttled', async () => {
  const browser = await signedIn('shenji')
  for (let i = 0; i < 8; i += 1) await browser.code('POST', '/api/session/step-up', { password: 'guess' })
  await it.house.db.owner.query("update auth.throttle set blocked_until = now() + interval '1 minute' where blocked_until is not null")
  expect(await browser.code('POST', '/api/session/step-up', { password })).toBe('throttled')
})

test('the CSRF token is asked for first, and another session’s does not do', async () => {
  const browser = await signedIn('laoban')
  const other = await signedIn('laoban')
  const { csrfToken } = await other.json<{ csrfToken: string }>('GET', '/api/session')
  const cookie = `anechoic=${browser.jar.get('anechoic')}`
  for (const token of ['', csrfToken, 'x'])
    expect((await it.send(null, 'POST', '/api/session/step-up', { password }, { cookie, 'x-csrf-token': token })).json()).toMatchObject({
      code: 'csrf',
    })
})

test('privileged staff without a second factor are reminded for seven days, and may then only enrol one', async () => {
  const browser = await signedIn('laoban')
  const { factorDue } = await browser.json<{ factorDue: string }>('GET', '/api/session')
  expect(Date.parse(factorDue)).toBeGreaterThan(Date.now() + (graceDays - 1) * 86_400_000)
  expect(await (await signedIn('xiaobai')).json('GET', '/api/session')).toMatchObject({ factorDue: null })
  const { staffId } = it.house.actors.owner
  const macKey = await it.parts.macKey()
  // As if they had signed in first eight days ago.
  const row = (await credentialOf(it.parts.pool, staffId))!
  const long = new Date(Date.now() - (graceDays + 1) * 86_400_000)
  await storeCredential(it.parts.pool, macKey, { staffId, passwordHash: row.password_hash, mustChange: false, firstSignIn: long })
  it.parts.sessions.refresh(staffId)
  expect(await browser.code('GET', '/api/customers')).toBe('second_factor_required')
  expect(await browser.json('GET', '/api/session')).toMatchObject({ owes: 'factor' })
  // Not by an altered setting either.
  await it.house.db.owner.query(`insert into setting (key, value) values ('secondFactor', '{"for":"none","mac":"x"}')`)
  it.parts.sessions.refresh(staffId)
  expect(await browser.code('GET', '/api/customers')).toBe('second_factor_required')
  const authenticator = openAuthenticator(testSite)
  const { options } = await browser.json<{ options: never }>('POST', '/api/me/passkeys/options')
  expect(await browser.code('POST', '/api/me/passkeys', { name: '手机', response: authenticator.create(options) })).toBe(201)
  expect(await browser.code('GET', '/api/customers')).toBe(200)
  await writeSecondFactor(it.parts.pool, macKey, 'everyone')
  expect((await (await signedIn('xiaobai')).json<{ factorDue: string }>('GET', '/api/session')).factorDue).not.toBeNull()
  await writeSecondFactor(it.parts.pool, macKey, 'none')
})
