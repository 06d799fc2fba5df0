import Type from 'typebox'
import { afterEach, expect, test } from 'vitest'
import type { FastifyInstance } from 'fastify'
import type { Actor } from '../../domain/policy/actor.ts'
import { someone } from '../../domain/policy/actor.fixture.ts'
import type { RoleId } from '../../domain/policy/roles.ts'
import type { Session } from '../auth/session.ts'
import { openKernel, type KernelOptions } from './kernel.ts'
import { openLog } from './log.ts'
import { mountRoutes } from './mountRoutes.ts'
import type { Phase } from './phase.ts'
import { type AnyRoute, route } from './route.ts'

const actorOf = (role: RoleId): Actor => someone([role], { staffId: `staff-${role}`, login: role, sessionId: 'session' })
const sessionOf = (role: RoleId): Session => ({
  id: role,
  actor: actorOf(role),
  csrfToken: `csrf-${role}`,
  expiresAt: '2030-01-01T00:00:00.000Z',
  deviceId: null,
  method: 'password',
  locked: false,
  owes: null,
  factorDue: null,
  freshUntil: Number.POSITIVE_INFINITY,
  factors: { password: true, passkey: false, code: false },
})

const routes: AnyRoute[] = [
  route({
    method: 'GET',
    path: '/api/open',
    need: 'public',
    answer: Type.Object({ ok: Type.Boolean() }),
    phases: 'any',
    summary: 'x',
    handle: async () => ({ ok: true, leaked: 'not declared' }),
  }),
  route({
    method: 'GET',
    path: '/api/customers',
    need: { entity: 'customer' },
    answer: Type.Object({ role: Type.String() }),
    query: ['q', 'filter'],
    summary: 'x',
    handle: async ({ actor }) => ({ role: actor.login }),
  }),
  route({
    method: 'POST',
    path: '/api/customers',
    need: { entity: 'customer', action: 'erase' },
    answer: 'none',
    body: Type.Object({ name: Type.String() }, { additionalProperties: false }),
    summary: 'x',
    handle: async () => {},
  }),
  route({ method: 'POST', path: '/api/keys/rotate', need: { duty: 'keys.manage' }, answer: 'none', summary: 'x', handle: async () => {} }),
  route({
    method: 'POST',
    path: '/api/setup',
    need: 'setup',
    answer: 'none',
    body: Type.Object({ token: Type.Optional(Type.String()) }),
    phases: 'setup',
    summary: 'x',
    handle: async () => {},
  }),
  route({
    method: 'GET',
    path: '/api/broken',
    need: 'public',
    answer: 'none',
    query: ['q'],
    phases: 'any',
    summary: 'x',
    handle: async () => {
      throw new Error('Key (phone)=(+8613912345678)')
    },
  }),
]

let app: FastifyInstance
let lines: string[]
const start = async (more: Partial<KernelOptions> = {}, phase: Phase = 'ready'): Promise<FastifyInstance> => {
  lines = []
  const options: KernelOptions = {
    log: openLog({ write: (line: string) => void lines.push(line) }),
    phase: () => phase,
    onRefused: async () => {},
    findSession: async (token) => (token === 'owner' || token === 'auditor' || token === 'salesConsultant' ? sessionOf(token) : null),
    findProgram: async () => null,

    isSetupToken: (token) => token === 'setup-token',
    hosts: ['localhost', '127.0.0.1'],
    secure: false,
    ...more,
  }
  app = await openKernel(options)
  mountRoutes(app, routes, options)
  return app
}
afterEach(() => app.close())

const as = (role: RoleId, csrf = true) => ({ cookie: `anechoic=${role}`, ...(csrf ? { 'x-csrf-token': `csrf-${role}` } : {}) })
const codeOf = (body: string): unknown => (JSON.parse(body) as { code?: unknown }).code

test('a route declared without need, or without an answer, keeps the server from starting', async () => {
  await start()
  for (const bad of [
    { ...routes[0]!, need: undefined },
    { ...routes[0]!, answer: undefined },
    { ...routes[0]!, need: {} },
  ]) {
    expect(() => mountRoutes(app, [bad as unknown as AnyRoute], { phase: () => 'ready' } as unknown as KernelOptions)).toThrow('internal')
  }
})

