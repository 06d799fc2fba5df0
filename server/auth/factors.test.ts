import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { password, testApp, type TestApp, testSite, type Who } from '../../test/support/app.ts'
import { openAuthenticator } from '../../test/support/authenticator.ts'
import { codeOf, openBrowser } from '../../test/support/browserSession.ts'

let it: TestApp
beforeAll(async () => {
  it = await testApp()
})
afterAll(() => it.close())
beforeEach(async () => {
  const { owner } = it.house.db
  await owner.query('delete from auth.throttle')
  for (const table of ['passkey', 'totp', 'recovery_code']) await owner.query(`delete from auth.${table}`)
})

type Options = { options: { challenge: string; rp: { id: string }; user: { id: string }; rpId: string } }
const loginOf = (who: Who): string => it.house.actors[who].login
const signedIn = async (who: Who) => {
  const browser = openBrowser(it)
  await browser.json('POST', '/api/session', { login: loginOf(who), password })
  return browser
}
const enrol = async (browser: ReturnType<typeof openBrowser>, authenticator = openAuthenticator(testSite)) => {
  const { options } = await browser.json<Options>('POST', '/api/me/passkeys/options')
  await browser.json('POST', '/api/me/passkeys', { name: '指纹', response: authenticator.create(options) })
  return authenticator
}
const ask = async (
  browser: ReturnType<typeof openBrowser>,
  what: 'session/passkey' | 'session/step-up' | 'session/unlock' = 'session/passkey',
) => (await browser.json<Options>('POST', `/api/${what}/options`, what === 'session/unlock' ? {} : undefined)).options
const refusals = async (): Promise<(readonly string[])[]> =>
  (await it.parts.audit.find({ actions: ['sign_in_failed'] })).toReversed().map(({ fields }) => fields)
const enrolCode = async (browser: ReturnType<typeof openBrowser>) => {
  const { secret, ticket, uri } = await browser.json<{ secret: string; ticket: string; uri: string }>('POST', '/api/me/code')
  expect(uri).toContain('otpauth://totp/')
  // A wrong first code costs nothing but another try.
  const wrong = await browser.ask('POST', '/api/me/code/confirm', { ticket, code: '000000' })
  expect(wrong.json()).toMatchObject({ code: 'code_wrong' })
  const again = wrong.json<{ details: { ticket: string } }>().details.ticket
  await browser.ask('POST', '/api/me/code/confirm', { ticket: again, code: codeOf(secret, -1) })
  return secret
}

test('a passkey is enrolled, named, and signs in alone without a login being typed', async () => {
  const browser = await signedIn('consultantA')
  const authenticator = await enrol(browser)
  const { passkeys } = await browser.json<{ passkeys: object[] }>('GET', '/api/me/security')
  expect(passkeys).toMatchObject([{ name: '指纹', synced: false, usedAt: null }])
  expect((await it.house.db.owner.query("select 1 from auth.passkey where encode(sealed_name, 'escape') like '%指纹%'")).rowCount).toBe(0)
  const other = openBrowser(it)
  const session = await other.json<{ actor: { login: string }; method: string }>('POST', '/api/session/passkey', {
    response: authenticator.show(await ask(other)),
  })
  expect(session).toMatchObject({ actor: { login: 'xiaoai' }, method: 'passkey', methods: ['passkey', 'recovery'] })
})

test('a passkey that says it is synced is shown so', async () => {
  const browser = await signedIn('consultantA')
  await enrol(browser, openAuthenticator({ ...testSite, synced: true }))
  expect(await browser.json('GET', '/api/me/security')).toMatchObject({ passkeys: [{ synced: true }] })
})

test.each([
  ['from another origin', { origin: 'https://anechoic.example' }, 'passkey_origin'],
  ['from another port of this machine', { origin: 'http://localhost:7411' }, 'passkey_origin'],
  ['without user verification', { verified: false }, 'passkey_unverified'],
  ['whose counter went back', { counter: 1 }, 'passkey_counter'],
  ['for another site', { rpId: 'example.com' }, 'passkey_invalid'],
  ['to a challenge of its own', { challenge: 'AAAA' }, 'passkey_challenge'],
])('an answer %s is refused, and on record', async (_what, lie, fault) => {
  const browser = await signedIn('consultantA')
  const authenticator = await enrol(browser)
  const other = openBrowser(it)
  await other.json('POST', '/api/session/passkey', { response: authenticator.show(await ask(other)) })
  expect(await other.code('POST', '/api/session/passkey', { response: authenticator.show(await ask(other), lie) })).toBe('sign_in_failed')
  expect((await refusals()).at(-1)).toEqual([fault])
})

