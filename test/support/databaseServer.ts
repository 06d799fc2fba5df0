import { createServer, type Socket } from 'node:net'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Database } from '../../server/embedded/database.ts'
import { startEmbeddedPostgres } from '../../server/embedded/postgres.ts'
import { connectExternal } from '../../server/embedded/external.ts'
import { migrate } from '../../server/store/migrate.ts'

/** A database for one test file, as the wire carries it. */
export type ClonedDatabase = { ownerUrl: string; runtimeUrl: string; runtimeRole: string }

const withName = (url: string, name: string): string => {
  const parsed = new URL(url)
  parsed.pathname = `/${name}`
  return parsed.href
}

const run = async (url: string, sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** Starts the server on first use: a run of pure tests needs none. DATABASE_URL takes the place of the embedded one. */
const openSource = async (dataDir: string) => {
  const external = process.env['DATABASE_URL']
  const runtimeUrl = process.env['ANECHOIC_RUNTIME_DATABASE_URL'] ?? null
  const database: Database = external
    ? await connectExternal({ databaseUrl: external, runtimeDatabaseUrl: runtimeUrl, dataDir })
    : // A test database may be lost; what a crash leaves is tested elsewhere, with fsync on.
      await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off', max_connections: '200', shared_buffers: '64MB' } })
  const template = `anechoic_test_${process.pid}`
  const adminUrl = external ? database.ownerUrl : withName(database.ownerUrl, 'postgres')
  const made: string[] = [template]
  await run(adminUrl, `create database ${template} template template0`)
  await migrate({ ownerUrl: withName(database.ownerUrl, template), runtimeRole: database.runtimeRole })

  let last: Promise<unknown> = Promise.resolve()
  const clone = (): Promise<ClonedDatabase> => {
    const name = `${template}_${made.length}`
    made.push(name)
    // One at a time: PostgreSQL refuses a template that somebody else is just reading.
    const cloned = last.then(async () => {
      await run(adminUrl, `create database ${name} template ${template}`)
      return {
        ownerUrl: withName(database.ownerUrl, name),
        runtimeUrl: withName(database.runtimeUrl, name),
        runtimeRole: database.runtimeRole,
      }
    })
    last = cloned.catch(() => {})
    return cloned
  }
  const stop = async (): Promise<void> => {
    if (external) for (const name of made.toReversed()) await run(adminUrl, `drop database if exists ${name} with (force)`).catch(() => {})
    await database.stop()
  }
  return { clone, stop }
}

/** Vitest's global setup: a socket at which test files ask for a database of their own (`testDatabase`). */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'anechoic-test-'))
  // The database may run as another account (PostgreSQL refuses root), which must get through to its folder.
  chmodSync(folder, 0o755)
  let source: ReturnType<typeof openSource> | null = null
  const answer = async (socket: Socket): Promise<void> => {
    socket.on('error', () => {})
    try {
      const { clone } = await (source ??= openSource(join(folder, 'data')))
      socket.end(JSON.stringify(await clone()))
    } catch (error) {
      socket.end(
        JSON.stringify({
          problem:
            error instanceof Error ? `${error.message} ${JSON.stringify((error as { details?: unknown }).details ?? '')}` : 'unknown',
        }),
      )
    }
  }
  const path = join(folder, 'ask')
  const server = createServer((socket) => void answer(socket))
  await new Promise<void>((resolve) => server.listen(path, resolve))
  process.env['ANECHOIC_TEST_DATABASES'] = path
  return async () => {
    server.close()
    await source?.then(({ stop }) => stop()).catch(() => {})
    rmSync(folder, { recursive: true, force: true })
  }
}
