import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { AppError, type ErrorCode } from '../../domain/errors.ts'
import { currentOf } from '../actions/records/conflicts.ts'
import type { AuditEntry } from '../audit/entry.ts'
import type { Session } from '../auth/session.ts'
import { errorOf } from './errorOf.ts'
import { isDeeperThan } from './jsonDepth.ts'
import type { Log } from './log.ts'
import { checkHost, localhostUrl } from './origin.ts'
import type { Phase } from './phase.ts'
import { problemOf } from './problem.ts'

/** Bytes of a JSON body; a batch of 1,000 customers is about a third of it. */
export const bodyLimit = 2 * 1024 * 1024
/** Levels of objects and arrays in a JSON body. */
export const depthLimit = 32

export type KernelOptions = {
  readonly log: Log
  readonly phase: () => Phase
  /** Returns the session of a token, or null. */
  readonly findSession: (token: string, address: string | null) => Promise<Session | null>
  /** Records an attempt at what is not the session's to do. */
  readonly onRefused: (entry: Omit<AuditEntry, 'outcome'>) => Promise<void>
  readonly isSetupToken: (token: string) => boolean
  /** Names this server answers to, without port. */
  readonly hosts: readonly string[]
  /** Whether the listener is TLS. */
  readonly secure: boolean
  /** Told of each finished request, for metrics. */
  readonly onFinished?: (finished: { method: string; route: string; status: number; seconds: number }) => void
  /** Requests a minute per signed-in session and per anonymous address. */
  readonly perMinute?: { readonly session: number; readonly address: number }
}

/** The name of the session cookie: `__Host-` needs TLS (RFC 6265bis 4.1.3.2). */
export const cookieName = (secure: boolean): string => (secure ? '__Host-anechoic' : 'anechoic')

/** Whether the request came over the data folder's socket rather than TCP. */
export const isLocal = (request: FastifyRequest): boolean =>
  request.raw.socket.remoteAddress === undefined && request.raw.socket.remotePort === undefined

const templateOf = (request: FastifyRequest): string => request.routeOptions.url ?? 'unknown'

// States the server is in, not faults: they would fill the log of a sealed server.
const expected = new Set<ErrorCode>(['sealed', 'setup_required', 'search_unavailable', 'busy'])

// The web client brings its styles as files and constructed sheets (vite.config.ts), so neither 'unsafe-inline' nor a nonce is needed anywhere.
const policy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    workerSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
}

const parseJson = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (isDeeperThan(text, depthLimit)) return done(new AppError('input_too_deep', { limit: depthLimit }))
    return parse(request, text, done)
  })
  const raw = ['application/octet-stream', 'text/csv', 'text/vcard', 'text/plain']
  // Left as the stream it is: the route that asks for it takes it, within its limit (limitBytes.ts).
  app.addContentTypeParser(raw, (_request, payload, done) => done(null, payload))
}

/**
 * Makes the HTTP server without routes: parsers and their limits, headers, host check, problem documents, one log line per request.
 * Everything thrown anywhere below becomes a problem document here and nowhere else.
 */
export const openKernel = async (options: KernelOptions): Promise<FastifyInstance> => {
  const { log } = options
  const app = Fastify({
    logger: false,
    bodyLimit,
    exposeHeadRoutes: false,
    trustProxy: false,
    // An upload of 512 MB takes its time over a slow line; other bodies are bounded where routes are mounted.
    requestTimeout: 1_800_000,
    forceCloseConnections: 'idle',
    genReqId: () => randomUUID(),
    // Refused before any route or hook: Fastify's own answer would repeat the address, and whatever somebody wrote into it.
    frameworkErrors: (_error, request, reply: FastifyReply) => {
      const problem = problemOf(new AppError('input_invalid', { problem: 'url' }), request.id)
      void reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem))
    },
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 80 },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false, allErrors: false } },
  })
  parseJson(app)
  await app.register(cookie)
  await app.register(helmet, {
    contentSecurityPolicy: policy,
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginEmbedderPolicy: true,
    strictTransportSecurity: options.secure ? { maxAge: 63_072_000, includeSubDomains: false } : false,
  })
  await app.register(rateLimit, { global: false })

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    reply.header('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()')
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
    if (isLocal(request)) return
    checkHost(request.headers, options.hosts)
    const elsewhere =
      request.method === 'GET' && request.headers.accept?.includes('text/html') && !options.secure
        ? localhostUrl(request.headers, request.url)
        : null
    if (elsewhere) return reply.redirect(elsewhere, 307)
  })

  app.addHook('onResponse', async (request, reply) => {
    const route = templateOf(request)
    const ms = Math.round(reply.elapsedTime * 10) / 10
    options.onFinished?.({ method: request.method, route, status: reply.statusCode, seconds: reply.elapsedTime / 1000 })
    if (route.startsWith('/api/'))
      log.info('request', { requestId: request.id, method: request.method, route, status: reply.statusCode, ms })
  })

  app.setErrorHandler(async (thrown, request, reply) => {
    const error = errorOf(thrown)
    const problem = problemOf(error, request.id)
    if (problem.status >= 500 && !expected.has(error.code))
      log.fault('request', error.cause ?? thrown, { requestId: request.id, route: templateOf(request) })
    const retryAfter = error.details['retryAfter']
    // Whatever of it is still on its way is not waited for.
    if (error.code === 'input_too_large') reply.header('connection', 'close')
    if (typeof retryAfter === 'number') reply.header('retry-after', String(Math.ceil(retryAfter)))
    return reply
      .code(problem.status)
      .header('cache-control', 'no-store')
      .type('application/problem+json')
      .send(JSON.stringify({ ...problem, current: currentOf(error) }))
  })
  return app
}
