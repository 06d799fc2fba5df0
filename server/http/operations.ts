import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../../domain/errors.ts'
import { isLocal } from './peer.ts'
import type { Metrics } from './metrics.ts'
import { openApiOf } from './openApi.ts'
import { type Probes, unreadiness } from './readiness.ts'
import type { AnyRoute } from './route.ts'

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

const passedOn = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'forwarded', 'via', 'x-real-ip'] as const

// Asked by a program on this machine, not passed on by a proxy on it.
const isFromHere = ({ raw, headers }: FastifyRequest): boolean =>
  loopback.has(raw.socket.remoteAddress ?? '') && passedOn.every((name) => headers[name] === undefined)

const mayReadMetrics = (request: FastifyRequest, token: string | null): boolean =>
  isLocal(request) || isFromHere(request) || (token !== null && request.headers.authorization === `Bearer ${token}`)

/** Paths below which an operator's tools look: the only routes that `mountRoutes` does not register. */
export const operationPaths = ['/livez', '/readyz', '/metrics', '/api/openapi.json'] as const

/** Mounts what monitors and tools ask: alive, ready (503 with reasons), metrics (loopback or token), the API's description. */
export const mountOperations = (
  app: FastifyInstance,
  options: { probes: Probes; metrics: Metrics; metricsToken: string | null; routes: readonly AnyRoute[]; version: string },
): void => {
  app.get('/livez', async (_request, reply) => reply.header('cache-control', 'no-store').send({ alive: true }))
  app.get('/readyz', async (_request, reply) => {
    const reasons = await unreadiness(options.probes)
    return reply
      .code(reasons.length === 0 ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ready: reasons.length === 0, reasons })
  })
  app.get('/metrics', async (request, reply) => {
    if (!mayReadMetrics(request, options.metricsToken)) throw new AppError('not_found')
    return reply.type(options.metrics.contentType).send(await options.metrics.text())
  })
  const description = JSON.stringify(openApiOf(options.routes, options.version))
  app.get('/api/openapi.json', async (_request, reply) => reply.type('application/json').send(description))
}
