import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { password, testApp, type TestApp, testSite } from '../../test/support/app.ts'
import { openAuthenticator } from '../../test/support/authenticator.ts'
import { openBrowser } from '../../test/support/browserSession.ts'
import { labelDevice } from './deviceLabel.ts'
import { pinProblem } from './pins.ts'
import { placeOf } from './place.ts'

let it: TestApp
beforeAll(async () => {
  it = await testApp()
})
afterAll(() => it.close())
beforeEach(async () => {
  const { owner } = it.house.db
  await owner.query('delete from auth.throttle')
  await owner.query('delete from auth.session')
  await owner.query('delete from auth.passkey')
})

type Browser = ReturnType<typeof openBrowser>
const pin = '274913'
const enter = (browser: Browser, login: string) => browser.json('POST', '/api/session', { login, password })
const opened = async (login = 'xiaoai'): Promise<Browser> => {
  const browser = openBrowser(it)
  await enter(browser, login)
  return browser
}
const idOf = (who: 'consultantA' | 'consultantB' | 'manager'): string => it.house.actors[who].staffId

test('a session locks after fifteen idle minutes, refuses everything, and is unlocked by the password with a new token', async () => {
  const browser = await opened()
  await it.house.db.owner.query("update auth.session set seen_at = now() - interval '16 minutes'")
  const token = browser.jar.get('anechoic')!
  await it.parts.sessions.ofToken(token, null, { anew: true })
  it.parts.sessions.refresh(idOf('consultantA'))
  for (const [method, url] of [
    ['GET', '/api/customers'],
    ['GET', '/api/session'],
    ['GET', '/api/me/draft-key'],
    ['GET', '/api/nowhere'],
    ['POST', '/api/customers'],
  ] as const)
    expect([url, await browser.code(method, url, method === 'POST' ? {} : undefined)]).toEqual([url, 'locked'])
  expect(await browser.json('GET', '/api/lock')).toMatchObject({
    persons: [{ staffId: idOf('consultantA'), name: '员工xiaoai', hasPin: false, hasPassword: true, current: true }],
  })
  expect(await browser.code('POST', '/api/session/unlock', { staffId: idOf('consultantA'), password: 'wrong' })).toBe('unlock_failed')
  expect(await browser.code('POST', '/api/session/unlock', { staffId: idOf('consultantA'), password })).toBe(200)
  expect(await browser.code('GET', '/api/customers')).toBe(200)
  // The token from before opens nothing, locked or not.
  expect(browser.jar.get('anechoic')).not.toBe(token)
  expect(await it.parts.sessions.ofToken(token, null)).toBeNull()
})

test('one locks at once, and asking for things in the background does not keep a session open', async () => {
  const browser = await opened()
  expect(await browser.code('POST', '/api/session/lock')).toBe(204)
  expect(await browser.code('GET', '/api/customers')).toBe('locked')
  expect(await browser.code('POST', '/api/session/lock')).toBe(204)
  expect(await browser.code('DELETE', '/api/session')).toBe(204)
  const other = await opened()
  const seen = async () => (await it.house.db.owner.query<{ seen_at: string }>('select seen_at::text from auth.session')).rows[0]!.seen_at
  await it.house.db.owner.query("update auth.session set seen_at = now() - interval '5 minutes'")
  const before = await seen()
  it.parts.sessions.refresh(idOf('consultantA'))
  await it.send(null, 'GET', '/api/notices', undefined, { cookie: `anechoic=${other.jar.get('anechoic')}`, 'x-anechoic-idle': '1' })
  expect(await seen()).toBe(before)
  it.parts.sessions.refresh(idOf('consultantA'))
  await other.ask('GET', '/api/notices')
  expect(await seen()).not.toBe(before)
})

