import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { password, testApp, type TestApp } from '../../test/support/app.ts'
import { openSessions } from './sessions.ts'
import { delayAfter } from './throttle.ts'

let it: TestApp
beforeAll(async () => {
  it = await testApp()
})
afterAll(() => it.close())
beforeEach(async () => {
  await it.house.db.owner.query('delete from auth.throttle')
})

type Answer = { code?: string; csrfToken?: string; details?: { retryAfter?: number } }
const signIn = (login: string, given: string, headers: Record<string, string> = {}) =>
  it.send(null, 'POST', '/api/session', { login, password: given }, headers)
const cookies = (answer: { headers: Record<string, unknown> }): string =>
  [answer.headers['set-cookie']]
    .flat()
    .map((line) => String(line).split(';')[0])
    .join('; ')

/** Makes delays last a minute from now: a slow machine must not sit them out. */
const prolong = () => it.house.db.owner.query("update auth.throttle set blocked_until = now() + interval '1 minute'")

test('signs in, keeps the session in an HttpOnly strict cookie, and signs out', async () => {
  const answer = await signIn(' XIAOAI ', password)
  expect(answer.statusCode).toBe(200)
  const [session] = [answer.headers['set-cookie']].flat()
  expect(session).toMatch(/^anechoic=[\w-]{43}; Max-Age=28800; Path=\/; HttpOnly; SameSite=Strict$/)
  const { csrfToken } = answer.json<Answer>()
  const own = { cookie: cookies(answer) }
  const running = await it.send(null, 'GET', '/api/session', undefined, own)
  expect(running.json()).toMatchObject({ csrfToken, actor: { login: 'xiaoai', roles: ['salesConsultant'] } })
  expect((await it.send(null, 'DELETE', '/api/session', undefined, own)).json()).toMatchObject({ code: 'csrf' })
  expect((await it.send(null, 'DELETE', '/api/session', undefined, { ...own, 'x-csrf-token': csrfToken! })).statusCode).toBe(204)
  expect((await it.send(null, 'GET', '/api/session', undefined, own)).json()).toMatchObject({ code: 'not_signed_in' })
  const { rows } = await it.house.db.owner.query("select action from audit.entry where action in ('sign_in', 'sign_out') order by id")
  expect(rows.map((row: { action: string }) => row.action)).toEqual(['sign_in', 'sign_out'])
})

test('an unknown login and a wrong password answer the same, and both are on record', async () => {
  const [unknown, wrong] = [await signIn('nobody', 'x'), await signIn('xiaoai', 'x')]
  const bare = (answer: typeof unknown) => ({ ...answer.json<Record<string, unknown>>(), requestId: '' })
  expect(bare(unknown)).toEqual(bare(wrong))
  expect(unknown.statusCode).toBe(401)
  const { rows } = await it.house.db.owner.query("select actor, leaf from audit.entry where action = 'sign_in_failed'")
  expect(rows).toHaveLength(2)
  expect(JSON.stringify(rows)).not.toContain('nobody')
})

test('delays grow for strangers, a browser that signed in before is not held up by them, and success forgives', async () => {
  const known = cookies(await signIn('xiaoai', password))
    .split('; ')
    .find((one) => one.startsWith('anechoic-device'))!
  for (let i = 0; i < 4; i += 1) expect((await signIn('xiaoai', 'guess')).statusCode).toBe(401)
  expect((await signIn('xiaoai', 'guess')).statusCode).toBe(401)
  expect((await signIn('xiaobai', password)).statusCode).toBe(200)
  await prolong()
  const held = await signIn('xiaoai', password)
  expect(held.json<Answer>()).toMatchObject({ code: 'throttled' })
  expect(Number(held.headers['retry-after'])).toBeGreaterThan(0)
  expect((await signIn('xiaoai', password, { cookie: known })).statusCode).toBe(200)
  expect([delayAfter('account', 4), delayAfter('account', 5), delayAfter('account', 8), delayAfter('account', 100)]).toEqual([0, 1, 8, 900])
})

test('guesses from the same address do not keep out a browser that signed in before', async () => {
  const known = cookies(await signIn('xiaoai', password))
    .split('; ')
    .find((one) => one.startsWith('anechoic-device'))!
  await signIn('nobody', 'guess')
  await prolong()
  expect((await signIn('xiaobai', password)).json<Answer>().code).toBe('throttled')
  expect((await signIn('xiaoai', password, { cookie: known })).statusCode).toBe(200)
})

test('NUL in a login is a login that nobody has', async () => {
  const answer = await signIn('xiao\u0000ai', password)
  expect([answer.statusCode, answer.json<Answer>().code]).toEqual([401, 'sign_in_failed'])
})

test('a clock that was set back neither keeps an account closed nor a session open', async () => {
  const { owner } = it.house.db
  await signIn('xiaobai', 'guess')
  await prolong()
  expect((await signIn('xiaobai', password)).json<Answer>().code).toBe('throttled')
  await owner.query("update auth.throttle set first_at = now() + interval '1 year', blocked_until = now() + interval '1 year'")
  const answer = await signIn('xiaobai', password)
  expect(answer.statusCode).toBe(200)
  await owner.query("update auth.session set seen_at = now() + interval '1 hour'")
  // Asked of the database, not of the two seconds' memory of this node.
  const token = /anechoic=([\w-]{43})/.exec(cookies(answer))![1]!
  const sessions = openSessions({ pool: it.parts.pool, macKey: it.parts.macKey, actors: it.parts.actors })
  expect(await sessions.ofToken(token, null)).toBeNull()
  await owner.query('update auth.session set seen_at = now()')
  expect(await sessions.ofToken(token, null)).toMatchObject({ actor: { login: 'xiaobai' } })
})