test('a declared shape sends what it declares and nothing else', async () => {
  await start()
  expect((await app.inject('/api/open')).json()).toEqual({ ok: true })
})

test('to a stranger an unknown route and a guarded one look alike; to staff an unknown and a forbidden one do', async () => {
  await start()
  const alike = async (headers: Record<string, string>, urls: string[]) => {
    const answers = await Promise.all(urls.map((url) => app.inject({ url, headers })))
    return answers.map((answer) => {
      const { requestId, ...rest } = answer.json() as Record<string, unknown>
      expect(requestId).toBe(answer.headers['x-request-id'])
      return rest
    })
  }
  const [unknown, guarded] = await alike({}, ['/api/nothing', '/api/customers'])
  expect(unknown).toEqual(guarded)
  expect(unknown).toMatchObject({ status: 401, code: 'not_signed_in' })
  const [unknownToStaff, forbidden] = await alike(as('auditor'), ['/api/nothing', '/api/customers'])
  expect(unknownToStaff).toEqual(forbidden)
  expect(forbidden).toMatchObject({ status: 404, code: 'not_found' })
  expect((await app.inject({ url: '/api/customers', headers: as('owner') })).json()).toEqual({ role: 'owner' })
})

test("a write needs the session's own CSRF token and, from a browser, the same origin", async () => {
  await start()
  const post = (headers: Record<string, string>) => app.inject({ method: 'POST', url: '/api/keys/rotate', headers })
  expect((await post(as('owner'))).statusCode).toBe(204)
  expect(codeOf((await post(as('owner', false))).body)).toBe('csrf')
  expect(codeOf((await post({ ...as('owner'), 'x-csrf-token': 'csrf-auditor' })).body)).toBe('csrf')
  expect(codeOf((await post({ ...as('owner'), origin: 'http://evil.example' })).body)).toBe('origin')
  expect(codeOf((await post({ ...as('owner'), 'sec-fetch-site': 'cross-site' })).body)).toBe('origin')
  expect((await post({ ...as('owner'), origin: 'http://localhost:80', 'sec-fetch-site': 'same-origin' })).statusCode).toBe(204)
})

test('a host name that is not ours is refused, and a browser at the bare address is sent to localhost', async () => {
  await start()
  expect(codeOf((await app.inject({ url: '/api/open', headers: { host: 'evil.example:7410' } })).body)).toBe('origin')
  const page = await app.inject({ url: '/setup?token=abc', headers: { host: '127.0.0.1:7410', accept: 'text/html,*/*' } })
  expect([page.statusCode, page.headers.location]).toEqual([307, 'http://localhost:7410/setup?token=abc'])
  expect((await app.inject({ url: '/api/open', headers: { host: '127.0.0.1:7410' } })).statusCode).toBe(200)
})

test('a missing action is forbidden where rows exist', async () => {
  await start()
  const body = { name: 'x' }
  expect((await app.inject({ method: 'POST', url: '/api/customers', headers: as('owner'), payload: body })).statusCode).toBe(204)
  expect(codeOf((await app.inject({ method: 'POST', url: '/api/customers', headers: as('salesConsultant'), payload: body })).body)).toBe(
    'forbidden',
  )
  expect(codeOf((await app.inject({ method: 'POST', url: '/api/customers', headers: as('auditor'), payload: body })).body)).toBe(
    'not_found',
  )
})