test('a PIN unlocks on the device where it was set, and nowhere else; the fifth wrong one ends PIN and session there', async () => {
  const browser = await opened()
  const elsewhere = await opened()
  expect(await browser.code('PUT', '/api/me/pin', { pin })).toBe(204)
  const { rows } = await it.house.db.owner.query<{ pin_hash: string }>('select pin_hash from auth.device_staff where pin_hash is not null')
  expect(rows[0]!.pin_hash).toMatch(/^\$argon2id\$/)
  for (const one of [browser, elsewhere]) await one.ask('POST', '/api/session/lock')
  const unlock = (one: Browser, given: string) => one.code('POST', '/api/session/unlock', { staffId: idOf('consultantA'), pin: given })
  expect(await unlock(elsewhere, pin)).toBe('unlock_failed')
  expect(await unlock(browser, pin)).toBe(200)
  await browser.ask('POST', '/api/session/lock')
  for (let i = 0; i < 4; i += 1) expect(await unlock(browser, '111222')).toBe('unlock_failed')
  // A right one in between forgives.
  expect(await unlock(browser, pin)).toBe(200)
  await browser.ask('POST', '/api/session/lock')
  for (let i = 0; i < 4; i += 1) expect(await unlock(browser, '111222')).toBe('unlock_failed')
  expect(await unlock(browser, '111222')).toBe('not_signed_in')
  expect(await unlock(browser, pin)).toBe('not_signed_in')
  expect(await browser.code('GET', '/api/session')).toBe('not_signed_in')
  // The session elsewhere goes on.
  expect(await elsewhere.code('GET', '/api/customers')).toBe('locked')
})

test('on the shop’s PC a colleague switches by their own PIN, and back: each to their own session, under a new token', async () => {
  const counter = await opened('xiaoai')
  await counter.json('PUT', '/api/me/pin', { pin }).catch(() => null)
  const first = counter.jar.get('anechoic')!
  await enter(counter, 'dianzhang')
  await counter.ask('PUT', '/api/me/pin', { pin: '860427' })
  // Whoever sat there before is locked, with the token of then.
  expect(await it.parts.sessions.ofToken(first, null)).toMatchObject({ locked: true })
  const { persons } = await counter.json<{ persons: { name: string; hasPin: boolean; current: boolean }[] }>('GET', '/api/lock')
  expect(persons).toMatchObject([
    { name: '员工xiaoai', hasPin: true, current: false },
    { name: '员工dianzhang', hasPin: true, current: true },
  ])
  const switchTo = (who: 'consultantA' | 'manager', given: string) =>
    counter.code('POST', '/api/session/unlock', { staffId: idOf(who), pin: given })
  // Nobody switches with somebody else's PIN.
  expect(await switchTo('consultantA', '860427')).toBe('unlock_failed')
  expect(await switchTo('consultantA', pin)).toBe(200)
  expect(await counter.json('GET', '/api/session')).toMatchObject({ actor: { login: 'xiaoai' } })
  expect(counter.jar.get('anechoic')).not.toBe(first)
  expect(await switchTo('manager', '860427')).toBe(200)
  expect(await counter.json('GET', '/api/session')).toMatchObject({ actor: { login: 'dianzhang' } })
  expect(await switchTo('consultantA', pin)).toBe(200)
  // Somebody without a session here cannot be switched to.
  expect(await counter.code('POST', '/api/session/unlock', { staffId: idOf('consultantB'), password })).toBe('not_signed_in')
})

test('without the device’s mark nobody is named and nothing unlocks', async () => {
  const browser = await opened()
  await browser.ask('POST', '/api/session/lock')
  browser.jar.delete('anechoic-device')
  expect(await browser.json('GET', '/api/lock')).toEqual({ persons: [] })
  expect(await browser.code('POST', '/api/session/unlock', { staffId: idOf('consultantA'), password })).toBe('not_signed_in')
})

test('a passkey unlocks, and counts as freshly shown; one asked for on another device does not', async () => {
  const browser = await opened()
  const authenticator = openAuthenticator(testSite)
  const { options } = await browser.json<{ options: never }>('POST', '/api/me/passkeys/options')
  await browser.json('POST', '/api/me/passkeys', { name: '指纹', response: authenticator.create(options) })
  const elsewhere = await openBrowser(it)
  const sign = await elsewhere.json<{ options: never }>('POST', '/api/session/passkey/options')
  await elsewhere.json('POST', '/api/session/passkey', { response: authenticator.show(sign.options) })
  await browser.ask('POST', '/api/session/lock')
  const foreign = await elsewhere.json<{ options: never }>('POST', '/api/session/unlock/options', {})
  expect(await browser.code('POST', '/api/session/unlock', { passkey: authenticator.show(foreign.options) })).toBe('unlock_failed')
  const asked = await browser.json<{ options: never }>('POST', '/api/session/unlock/options', {})
  expect(await browser.code('POST', '/api/session/unlock', { passkey: authenticator.show(asked.options) })).toBe(200)
  expect(await browser.code('GET', '/api/customers')).toBe(200)
})

