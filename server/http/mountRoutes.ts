import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { Readable } from 'node:stream'
import { AppError } from '../../domain/errors.ts'
import { hasDuty } from '../../domain/policy/decide.ts'
import type { Session } from '../auth/session.ts'
import { requireFresh } from '../auth/stepUp.ts'
import { admit, checkCsrf, checkPhase, checkProgram, checkStanding } from './guard.ts'
import { refusedAttempt } from './refusedAttempt.ts'
import { bodyLimit, cookieName, deviceCookieName, type KernelOptions } from './kernel.ts'
import { boundBodyTime, checkLength, limitBytes } from './limitBytes.ts'
import { checkOrigin } from './origin.ts'
import { addressOf, isLocal, networkOf } from './peer.ts'
import type { AnyRoute, Asked, Download } from './route.ts'

type Limiter = (request: FastifyRequest) => Promise<{ isAllowed: boolean; isExceeded?: boolean; ttlInSeconds?: number }>

const isWrite = (route: AnyRoute): boolean => route.method !== 'GET'

const answerNames = new Set(['view', 'views', 'page', 'download', 'none'])

/** Throws when a route lacks its need, answer or handler: types can be cheated at run time, the start of the server cannot. */
const checkDeclared = (route: AnyRoute): void => {
  const { need, answer } = route
  const hasNeed =
    ['public', 'setup', 'local', 'session'].includes(need as string) ||
    (typeof need === 'object' && ('entity' in need || 'duty' in need || 'anyDuty' in need))
  const hasAnswer = typeof answer === 'string' ? answerNames.has(answer) : typeof answer === 'object' && answer !== null
  if (!hasNeed || !hasAnswer || typeof route.handle !== 'function') {
    throw new AppError('internal', { problem: 'route_undeclared', route: `${route.method} ${route.path}` })
  }
}

const queryOf = (route: AnyRoute, request: FastifyRequest): URLSearchParams => {
  const at = request.url.indexOf('?')
  const query = new URLSearchParams(at < 0 ? '' : request.url.slice(at + 1))
  for (const key of query.keys()) {
    const name = key.startsWith('filter[') ? 'filter' : key
    if (!route.query?.includes(name)) throw new AppError('unknown_key', { key: key.slice(0, 64) })
  }
  return query
}

const positionOf = (request: FastifyRequest): bigint => {
  const given = request.headers['x-anechoic-position']
  if (given === undefined) return 0n
  if (typeof given !== 'string' || !/^\d{1,18}$/.test(given))
    throw new AppError('input_invalid', { problems: [{ field: 'X-Anechoic-Position', problem: 'format' }] })
  return BigInt(given)
}

const setupTokenOf = (request: FastifyRequest): string => {
  const body = request.body as { token?: unknown } | undefined
  return typeof body?.token === 'string' ? body.token : ''
}

const isAdmittedToSetup = (request: FastifyRequest, session: Session | null, options: KernelOptions): boolean =>
  isLocal(request) || (session !== null && hasDuty(session.actor, 'keys.manage')) || options.isSetupToken(setupTokenOf(request))

