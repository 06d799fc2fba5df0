import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Actor } from '../../domain/policy/actor.ts'
import { openStaging } from '../../server/actions/imports/staging.ts'
import type { Parts } from '../../server/actions/parts.ts'
import { storeCredential } from '../../server/auth/credentials.ts'
import type { IdentityProvider } from '../../server/auth/identityProviders/identityProvider.ts'
import { hashPassword } from '../../server/auth/passwordHash.ts'
import { grantRoles } from '../../server/auth/roleGrants.ts'
import { openAuth } from '../../server/auth/openAuth.ts'
import type { Site } from '../../server/auth/site.ts'
import { type KernelOptions, openKernel } from '../../server/http/kernel.ts'
import { openLog } from '../../server/http/log.ts'
import { openMetrics } from '../../server/http/metrics.ts'
import { mountOperations } from '../../server/http/operations.ts'
import { mountRoutes } from '../../server/http/mountRoutes.ts'
import type { Probes } from '../../server/http/readiness.ts'
import type { AnyRoute } from '../../server/http/route.ts'
import { allRoutes } from '../../server/http/routes/allRoutes.ts'
import { type Search, startSearch } from '../../server/search/search.ts'
import { type TestActors, type TestHouse, testHouse } from './house.ts'

/** Everybody's password in a test house. */
export const password = 'quiet-room-with-thick-walls-41'

export type Who = keyof TestActors

/** The HTTP API over a test house: real routes, guard, sessions, database, search; only the socket is left out. */
export type TestApp = {
  house: TestHouse
  app: FastifyInstance
  parts: Parts
  routes: AnyRoute[]
  /** Log lines so far. */
  lines: string[]
  /** Sends a request as somebody (null: a stranger), with session and CSRF token unless `headers` say otherwise. */
  send: (who: Who | null, method: string, url: string, body?: unknown, headers?: Record<string, string>) => Promise<LightMyRequestResponse>
  /** Headers of somebody's session. */
  headersOf: (who: Who) => Promise<Record<string, string>>
  close: () => Promise<void>
}

const untilReady = async (search: Search): Promise<void> => {
  for (let i = 0; search.status().phase !== 'ready'; i += 1) {
    if (i > 1_500) throw new Error('the search was not ready in 30 s')
    await sleep(20)
  }
}

/** Where passkeys of a test house are shown. */
export const testSite: Site = { id: 'localhost', origin: 'http://localhost:7410' }

// Long enough for a whole file's acts after one sign-in, on a slow machine too; tests of step-up give their own.
const dayMs = 24 * 3_600_000

const partsOf = (house: TestHouse, search: Search, freshFor: number, identityProvider: IdentityProvider | null): Parts => {
  const { pool } = house.db.database
  const macKey = () => house.keyring.key('mac/1')
  const auth = openAuth({ pool, broker: house.broker, audit: house.audit, macKey, site: () => testSite, freshFor })
  const staging = openStaging({ folder: join(house.folder, 'staging'), keyring: house.keyring })
  const { records, audit, broker, keyring } = house
  const backups = { folder: join(house.folder, 'backups'), dataDir: house.folder, version: 'test', connect: house.db.database.connect }
  return {
    pool,
    records,
    audit,
    broker,
    keyring,
    macKey,
    ...auth,
    staging,
    search,
    backups,
    startJob: async () => {},
    relay: null,
    sendMail: null,
    identityProvider,
  }
}

/** Gives everybody of the house a sign-in and their grants. */
const enrol = async (house: TestHouse, parts: Parts): Promise<void> => {
  const passwordHash = await hashPassword(password)
  const macKey = await parts.macKey()
  for (const { staffId, roles, storeIds } of Object.values(house.actors) as Actor[]) {
    await storeCredential(parts.pool, macKey, { staffId, passwordHash, mustChange: false })
    await grantRoles(parts.pool, macKey, { staffId, roles, storeIds, grantedBy: null })
  }
}

/** Opens the API over a test house of its own. Call `close` in afterAll. */
export const testApp = async ({
  freshFor = dayMs,
  identityProvider = null,
}: { freshFor?: number; identityProvider?: IdentityProvider | null } = {}): Promise<TestApp> => {
  const house = await testHouse()
  const search = startSearch({ databaseUrl: house.db.runtimeUrl, broker: house.broker, cacheFile: null })
  const parts = partsOf(house, search, freshFor, identityProvider)
  await enrol(house, parts)
  await untilReady(search)
  const lines: string[] = []
  const options: KernelOptions = {
    log: openLog({ write: (line: string) => void lines.push(line) }),
    phase: () => 'ready',
    findSession: (token, address, how) => parts.sessions.ofToken(token, address, how),
    findProgram: (token, address) => parts.tokens.ofToken(token, address),
    isLostDevice: async (mark) => (await parts.devices.ofCookie(mark))?.lost ?? false,
    onRefused: (entry) => parts.audit.refused(entry),
    isSetupToken: () => false,
    hosts: ['localhost'],
    secure: false,
    perMinute: { session: 1_000_000, address: 1_000_000 },
  }
  const refuse = async (): Promise<never> => Promise.reject(new Error('not in this test'))
  const routes = allRoutes(
    {
      phase: () => 'ready',
      parts: () => parts,
      state: async () => ({ phase: 'ready', version: 'test', languages: [], provider: 'file' }),
      setUp: refuse,
      unseal: refuse,
      doctor: async () => [],
      certificate: () => null,
    },
    false,
  )
  const probes: Probes = {
    phase: () => 'ready',
    starting: () => false,
    stopping: () => false,
    database: async () => null,
    audit: () => house.audit.check(),
    search: () => ({ ready: search.status().phase === 'ready', progress: 1, problem: null }),
  }
  const app = await openKernel(options)
  mountRoutes(app, routes, options)
  mountOperations(app, { probes, metrics: openMetrics(), metricsToken: null, routes, version: 'test' })

  const known = new Map<Who, Record<string, string>>()
  const headersOf: TestApp['headersOf'] = async (who) => {
    const held = known.get(who)
    if (held) return held
    const { token, session } = await parts.sessions.begin(house.actors[who])
    const made = { cookie: `anechoic=${token}`, 'x-csrf-token': session.csrfToken }
    known.set(who, made)
    return made
  }
  const send: TestApp['send'] = async (who, method, url, body, headers = {}) =>
    app.inject({
      method: method as 'GET',
      url,
      headers: { ...(who ? await headersOf(who) : {}), ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
    })
  const close = async (): Promise<void> => {
    await app.close()
    await search.close()
    await house.close()
  }
  return { house, app, parts, routes, lines, send, headersOf, close }
}
