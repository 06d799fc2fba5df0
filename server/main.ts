import { randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { RestoreAnswer } from './backup/restoreHead.ts'
import { isMarked, requireRestored } from './backup/restoreMarker.ts'
import { oidcProvider } from './auth/identityProviders/oidcProvider.ts'
import { siteOf } from './auth/site.ts'
import { type Config, readConfig } from './config.ts'
import { publicOrigin } from './config/publicOrigin.ts'
import type { MailConfig } from './config/outgoing.ts'
import { hardenProcess } from './crypto/processHardening.ts'
import { examine } from './doctor.ts'
import { fillWithDemo } from './demo/fillWithDemo.ts'
import { connectExternal } from './embedded/external.ts'
import { startEmbeddedPostgres } from './embedded/postgres.ts'
import { asAppError, exitWithStartError } from './embedded/startErrors.ts'
import { type House, openHouse } from './house.ts'
import { openKernel, type KernelOptions } from './http/kernel.ts'
import { openLog } from './http/log.ts'
import { openMetrics } from './http/metrics.ts'
import { mountOperations } from './http/operations.ts'
import { mountRoutes } from './http/mountRoutes.ts'
import type { Probes } from './http/readiness.ts'
import { allRoutes } from './http/routes/allRoutes.ts'
import { mountWebClient } from './http/webClient.ts'
import { hostsOf, openListeners } from './openListeners.ts'
import { openTransit, readCaFile } from './openTransit.ts'
import type { CertificateStatus } from './tls/liveCertificate.ts'
import { type Mail, sendMail } from './mail/sendMail.ts'
import { httpRelay } from './relay/httpRelay.ts'
import { installQueues } from './jobs/queue.ts'
import { localSocketPath, makeSocketFolderFor } from './localSocket.ts'
import { restoreServer } from './restoreServer.ts'
import { openDatabase } from './store/database.ts'
import { migrate } from './store/migrate.ts'

const root = join(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }

/** A running server. `stop` may be called again; it drains requests, then search, jobs and database. */
export type RunningServer = {
  readonly house: House
  readonly url: string | null
  readonly setupToken: string | null
  readonly certificate: () => CertificateStatus | null
  /** The local authority that devices are asked to trust, where there is one, and the page that helps them. */
  readonly authority: { readonly fingerprint: string; readonly page: string } | null
  readonly stop: () => Promise<void>
  readonly crashed: Promise<Error>
}

const isSame = (a: string, b: string): boolean =>
  Buffer.byteLength(a) === Buffer.byteLength(b) && timingSafeEqual(Buffer.from(a), Buffer.from(b))

const caOf = (file: string | null): { ca?: string } => {
  const ca = readCaFile(file)
  return ca === null ? {} : { ca }
}

const mailerOf = ({ url, from, caFile }: MailConfig): ((mail: Mail) => Promise<void>) => {
  const server = { url, from, ...caOf(caFile) }
  return (mail) => sendMail(server, mail)
}

/** In the clear where that is served: over TLS the page would be behind the very warning it is to end. */
const helpPage = ({ httpPort, publicNames }: Config, url: string | null): string =>
  httpPort === null ? `${url}/ca` : `http://${publicNames[0]}${httpPort === 80 ? '' : `:${httpPort}`}/ca`

const prepareDatabase = async (ownerUrl: string, runtimeRole: string): Promise<void> => {
  await migrate({ ownerUrl, runtimeRole })
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 1 })
  await installQueues({ ownerUrl, runtimeRole, owner }).finally(() => owner.end())
}

const refuseHalfRestored = async (dataDir: string, ownerUrl: string): Promise<void> => {
  if (!isMarked(dataDir)) return
  const { pool, close } = openDatabase({ url: ownerUrl, max: 1 })
  await requireRestored(dataDir, pool).finally(close)
}