test('parallel guesses are counted one by one', async () => {
  await signIn('dianzhang', 'guess')
  // Many failures behind it, the delay over: one attempt is free, and the next delay is longer than any machine takes for twelve attempts.
  await it.house.db.owner.query('update auth.throttle set failures = 20, blocked_until = null')
  const answers = await Promise.all(Array.from({ length: 12 }, () => signIn('dianzhang', 'guess')))
  const codes = answers.map((answer) => answer.json<Answer>().code)
  expect(codes.filter((code) => code === 'sign_in_failed')).toHaveLength(1)
  expect(codes.filter((code) => code === 'throttled')).toHaveLength(11)
})

test('the throttle table names nobody', async () => {
  await signIn('xiaoai', 'guess')
  const { rows } = await it.house.db.owner.query<{ key: Buffer }>('select key from auth.throttle')
  expect(rows.length).toBeGreaterThan(0)
  for (const { key } of rows) expect(key.toString('latin1')).not.toMatch(/xiaoai|127/)
})

test('the session table holds no token, and a row that this installation did not write is no session', async () => {
  const { token } = await it.parts.sessions.begin(it.house.actors.owner)
  const { rows } = await it.house.db.owner.query<{ id: string; text: string }>('select id, s::text as text from auth.session s')
  expect(rows.map((row) => row.text).join()).not.toContain(token)
  // A thief with the database gives a consultant's session to the owner, or lengthens it.
  const other = await it.parts.sessions.begin(it.house.actors.consultantA)
  await it.house.db.owner.query('update auth.session set staff_id = $2 where id = $1', [other.session.id, it.house.actors.owner.staffId])
  expect(await it.parts.sessions.ofToken(other.token, null)).toBe(null)
  const third = await it.parts.sessions.begin(it.house.actors.consultantA)
  await it.house.db.owner.query("update auth.session set expires_at = expires_at + interval '1 year' where id = $1", [third.session.id])
  expect(await it.parts.sessions.ofToken(third.token, null)).toBe(null)
})

test('a session that ends while a request reads it is not remembered', async () => {
  const { promise: read, resolve: tellRead } = Promise.withResolvers<void>()
  const { promise: mayAnswer, resolve: letAnswer } = Promise.withResolvers<void>()
  const { pool, macKey, actors } = it.parts
  const slow = {
    query: async (asked: { text?: string; values?: unknown[] } | string, values?: unknown[]) => {
      const answer = await pool.query(asked as string, values as unknown[])
      if (typeof asked === 'object') {
        tellRead()
        await mayAnswer
      }
      return answer
    },
  } as unknown as typeof pool
  const sessions = openSessions({ pool: slow, macKey, actors })
  const { token, session } = await it.parts.sessions.begin(it.house.actors.consultantA)
  const reading = sessions.ofToken(token, null)
  await read
  expect(await sessions.end(session.actor.staffId, session.id)).toBe(true)
  letAnswer()
  await reading
  expect(await sessions.ofToken(token, null)).toBeNull()
})

test('a session locks when idle, and ends at once for who revokes it', async () => {
  const idle = await it.parts.sessions.begin(it.house.actors.consultantA)
  await it.house.db.owner.query("update auth.session set seen_at = now() - interval '16 minutes' where id = $1", [idle.session.id])
  expect((await it.parts.sessions.ofToken(idle.token, null))?.locked).toBe(true)
  const revoked = await it.parts.sessions.begin(it.house.actors.consultantA)
  expect(await it.parts.sessions.ofToken(revoked.token, null)).not.toBe(null)
  expect((await it.send('consultantA', 'DELETE', `/api/sessions/${revoked.session.id}`)).statusCode).toBe(204)
  expect(await it.parts.sessions.ofToken(revoked.token, null)).toBe(null)
  // Nobody ends somebody else's.
  const owners = await it.parts.sessions.begin(it.house.actors.owner)
  expect((await it.send('consultantA', 'DELETE', `/api/sessions/${owners.session.id}`)).statusCode).toBe(404)
  expect(await it.parts.sessions.ofToken(owners.token, null)).not.toBe(null)
})

test('a grant row inserted or widened by hand grants nothing, and is on record', async () => {
  const { auditor, consultantB } = it.house.actors
  await it.house.db.owner.query(
    `insert into auth.role_grant (staff_id, role, store_ids, granted_at, mac) select $1, 'owner', store_ids, granted_at, mac from auth.role_grant where staff_id = $2`,
    [auditor.staffId, it.house.actors.owner.staffId],
  )
  await it.house.db.owner.query('update auth.role_grant set store_ids = $2 where staff_id = $1', [
    consultantB.staffId,
    [it.house.stores.north.id],
  ])
  const begun = await it.parts.sessions.begin(auditor)
  expect((await it.parts.sessions.ofToken(begun.token, null))?.actor.roles).toEqual(['auditor'])
  const widened = await it.parts.sessions.begin(consultantB)
  expect((await it.parts.sessions.ofToken(widened.token, null))?.actor).toMatchObject({ roles: [], storeIds: [] })
  const { rows } = await it.house.db.owner.query("select 1 from audit.entry where action = 'grant_invalid'")
  expect(rows).toHaveLength(2)
})

test('a credential row put in place of another opens nothing', async () => {
  await it.house.db.owner.query(
    'update auth.credential set (password_hash, mac) = (select password_hash, mac from auth.credential where staff_id = $2) where staff_id = $1',
    [it.house.actors.manager.staffId, it.house.actors.consultantA.staffId],
  )
  expect((await signIn('dianzhang', password)).json<Answer>().code).toBe('sign_in_failed')
})
