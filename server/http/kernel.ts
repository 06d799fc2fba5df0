import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { AppError, type ErrorCode } from '../../domain/errors.ts'
import { currentOf } from '../actions/records/conflicts.ts'
import type { AuditEntry } from '../audit/entry.ts'
import type { Session } from '../auth/session.ts'
import type { LiveCertificate } from '../tls/liveCertificate.ts'
import { errorOf } from './errorOf.ts'
import { isDeeperThan } from './jsonDepth.ts'
import { connectionLimits, limitConnections, listenerLimits, tlsServerFactory } from './listener.ts'
import type { Log } from './log.ts'
import { checkHost, localhostUrl } from './origin.ts'
import { checkHead, isLocal, isWithin, markLocal } from './peer.ts'
import type { Phase } from './phase.ts'
import { problemOf } from './problem.ts'

/** Bytes of a JSON body; a batch of 1,000 customers is about a third of it. */
export const bodyLimit = 2 * 1024 * 1024
/** Levels of objects and arrays in a JSON body. */
export const depthLimit = 32

export type KernelOptions = {
  readonly log: Log
  readonly phase: () => Phase
  /** Returns the session of a token, or null; `anew`: not from memory, `idle`: nobody is at the screen. */
  readonly findSession: (token: string, address: string | null, how?: { anew?: boolean; idle?: boolean }) => Promise<Session | null>
  /** Returns the session of a program's token, or null. */
  readonly findProgram: (token: string, address: string | null) => Promise<Session | null>
  /** Whether the mark of a browser is of a device that was reported lost. */
  readonly isLostDevice?: (mark: string) => Promise<boolean>
  /** Records an attempt at what is not the session's to do. */
  readonly onRefused: (entry: Omit<AuditEntry, 'outcome'>) => Promise<void>
  readonly isSetupToken: (token: string) => boolean
  /** Names this server answers to, without port. */
  readonly hosts: readonly string[]
  /** Whether people reach it over TLS. */
  readonly secure: boolean
  /** The certificate of a TLS listener; without it the listener is plain. */
  readonly certificate?: LiveCertificate
  /** Whether TLS ends at one of the trusted proxies: what did not come over it is then refused. */
  readonly behindProxy?: boolean
  /** Addresses and ranges whose X-Forwarded-For and -Proto are believed. */
  readonly trustedProxies?: readonly string[]
  /** Whether it listens on the data folder's socket, and nowhere else. */
  readonly local?: boolean
  /** Told of each finished request, for metrics. */
  readonly onFinished?: (finished: { method: string; route: string; status: number; seconds: number }) => void
  /** Requests a minute per signed-in session and per anonymous address. */
  readonly perMinute?: { readonly session: number; readonly address: number }
}

/** The name of the session cookie: `__Host-` needs TLS (RFC 6265bis 4.1.3.2). */
export const cookieName = (secure: boolean): string => (secure ? '__Host-anechoic' : 'anechoic')

/** The name of the cookie that marks a browser as a device. */
export const deviceCookieName = (secure: boolean): string => `${cookieName(secure)}-device`

// What monitors on this machine ask, past the proxy.
const monitored = new Set(['/livez', '/readyz', '/metrics'])

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
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
}

// Powerful features the client never uses (OWASP Secure Headers); passkeys stay allowed for ourselves by default.
const permissions = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
  'xr-spatial-tracking',
]
  .map((feature) => `${feature}=()`)
  .join(', ')

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
  const { log, trustedProxies: trusted = [] } = options
  const app = Fastify({
    logger: false,
    bodyLimit,
    exposeHeadRoutes: false,
    trustProxy: trusted.length > 0 ? [...trusted] : false,
    // A plain listener takes its limits by these; the factory of a TLS one sets them itself.
    requestTimeout: listenerLimits.requestTimeout,
    http: { ...listenerLimits },
    ...(options.certificate === undefined ? {} : { serverFactory: tlsServerFactory(options.certificate) }),
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
  if (options.local) markLocal(app)
  app.server.maxConnections = connectionLimits.all
  limitConnections(app.server, connectionLimits.perAddress, isWithin(trusted))
  parseJson(app)
  await app.register(cookie)
  await app.register(helmet, {
    contentSecurityPolicy: policy,
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginEmbedderPolicy: true,
    xFrameOptions: { action: 'deny' },
    // Two years, with all below (ASVS 5.0 3.4.1); the name is the CRM's own.
    strictTransportSecurity: options.secure ? { maxAge: 63_072_000, includeSubDomains: true } : false,
  })
  await app.register(rateLimit, { global: false })

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    reply.header('permissions-policy', permissions)
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
    if (isLocal(request)) return
    checkHead(request)
    if (options.behindProxy && request.protocol !== 'https' && !monitored.has(request.url)) throw new AppError('origin')
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