/** Starts everything the configuration asks for. Throws what `explainStartError` puts into one line; nothing is left running then. */
export const startServer = async (config: Config, log = openLog(process.stdout)): Promise<RunningServer> => {
  const { dataDir } = config
  const postgres =
    config.databaseUrl === null
      ? await startEmbeddedPostgres({ dataDir })
      : await connectExternal({ databaseUrl: config.databaseUrl, runtimeDatabaseUrl: config.runtimeDatabaseUrl, dataDir })
  const undo: (() => Promise<unknown>)[] = [postgres.stop]
  const unwind = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step().catch((error: unknown) => log.fault('stop', error))
  }
  try {
    await refuseHalfRestored(dataDir, postgres.ownerUrl)
    await prepareDatabase(postgres.ownerUrl, postgres.runtimeRole)
    const database = openDatabase({ url: postgres.runtimeUrl, max: 12 })
    undo.push(database.close)
    const relay = config.relay && httpRelay({ ...config.relay, ...caOf(config.relay.caFile) })
    // Known once it listens: passkeys are shown at this address, port included.
    let origin = publicOrigin(config).origin
    const house = await openHouse({
      dataDir,
      site: () => siteOf(origin),
      relay,
      sendMail: config.mail && mailerOf(config.mail),
      identityProvider:
        config.singleSignOn &&
        oidcProvider({
          ...config.singleSignOn,
          ...caOf(config.singleSignOn.caFile),
          allow: config.outgoingAllow,
          redirectUri: () => `${origin}/sign-in/back`,
        }),
      keyProvider: config.keyProvider,
      backups: config.backups,
      runtimeUrl: postgres.runtimeUrl,
      database,
      version,
      log,
    })
    undo.push(house.close)

    const setupToken = house.phase() === 'setup' ? randomBytes(24).toString('base64url') : null
    const metrics = openMetrics()
    let stopping = false
    const whenReady = (read: () => number) => (): number => (house.phase() === 'ready' && !house.starting() ? read() : 0)
    metrics.gauge(
      'anechoic_search_records',
      'Records in the search index',
      whenReady(() => house.parts().search.status().records),
    )
    metrics.gauge(
      'anechoic_audit_waiting',
      'Entries that wait for their commit',
      whenReady(() => house.parts().audit.status().waiting),
    )
    const probes: Probes = {
      phase: house.phase,
      starting: house.starting,
      stopping: () => stopping,
      database: async () => (await database.pool.query('select 1'), null),
      audit: () => house.parts().audit.check(),
      search: () => {
        const { phase, done, total, problem } = house.parts().search.status()
        return { ready: phase === 'ready', progress: phase === 'ready' ? 1 : total > 0 ? done / total : 0, problem }
      },
    }
    const transit = await openTransit(config, log)
    const { certificate } = transit
    if (certificate) undo.push(certificate.close)
    const status = (): CertificateStatus | null => certificate?.status() ?? null
    const options: KernelOptions = {
      log,
      phase: house.phase,
      findSession: (token, address, how) => house.parts().sessions.ofToken(token, address, how),
      findProgram: (token, address) => house.parts().tokens.ofToken(token, address),
      isLostDevice: async (mark) => (await house.parts().devices.ofCookie(mark))?.lost ?? false,
      onRefused: (entry) => house.parts().audit.refused(entry),
      isSetupToken: (token) => setupToken !== null && isSame(token, setupToken),
      hosts: hostsOf(config),
      secure: config.tls !== null,
      behindProxy: config.tls?.kind === 'proxy',
      trustedProxies: config.trustedProxies,
      onFinished: metrics.onFinished,
    }
    const open = async (more: Partial<KernelOptions>) => {
      const asked = { ...options, ...more }
      const app = await openKernel(asked)
      const installation = { ...house, doctor: () => examine(house, probes, dataDir, status()), certificate: status }
      const routes = allRoutes(installation, asked.secure)
      mountRoutes(app, routes, asked)
      mountOperations(app, { probes, metrics, metricsToken: null, routes, version })
      undo.push(() => app.close())
      return app
    }
    const socket = localSocketPath(dataDir)
    makeSocketFolderFor(socket, dataDir)
    rmSync(socket, { force: true })
    const local = await open({ local: true, secure: false, behindProxy: false })
    await mountWebClient(local, '')
    await local.listen({ path: socket })
    const listener = {
      config,
      transit,
      open,
      pages: join(root, 'web', 'dist'),
      log,
      undo: (step: () => Promise<unknown>) => undo.push(step),
    }
    const url = config.listen ? await openListeners(listener) : null
    origin = url ?? origin
    log.info('listening', { phase: house.phase(), port: config.port })
    let stopped: Promise<void> | null = null
    const stop = (): Promise<void> => {
      stopping = true
      return (stopped ??= unwind())
    }
    return {
      house,
      url,
      setupToken,
      certificate: status,
      authority: transit.authority && { fingerprint: transit.authority.fingerprint, page: helpPage(config, url) },
      stop,
      crashed: postgres.crashed,
    }
  } catch (error) {
    await unwind()
    throw error
  }
}

