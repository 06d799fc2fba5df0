import { createHash } from 'node:crypto'
import pg from 'pg'
import { AppError } from '../../domain/errors.ts'
import { tlsProblem } from '../outgoing/tlsProblem.ts'
import { openDataFolder } from './dataFolder.ts'
import type { Database } from './database.ts'
import { keepPassword } from './passwords.ts'
import { verifyTls } from './verifyTls.ts'

type Options = { databaseUrl: string; runtimeDatabaseUrl: string | null; dataDir: string }

/** The oldest PostgreSQL supported, as `server_version_num`. */
const oldestVersion = 150_000

/**
 * Takes a PostgreSQL that somebody else runs: checks TLS, version and encoding, and sees to a run-time role without DDL, given or made
 * here.
 * Throws `config_invalid` (what to change), `database_unavailable` (no connection), or what `openDataFolder` throws: keys and cache still
 * lie there.
 */
export async function connectExternal({ databaseUrl, runtimeDatabaseUrl, dataDir }: Options): Promise<Database> {
  const ownerUrl = verifyTls(databaseUrl, 'DATABASE_URL')
  const givenRuntimeUrl = runtimeDatabaseUrl === null ? null : verifyTls(runtimeDatabaseUrl, 'ANECHOIC_RUNTIME_DATABASE_URL')
  const lock = await openDataFolder(dataDir)
  try {
    const runtime = await withClient(ownerUrl, 'DATABASE_URL', async (owner) => {
      await checkServer(owner)
      return givenRuntimeUrl === null ? makeRuntimeRole(owner, ownerUrl, dataDir) : checkRuntimeRole(owner, givenRuntimeUrl)
    })
    const never = Promise.withResolvers<AppError>().promise // an external database comes back by itself; readiness tells meanwhile
    return { ownerUrl, runtimeUrl: runtime.url, runtimeRole: runtime.role, crashed: never, stop: async () => lock.release() }
  } catch (error) {
    lock.release()
    throw error
  }
}

type Runtime = { url: string; role: string }

async function withClient<T>(url: string, option: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {}) // a lost connection also fails the query in hand
  try {
    await client.connect()
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'timeout'
    throw new AppError('database_unavailable', { problem: tlsProblem(reason), option, reason }, { cause: error })
  }
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

async function checkServer(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ version: number; encoding: string }>(
    "SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding",
  )
  const server = rows[0]
  if (server === undefined || server.version < oldestVersion) {
    throw new AppError('config_invalid', { problem: 'database_too_old', found: Math.floor((server?.version ?? 0) / 10_000) })
  }
  if (server.encoding !== 'UTF8') throw new AppError('config_invalid', { problem: 'database_not_utf8', found: server.encoding })
}

/**
 * Roles belong to the whole cluster, so the name carries the database's. Its password is kept in the data folder, and set anew when that
 * is.
 */
async function makeRuntimeRole(owner: pg.Client, ownerUrl: string, dataDir: string): Promise<Runtime> {
  const { rows } = await owner.query<{ database: string; may_create: boolean }>(
    'SELECT current_database() AS database, rolcreaterole OR rolsuper AS may_create FROM pg_roles WHERE rolname = current_user',
  )
  const { database = '', may_create: mayCreate = false } = rows[0] ?? {}
  if (!mayCreate) throw new AppError('config_invalid', { problem: 'runtime_role_needed' })
  const role = `anechoic_app_${createHash('sha256').update(database).digest('hex').slice(0, 12)}`
  const exists = (await owner.query('SELECT FROM pg_roles WHERE rolname = $1', [role])).rowCount === 1
  const kept = keepPassword(dataDir, 'runtime')
  const url = roleUrl(ownerUrl, role, kept.value)
  if (exists && !kept.fresh && (await signsIn(url))) return { url, role }
  if (exists) {
    const { rowCount } = await owner.query('SELECT FROM pg_stat_activity WHERE usename = $1 LIMIT 1', [role])
    if (rowCount !== 0) throw new AppError('config_invalid', { problem: 'runtime_role_in_use', role })
  }
  // The password is ours, 32 characters of base64url: nothing to escape, and utility statements take no parameters.
  await owner.query(`${exists ? 'ALTER' : 'CREATE'} ROLE ${role} LOGIN PASSWORD '${kept.value}'`)
  await owner.query(`GRANT CONNECT ON DATABASE ${owner.escapeIdentifier(database)} TO ${role}`)
  return { url, role }
}

async function signsIn(url: string): Promise<boolean> {
  return withClient(url, 'DATABASE_URL', async () => true).catch(() => false)
}

function roleUrl(ownerUrl: string, role: string, password: string): string {
  const url = new URL(ownerUrl)
  for (const parameter of ['user', 'password']) url.searchParams.delete(parameter) // they would outrank the ones in front
  url.username = role
  url.password = password
  return url.href
}

/** A run-time role that can alter tables would make the audit log deniable; such a one is refused, not trusted. */
async function checkRuntimeRole(owner: pg.Client, url: string): Promise<Runtime> {
  const sql = `SELECT current_user AS role, current_database() AS database, rolsuper OR rolcreaterole OR rolbypassrls
      OR has_database_privilege(current_database(), 'CREATE') OR has_schema_privilege('public', 'CREATE') AS strong
    FROM pg_roles WHERE rolname = current_user`
  type Found = { role: string; database: string; strong: boolean }
  const mine = (await owner.query<Found>(sql)).rows[0]
  const theirs = await withClient(url, 'ANECHOIC_RUNTIME_DATABASE_URL', async (client) => (await client.query<Found>(sql)).rows[0])
  if (mine === undefined || theirs === undefined || theirs.strong || theirs.role === mine.role) {
    throw new AppError('config_invalid', { problem: 'runtime_role_too_strong' })
  }
  if (theirs.database !== mine.database) throw new AppError('config_invalid', { problem: 'runtime_other_database' })
  return { url, role: theirs.role }
}