test.each([
  ['wrong type', '{"name":1}', 400, 'input_invalid'],
  ['unknown key', '{"name":"x","more":1}', 400, 'unknown_key'],
  ['missing', '{}', 400, 'input_invalid'],
  ['not JSON', '{"name":', 400, 'input_invalid'],
  ['empty', '', 400, 'input_invalid'],
  ['prototype', '{"name":"x","__proto__":{"admin":true}}', 400, 'input_invalid'],
  ['constructor', '{"name":"x","constructor":{"prototype":{"admin":true}}}', 400, 'input_invalid'],
  ['too deep', `{"name":${'['.repeat(40)}${']'.repeat(40)}}`, 400, 'input_too_deep'],
  ['far too deep', '['.repeat(500_000), 400, 'input_too_deep'],
  ['too large', `{"name":"${'x'.repeat(2 * 1024 * 1024)}"}`, 413, 'input_too_large'],
])('bad input gets a clear answer: %s', async (_what, payload, status, code) => {
  await start()
  const answer = await app.inject({
    method: 'POST',
    url: '/api/customers',
    headers: { ...as('owner'), 'content-type': 'application/json' },
    payload,
  })
  expect([answer.statusCode, codeOf(answer.body)]).toEqual([status, code])
  expect(answer.headers['content-type']).toContain('application/problem+json')
})

test('a body of another content type, a body where none is taken and an unknown query parameter are refused', async () => {
  await start()
  const form = await app.inject({
    method: 'POST',
    url: '/api/customers',
    headers: { ...as('owner'), 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'name=x',
  })
  expect(codeOf(form.body)).toBe('unsupported_media')
  expect(codeOf((await app.inject({ method: 'POST', url: '/api/keys/rotate', headers: as('owner'), payload: { x: 1 } })).body)).toBe(
    'input_invalid',
  )
  expect(codeOf((await app.inject({ url: '/api/customers?filter[name]=x&nonsense=1', headers: as('owner') })).body)).toBe('unknown_key')
})

test('an address that is none is refused like everything else, and not repeated', async () => {
  await start()
  const answer = await app.inject('/api/customers/%E7%BD%97%')
  expect(answer.statusCode).toBe(400)
  expect(answer.headers['content-type']).toContain('application/problem+json')
  expect(answer.json()).toMatchObject({ code: 'input_invalid', details: { problem: 'url' } })
  expect(answer.body).not.toMatch(/%E7|罗/)
})

test('a fault says nothing outside and no value in the log', async () => {
  await start()
  const answer = await app.inject({ url: '/api/broken?q=%E7%BD%97', headers: { cookie: 'anechoic=secret-token' } })
  expect(answer.json()).toMatchObject({ status: 500, code: 'internal', details: {} })
  const logged = lines.join('')
  expect(logged).toContain('/api/broken')
  for (const secret of ['139', 'secret-token', '%E7', '?q']) expect(logged).not.toContain(secret)
})

test('phases: nothing but set-up before set-up, nothing but unsealing while sealed', async () => {
  await start({}, 'setup')
  expect(codeOf((await app.inject({ url: '/api/customers', headers: as('owner') })).body)).toBe('setup_required')
  expect(codeOf((await app.inject({ method: 'POST', url: '/api/setup', payload: { token: 'guess' } })).body)).toBe('setup_link_invalid')
  expect((await app.inject({ method: 'POST', url: '/api/setup', payload: { token: 'setup-token' } })).statusCode).toBe(204)
  await app.close()
  await start({}, 'sealed')
  expect(codeOf((await app.inject({ url: '/api/customers', headers: as('owner') })).body)).toBe('sealed')
  await app.close()
  await start({}, 'ready')
  expect(codeOf((await app.inject({ method: 'POST', url: '/api/setup', payload: { token: 'setup-token' } })).body)).toBe('setup_done')
})

test('requests over the limit are told when to come back', async () => {
  await start({ perMinute: { session: 5, address: 2 } })
  const codes = []
  for (let i = 0; i < 3; i += 1) codes.push((await app.inject('/api/open')).statusCode)
  expect(codes).toEqual([200, 200, 429])
  expect(Number((await app.inject('/api/open')).headers['retry-after'])).toBeGreaterThan(0)
  expect((await app.inject({ url: '/api/customers', headers: as('owner') })).statusCode).toBe(200)
})

test('the content security policy has no inline exception, and answers of the API are not stored', async () => {
  await start()
  const { headers } = await app.inject('/api/open')
  expect(headers['content-security-policy']).toContain("default-src 'none'")
  expect(headers['content-security-policy']).not.toMatch(/unsafe|nonce/)
  expect(headers['cache-control']).toBe('no-store')
})