const sendDownload = (reply: FastifyReply, { contentType, fileName, content }: Download): FastifyReply =>
  reply
    .header('content-type', contentType)
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`)
    .send(content)

const schemaOf = (route: AnyRoute): object => ({
  ...(typeof route.body === 'object' && route.body !== null ? { body: route.body } : {}),
  ...(route.body === 'catalogue' ? { body: { type: 'object' } } : {}),
  ...(typeof route.answer === 'object' ? { response: { [route.status ?? 200]: route.answer } } : {}),
})

const limitOf = (route: AnyRoute): number => route.bodyLimit ?? bodyLimit

// An upload is handed over as it comes in; anything else that is not JSON has been refused by then.
const bodyOf = (route: AnyRoute, { body }: FastifyRequest): unknown => {
  if (route.body !== 'stream') return body
  if (!(body instanceof Readable)) throw new AppError('unsupported_media')
  return limitBytes(body, limitOf(route))
}

const sessions = new WeakMap<FastifyRequest, Session>()

const bearerOf = ({ headers }: FastifyRequest): string | null => /^Bearer (\S{1,200})$/i.exec(headers.authorization ?? '')?.[1] ?? null

const enter =
  (route: AnyRoute, options: KernelOptions, limits: { session: Limiter; address: Limiter }) =>
  async (request: FastifyRequest): Promise<void> => {
    if (route.need === 'local' && !isLocal(request)) throw new AppError('not_found')
    if (isWrite(route) && !isLocal(request)) checkOrigin(request.headers, options.secure ? 'https' : 'http')
    checkPhase(route, options.phase())
    const bearer = bearerOf(request)
    // A request that names a token is the program's, whatever cookies come with it.
    const token = bearer === null ? request.cookies[cookieName(options.secure)] : undefined
    const address = addressOf(request)
    // A screen that nobody sits at asks on, for its jobs and notices; that must not keep the session from locking.
    const idle = request.headers['x-anechoic-idle'] !== undefined
    const isReady = options.phase() === 'ready'
    const program = bearer !== null && isReady ? await options.findProgram(bearer, address) : null
    const session = program ?? (token && isReady ? await options.findSession(token, address, { idle }) : null)
    if (session) sessions.set(request, session)
    if (!isLocal(request)) {
      const limit = await (session ? limits.session : limits.address)(request)
      if (!limit.isAllowed && limit.isExceeded) throw new AppError('throttled', { retryAfter: limit.ttlInSeconds ?? 60 })
    }
    if (!session && route.need !== 'public') await refuseLost(request, options)
    if (session && route.need !== 'public') checkStanding(route, session)
    if (session) checkProgram(route, session)
    await admitOrRecord(route, session, options)
    if (isWrite(route) && route.body !== 'stream') boundBodyTime(request.raw)
    if (route.body === 'stream') checkLength(request.headers['content-length'], limitOf(route))
    if (isWrite(route) && session && !session.program && route.need !== 'public') checkCsrf(session, request.headers['x-csrf-token'])
    if (route.fresh && session && token) await checkFresh(request, session, () => options.findSession(token, address, { anew: true }))
  }

/** Whoever stepped up on another node a moment ago is asked for anew before being refused. */
const checkFresh = async (request: FastifyRequest, session: Session, again: () => Promise<Session | null>): Promise<void> => {
  if (Date.now() < session.freshUntil) return
  const now = (await again()) ?? session
  sessions.set(request, now)
  requireFresh(now)
}

/** Tells a browser that its device was reported lost, so that it wipes what it keeps. */
const refuseLost = async (request: FastifyRequest, { secure, phase, isLostDevice }: KernelOptions): Promise<void> => {
  const mark = request.cookies[deviceCookieName(secure)]
  if (mark && isLostDevice && phase() === 'ready' && (await isLostDevice(mark))) throw new AppError('device_lost')
}

/** Who tries what is not theirs gets the same answer as ever, once it is on record. */
const admitOrRecord = async ({ need }: AnyRoute, session: Session | null, { onRefused }: KernelOptions): Promise<void> => {
  try {
    admit(need, session)
  } catch (error) {
    const attempt = session ? refusedAttempt(need, session.actor) : null
    if (attempt) await onRefused(attempt)
    throw error
  }
}

const hangUpOf = (reply: FastifyReply): AbortSignal => {
  const abort = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) abort.abort()
  })
  return abort.signal
}

const answer =
  (route: AnyRoute, options: KernelOptions) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const session = sessions.get(request) ?? null
    if (route.need === 'setup' && !isAdmittedToSetup(request, session, options)) throw new AppError('setup_link_invalid')
    const asked: Asked = {
      actor: session?.actor as Asked['actor'],
      session: session as Asked['session'],
      scope: admit(route.need, session) as Asked['scope'],
      body: bodyOf(route, request) as Asked['body'],
      query: queryOf(route, request),
      params: request.params as Record<string, string>,
      requestId: request.id,
      address: addressOf(request),
      local: isLocal(request),
      position: positionOf(request),
      userAgent: request.headers['user-agent'],
      cookies: request.cookies,
      signal: hangUpOf(reply),
      wrote: (position) => void reply.header('x-anechoic-position', String(position)),
      setCookie: ({ name, value, maxAge }) =>
        void reply.setCookie(name, value, { path: '/', httpOnly: true, sameSite: 'strict', secure: options.secure, maxAge }),
    }
    const sent = await route.handle(asked)
    if (route.answer === 'none') return reply.code(204).send()
    if (route.answer === 'download') return sendDownload(reply, sent as Download)
    return reply.code(route.status ?? 200).send(sent)
  }

// A body of bytes is for the routes that ask for it: elsewhere it would be looked at as an object.
const refuseBytes = async (request: FastifyRequest): Promise<void> => {
  if (request.body instanceof Readable) throw new AppError('unsupported_media')
}

const refuseBody = async (request: FastifyRequest): Promise<void> => {
  if (request.body !== undefined && request.body !== null) throw new AppError('input_invalid', { problem: 'no_body_expected' })
}

/**
 * Registers the routes on the kernel: for each, in this order, origin, phase, session, rate, need, CSRF token, then body, schema and handler.
 * Everything else below `/api/` is `not_signed_in` to a stranger and `not_found` to staff: the same as what they may not see.
 * Throws when a route is declared without need or answer, so that the server does not start.
 */
export const mountRoutes = (app: FastifyInstance, routes: readonly AnyRoute[], options: KernelOptions): void => {
  const perMinute = options.perMinute ?? { session: 60_000, address: 1_200 }
  const byCookie = (request: FastifyRequest): string => sessions.get(request)?.id ?? networkOf(addressOf(request) ?? '')
  const limits: { session: Limiter; address: Limiter } = {
    session: app.createRateLimit({ max: perMinute.session, timeWindow: 60_000, keyGenerator: byCookie }),
    address: app.createRateLimit({
      max: perMinute.address,
      timeWindow: 60_000,
      keyGenerator: (request) => networkOf(addressOf(request) ?? ''),
    }),
  }
  for (const route of routes) {
    checkDeclared(route)
    const registered: RouteOptions = {
      method: route.method,
      url: route.path,
      schema: schemaOf(route),
      onRequest: enter(route, options, limits),
      handler: answer(route, options),
      ...(route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit }),
      ...(isWrite(route) && route.body === undefined ? { preValidation: refuseBody } : {}),
      ...(route.body !== undefined && route.body !== 'stream' ? { preValidation: refuseBytes } : {}),
    }
    app.route(registered)
  }
  const nowhere: AnyRoute = {
    method: 'GET',
    path: '/api/*',
    need: 'session',
    answer: 'none',
    phases: 'any',
    summary: '',
    handle: async () => undefined,
  }
  app.all('/api/*', { onRequest: enter(nowhere, options, limits) }, async () => {
    throw new AppError('not_found')
  })
}