test('registering without user verification, or at another origin, is refused', async () => {
  const browser = await signedIn('consultantA')
  for (const lie of [{ verified: false }, { origin: 'https://anechoic.example' }]) {
    const { options } = await browser.json<Options>('POST', '/api/me/passkeys/options')
    const response = openAuthenticator(testSite).create(options, lie)
    expect(await browser.code('POST', '/api/me/passkeys', { name: 'x', response })).toBe('passkey_refused')
  }
  expect(await browser.json('GET', '/api/me/security')).toMatchObject({ passkeys: [] })
})

test('a challenge counts once, for its purpose, and for whom it was put to', async () => {
  const browser = await signedIn('consultantA')
  const authenticator = await enrol(browser)
  const stranger = openBrowser(it)
  const used = authenticator.show(await ask(stranger))
  expect(await stranger.code('POST', '/api/session/passkey', { response: used })).toBe(200)
  expect(await openBrowser(it).code('POST', '/api/session/passkey', { response: used })).toBe('sign_in_failed')
  // Asked for signing in, shown for stepping up, and the other way round; asked of one session, shown in another.
  expect(await browser.code('POST', '/api/session/step-up', { passkey: authenticator.show(await ask(openBrowser(it))) })).toBe(
    'step_up_failed',
  )
  const asked = await ask(browser, 'session/step-up')
  expect(await openBrowser(it).code('POST', '/api/session/passkey', { response: authenticator.show(asked) })).toBe('sign_in_failed')
  const mine = await openBrowser(it)
  await mine.json('POST', '/api/session/passkey', { response: authenticator.show(await ask(mine)) })
  expect(await mine.code('POST', '/api/session/step-up', { passkey: authenticator.show(await ask(browser, 'session/step-up')) })).toBe(
    'step_up_failed',
  )
  // An hour later it is no challenge any more.
  const late = await ask(mine, 'session/step-up')
  await it.house.db.owner.query("update auth.challenge set expires_at = now() - interval '1 second'")
  expect(await mine.code('POST', '/api/session/step-up', { passkey: authenticator.show(late) })).toBe('step_up_failed')
})

test('an altered passkey row opens nothing', async () => {
  const browser = await signedIn('consultantA')
  const authenticator = await enrol(browser)
  await it.house.db.owner.query('update auth.passkey set staff_id = $1', [it.house.actors.owner.staffId])
  const other = openBrowser(it)
  expect(await other.code('POST', '/api/session/passkey', { response: authenticator.show(await ask(other)) })).toBe('sign_in_failed')
})

test('somebody else’s passkey does not step up', async () => {
  const browser = await signedIn('consultantA')
  await enrol(browser)
  const theirs = await enrol(await signedIn('consultantB'))
  expect(await browser.code('POST', '/api/session/step-up', { passkey: theirs.show(await ask(browser, 'session/step-up')) })).toBe(
    'step_up_failed',
  )
})

test('whoever left does not come in by passkey', async () => {
  const browser = await signedIn('consultantB')
  const authenticator = await enrol(browser)
  await it.house.db.owner.query('update staff set active = false where id = $1', [it.house.actors.consultantB.staffId])
  const other = openBrowser(it)
  expect(await other.code('POST', '/api/session/passkey', { response: authenticator.show(await ask(other)) })).toBe('sign_in_failed')
  await it.house.db.owner.query('update staff set active = true where id = $1', [it.house.actors.consultantB.staffId])
})

test('with an app enrolled the password alone is not enough, that is told only after the right password, and a code counts once', async () => {
  const browser = await signedIn('manager')
  const secret = await enrolCode(browser)
  const login = { login: loginOf('manager'), password }
  const other = openBrowser(it)
  expect(await other.code('POST', '/api/session', { ...login, password: 'wrong' })).toBe('sign_in_failed')
  const asked = await other.ask('POST', '/api/session', login)
  expect([asked.statusCode, asked.json()]).toMatchObject([401, { code: 'code_required', details: { methods: ['code', 'recovery'] } }])
  expect(asked.headers['set-cookie']).toBeUndefined()
  expect(await other.code('POST', '/api/session', { ...login, code: '000000' })).toBe('code_wrong')
  // The step that confirmed the app is spent; the one now is good, once; then the next.
  expect(await other.code('POST', '/api/session', { ...login, code: codeOf(secret, -1) })).toBe('code_wrong')
  const code = codeOf(secret)
  expect(await other.code('POST', '/api/session', { ...login, code })).toBe(200)
  expect(await openBrowser(it).code('POST', '/api/session', { ...login, code })).toBe('code_wrong')
  expect(await other.json('GET', '/api/session')).toMatchObject({ method: 'password+code' })
  // The secret lies nowhere plain.
  const { rows } = await it.house.db.owner.query<{ text: string }>('select t::text as text from auth.totp t')
  expect(rows[0]!.text).not.toContain(secret)
})

test('the same code sent twice at once counts once', async () => {
  const secret = await enrolCode(await signedIn('manager'))
  const asked = { login: loginOf('manager'), password, code: codeOf(secret) }
  const answers = await Promise.all([0, 1, 2].map(() => openBrowser(it).code('POST', '/api/session', asked)))
  expect(answers.filter((answer) => answer === 200)).toHaveLength(1)
})