const announce = ({ url, setupToken, house, authority, certificate }: RunningServer): void => {
  if (url === null) return
  if (authority)
    process.stderr.write(`设备需信任的本地 CA  Local CA to trust on devices: ${authority.page}\n  SHA-256 ${authority.fingerprint}\n`)
  if (certificate()?.notAfter === null)
    process.stderr.write(
      '正在申请证书，拿到后才开始服务；进展见 doctor。 The certificate is being ordered; pages are served once it is there: see doctor.\n',
    )
  const lines =
    setupToken && house.phase() === 'setup'
      ? [`消声室 Anechoic：${url}`, `首次设置（仅此一次有效） First-time setup, valid once:\n\n  ${url}/setup?token=${setupToken}\n`]
      : [`消声室 Anechoic：${url}${house.phase() === 'sealed' ? '（已封存，请解封 sealed: unseal it）' : ''}`]
  process.stderr.write(`${lines.join('\n')}\n`)
}

/** Restores from standard input and says on standard output, in one line, how it went. */
const restoreFromInput = async (config: Config): Promise<never> => {
  const say = (answer: RestoreAnswer): Promise<void> =>
    new Promise((resolve) => process.stdout.write(`${JSON.stringify(answer)}\n`, () => resolve()))
  try {
    await say({ restored: await restoreServer(config, process.stdin) })
    process.exit(0)
  } catch (error) {
    const known = asAppError(error)
    await say({
      error: { code: known?.code ?? 'internal', details: known?.details ?? { problem: String((error as { code?: unknown }).code ?? '') } },
    })
    process.exit(1)
  }
}

/** Milliseconds a stop may take: what waits for a database that is gone must not keep the process. Its exit stops the database too. */
const longestStop = 20_000

if (import.meta.main) {
  hardenProcess()
  process.on('uncaughtException', exitWithStartError)
  try {
    const log = openLog(process.stdout)
    const config = readConfig(process.argv.slice(2), process.env)
    if (config.restore) await restoreFromInput(config)
    const server = await startServer(config, log)
    if (!config.demo) announce(server)
    const end = async (code: number): Promise<void> => {
      setTimeout(() => {
        log.fault('stop', new Error('took too long'))
        process.exit(1)
      }, longestStop).unref()
      await server.stop()
      process.exit(code)
    }
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end(0))
    void server.crashed.then(() => end(1))
    // What nobody foresaw ends the server, but not with the message that Node would print: it may quote a value.
    process.removeAllListeners('uncaughtException').on('uncaughtException', (error) => {
      log.fault('crash', error)
      void end(1)
    })
    if (config.demo) {
      await fillWithDemo(server.house, server.url, config)
      announce(server)
    }
  } catch (error) {
    exitWithStartError(error)
  }
}