test('drafts’ key is one per person and device, sealed at rest, and given only to an unlocked session', async () => {
  const browser = await opened()
  const { key } = await browser.json<{ key: string }>('GET', '/api/me/draft-key')
  expect(Buffer.from(key, 'base64')).toHaveLength(32)
  expect((await browser.json<{ key: string }>('GET', '/api/me/draft-key')).key).toBe(key)
  expect((await (await opened()).json<{ key: string }>('GET', '/api/me/draft-key')).key).not.toBe(key)
  const { rows } = await it.house.db.owner.query<{ key: Buffer }>(
    'select sealed_draft_key as key from auth.device_staff where sealed_draft_key is not null',
  )
  for (const row of rows) expect(row.key.includes(Buffer.from(key, 'base64'))).toBe(false)
  await browser.ask('POST', '/api/session/lock')
  expect(await browser.code('GET', '/api/me/draft-key')).toBe('locked')
})

test('a lost device: its session, PIN, draft key and own passkeys die, and it is told at its next contact', async () => {
  const lost = await opened()
  const deviceId = (await lost.json<{ deviceId: string }>('GET', '/api/session')).deviceId
  await lost.ask('PUT', '/api/me/pin', { pin })
  await lost.json('GET', '/api/me/draft-key')
  const add = async (synced: boolean) => {
    const { options } = await lost.json<{ options: never }>('POST', '/api/me/passkeys/options')
    const { id } = await lost.json<{ id: string }>('POST', '/api/me/passkeys', {
      name: synced ? '云端' : '本机',
      response: openAuthenticator({ ...testSite, synced }).create(options),
    })
    return id
  }
  await add(false)
  const synced = await add(true)
  const elsewhere = openBrowser(it)
  await it.house.db.owner.query('delete from auth.totp')
  const { codes } = await lost.json<{ codes: string[] }>('POST', '/api/me/recovery-codes')
  await elsewhere.json('POST', '/api/session', { login: 'xiaoai', password, code: codes[0] })
  expect(await elsewhere.json('POST', `/api/me/devices/${deviceId}/lost`, {})).toEqual({ removed: 1 })
  expect(await elsewhere.json('GET', '/api/me/security')).toMatchObject({ passkeys: [{ id: synced }] })
  expect(await lost.code('GET', '/api/customers')).toBe('device_lost')
  expect(await lost.code('GET', '/api/session')).toBe('device_lost')
  expect(await lost.code('POST', '/api/session/unlock', { staffId: idOf('consultantA'), pin })).toBe('not_signed_in')
  const { rows } = await it.house.db.owner.query('select pin_hash, sealed_draft_key from auth.device_staff where device_id = $1', [
    deviceId,
  ])
  expect(rows).toEqual([{ pin_hash: null, sealed_draft_key: null }])
  expect(await lost.code('POST', '/api/device/forget')).toBe(204)
  expect([...lost.jar.keys()]).toEqual([])
  expect(await lost.code('GET', '/api/session')).toBe('not_signed_in')
})

test('one’s own report leaves others on a shared device in peace; that of who manages staff does not', async () => {
  const counter = await opened('xiaoai')
  const { deviceId } = await counter.json<{ deviceId: string }>('GET', '/api/session')
  await enter(counter, 'xiaobai')
  const elsewhere = await opened('xiaoai')
  await elsewhere.json('POST', `/api/me/devices/${deviceId}/lost`, {})
  expect(await counter.code('GET', '/api/customers')).toBe(200)
  expect(
    await it.send('consultantA', 'POST', `/api/staff/${idOf('consultantB')}/devices/${deviceId}/lost`, {}).then((a) => a.json()),
  ).toMatchObject({
    code: 'not_found',
  })
  expect((await it.send('owner', 'POST', `/api/staff/${idOf('consultantB')}/devices/${deviceId}/lost`, {})).statusCode).toBe(200)
  expect(await counter.code('GET', '/api/customers')).toBe('device_lost')
  // Signing in there again makes it a new device.
  expect(await counter.code('POST', '/api/session', { login: 'xiaobai', password })).toBe(200)
  expect((await counter.json<{ deviceId: string }>('GET', '/api/session')).deviceId).not.toBe(deviceId)
})