test('guesses at the code are throttled as guesses at the password are, and strangers do not hold up a known browser', async () => {
  const known = await signedIn('manager')
  const secret = await enrolCode(known)
  const login = { login: loginOf('manager'), password }
  const stranger = openBrowser(it)
  for (let i = 0; i < 5; i += 1) await stranger.code('POST', '/api/session', { ...login, code: '000000' })
  await it.house.db.owner.query("update auth.throttle set blocked_until = now() + interval '1 minute' where blocked_until is not null")
  expect(await stranger.code('POST', '/api/session', { ...login, code: codeOf(secret, 1) })).toBe('throttled')
  expect(await known.code('POST', '/api/session', { ...login, code: codeOf(secret, 1) })).toBe(200)
})

test('recovery codes are shown once, count once, and are replaced whole', async () => {
  const browser = await signedIn('manager')
  await enrolCode(browser)
  const { codes } = await browser.json<{ codes: string[] }>('POST', '/api/me/recovery-codes')
  expect(new Set(codes).size).toBe(10)
  const { rows } = await it.house.db.owner.query<{ text: string }>('select r::text as text from auth.recovery_code r')
  expect(rows.map(({ text }) => text).join()).not.toContain(codes[0]!.slice(0, 5))
  const login = { login: loginOf('manager'), password }
  const other = openBrowser(it)
  expect(await other.code('POST', '/api/session', { ...login, code: codes[0]!.toUpperCase().replace('-', ' ') })).toBe(200)
  expect(await other.json('GET', '/api/me/security')).toMatchObject({ recoveryLeft: 9 })
  expect(await openBrowser(it).code('POST', '/api/session', { ...login, code: codes[0] })).toBe('code_wrong')
  const notices = await other.json<{ items: { kind: string; detail: object }[] }>('GET', '/api/notices')
  expect(notices.items[0]).toMatchObject({ kind: 'recovery_code_used', detail: { left: 9 } })
  await browser.json('POST', '/api/me/recovery-codes')
  expect(await openBrowser(it).code('POST', '/api/session', { ...login, code: codes[1] })).toBe('code_wrong')
})

test('an over-long password is refused without being hashed, and a token is no token after signing out', async () => {
  const browser = openBrowser(it)
  expect(await browser.code('POST', '/api/session', { login: loginOf('consultantA'), password: 'x'.repeat(400) })).toBe('sign_in_failed')
  expect(await browser.code('POST', '/api/session', { login: loginOf('consultantA'), password: 'x'.repeat(4_000) })).toBe('input_invalid')
  await browser.json('POST', '/api/session', { login: loginOf('consultantA'), password })
  const stolen = browser.jar.get('anechoic')!
  expect(await browser.code('DELETE', '/api/session')).toBe(204)
  browser.jar.set('anechoic', stolen)
  expect(await browser.code('GET', '/api/session')).toBe('not_signed_in')
})

test('a session id that somebody planted is not the one after signing in, and opens nothing', async () => {
  const attacker = await signedIn('consultantB')
  const planted = attacker.jar.get('anechoic')!
  const victim = openBrowser(it)
  victim.jar.set('anechoic', planted)
  await victim.json('POST', '/api/session', { login: loginOf('consultantA'), password })
  expect(victim.jar.get('anechoic')).not.toBe(planted)
  expect(await attacker.json('GET', '/api/session')).toMatchObject({ actor: { login: 'xiaobai' } })
  const { json } = await signedIn('consultantA')
  const { items } = await json<{ items: unknown[] }>('GET', '/api/sessions')
  expect(items.length).toBeGreaterThan(0)
})

test('the last way in cannot be removed, and a password chosen beside a second factor must be changed when that goes', async () => {
  const browser = await signedIn('consultantA')
  await enrol(browser)
  expect(await browser.code('PUT', '/api/me/password', { password: 'vK3-pLw9' })).toBe(204)
  const { passkeys } = await browser.json<{ passkeys: { id: string }[] }>('GET', '/api/me/security')
  expect(await browser.code('DELETE', `/api/me/passkeys/${passkeys[0]!.id}`)).toBe(204)
  expect(await browser.code('GET', '/api/customers')).toBe('password_change_required')
  expect(await browser.code('PUT', '/api/me/password', { password: 'vK3-pLw9x' })).toBe('input_invalid')
  expect(await browser.code('PUT', '/api/me/password', { password })).toBe(204)
  expect(await browser.code('GET', '/api/customers')).toBe(200)
  await enrol(browser)
  await it.house.db.owner.query('delete from auth.credential where staff_id = $1', [it.house.actors.consultantA.staffId])
  const { passkeys: left } = await browser.json<{ passkeys: { id: string }[] }>('GET', '/api/me/security')
  expect(await browser.code('DELETE', `/api/me/passkeys/${left[0]!.id}`)).toBe('last_factor')
})