test('sessions are listed with device, place and way, ended singly and all at once; who manages staff sees and ends others’', async () => {
  const first = await opened('xiaoai')
  await opened('xiaoai')
  const { items } = await first.json<{ items: Record<string, unknown>[] }>('GET', '/api/sessions')
  expect(items).toHaveLength(2)
  expect(items[1]).toMatchObject({
    browser: 'Chrome',
    system: 'Windows',
    place: 'here',
    address: '127.0.0.1',
    method: 'password',
    current: true,
  })
  const { rows } = await it.house.db.owner.query<{ text: string }>("select encode(sealed_client, 'escape') as text from auth.session")
  expect(rows.map(({ text }) => text).join()).not.toContain('127.0.0.1')
  expect(await first.json('DELETE', '/api/sessions')).toEqual({ ended: 1 })
  const others = await it.send('owner', 'GET', `/api/staff/${idOf('consultantA')}/sessions`)
  expect(others.json()).toMatchObject({ items: [{ browser: 'Chrome', place: 'here' }] })
  const id = others.json<{ items: { id: string }[] }>().items[0]!.id
  expect((await it.send('consultantB', 'GET', `/api/staff/${idOf('consultantA')}/sessions`)).statusCode).toBe(404)
  expect((await it.send('owner', 'DELETE', `/api/staff/${idOf('consultantA')}/sessions/${id}`)).statusCode).toBe(204)
  expect(await first.code('GET', '/api/session')).toBe('not_signed_in')
})

test('a device that is new to somebody is pointed out to them, the first of all is not', async () => {
  await it.house.db.owner.query('delete from notice')
  await it.house.db.owner.query('delete from auth.device_staff where staff_id = $1', [idOf('consultantB')])
  const kinds = async (browser: Browser) =>
    (await browser.json<{ items: { kind: string }[] }>('GET', '/api/notices')).items.map(({ kind }) => kind)
  const first = await opened('xiaobai')
  expect(await kinds(first)).toEqual([])
  await enter(first, 'xiaobai')
  expect(await kinds(first)).toEqual([])
  const second = await opened('xiaobai')
  expect(await kinds(second)).toEqual(['new_device'])
  const { items, unseen } = await second.json<{ items: { id: number }[]; unseen: number }>('GET', '/api/notices')
  expect(unseen).toBe(1)
  await second.ask('POST', '/api/notices/seen', { upTo: items[0]!.id })
  expect(await second.json('GET', '/api/notices')).toMatchObject({ unseen: 0 })
  // Nobody reads another's.
  expect((await it.send('auditor', 'GET', '/api/notices')).json()).toMatchObject({ items: [] })
})

test.each([
  ['12345', 'format'],
  ['1234567890123', 'format'],
  ['12a456', 'format'],
  ['123456', 'too_common'],
  ['987654', 'too_common'],
  ['888888', 'too_common'],
  ['131313', 'too_common'],
  ['5201314', 'too_common'],
  ['274913', null],
])('PIN %s: %s', (given, problem) => expect(pinProblem(given)).toBe(problem))

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0',
    'Edge',
    'Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
    'Safari',
    'iOS',
  ],
  [
    'Mozilla/5.0 (Linux; Android 15; ALN-AL00) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36 MicroMessenger/8.0.50',
    'WeChat',
    'Android',
  ],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox', 'macOS'],
  ['curl/8.5', '', ''],
])('%s', (agent, browser, system) => expect(labelDevice(agent)).toEqual({ browser, system }))

test.each([
  ['127.0.0.1', 'here'],
  ['::1', 'here'],
  ['::ffff:192.168.1.5', 'local'],
  ['10.0.0.7', 'local'],
  ['fd00::1', 'local'],
  ['203.0.113.9', 'outside'],
  ['2001:db8::1', 'outside'],
  [null, null],
])('%s is %s', (address, place) => expect(placeOf(address)).toBe(place))
