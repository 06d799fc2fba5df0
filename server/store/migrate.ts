import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { AppError } from '../../domain/errors.ts'
import { databaseError } from './databaseError.ts'

/** A numbered SQL file. `:runtime` in it stands for the run-time role. */
export type Migration = { readonly number: number; readonly name: string; readonly sql: string; readonly sha256: string }

// Any constant will do, as long as every node takes the same.
const MIGRATION_LOCK = 7_410_001

/** Returns the migrations of a folder in order. Throws `internal` when numbers are missing or doubled. */
export const readMigrations = (folder = join(import.meta.dirname, 'migrations')): Migration[] => {
  const names = readdirSync(folder)
    .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .toSorted()
  return names.map((name, i) => {
    if (Number(name.slice(0, 4)) !== i + 1) throw new AppError('internal', { problem: 'migration number', name })
    const sql = readFileSync(join(folder, name), 'utf8')
    return { number: i + 1, name, sql, sha256: createHash('sha256').update(sql).digest('hex') }
  })
}

type Applied = { number: number; name: string; sha256: string }

const requireSame = (applied: readonly Applied[], migrations: readonly Migration[]): void => {
  const newest = applied.at(-1)
  if (newest && newest.number > migrations.length) throw new AppError('data_newer', { found: newest.number, supported: migrations.length })
  for (const { number, name, sha256 } of applied) {
    if (migrations[number - 1]?.sha256 !== sha256) throw new AppError('config_invalid', { problem: 'migration_edited', name })
  }
}

/**
 * Brings the database to this code's schema, as the owner, one transaction per file, under an advisory lock, and grants `runtimeRole` what each file
 * names. Returns how many were applied now. Throws `data_newer` when the database knows migrations this code does not, `config_invalid` when an
 * applied one was edited since (`migration_edited`) or the role does not exist, `database_unavailable`.
 */
export const migrate = async (options: { ownerUrl: string; runtimeRole: string; migrations?: readonly Migration[] }): Promise<number> => {
  const migrations = options.migrations ?? readMigrations()
  const client = new pg.Client({
    connectionString: options.ownerUrl,
    application_name: 'anechoic-migrate',
    connectionTimeoutMillis: 10_000,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const role = await client.query('select 1 from pg_roles where rolname = $1', [options.runtimeRole])
    if (role.rowCount === 0) throw new AppError('config_invalid', { problem: 'no_runtime_role', role: options.runtimeRole })
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    const runtime = client.escapeIdentifier(options.runtimeRole)
    await noteMigrations(client, runtime)
    const { rows } = await client.query<Applied>('select number, name, sha256 from public.migration order by number')
    requireSame(rows, migrations)
    const due = migrations.slice(rows.length)
    for (const migration of due) await applyAlone(client, migration, runtime)
    return due.length
  } catch (error) {
    throw databaseError(error)
  } finally {
    await client.end().catch(() => {}) // gives the lock back too
  }
}

const noteMigrations = async (client: pg.Client, runtime: string): Promise<void> => {
  await client.query(`create table if not exists public.migration
    (number integer primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now())`)
  await client.query(`grant select on public.migration to ${runtime}`)
}

const apply = async (client: pg.Client, { number, name, sql, sha256 }: Migration, runtime: string): Promise<void> => {
  await client.query(sql.replaceAll(':runtime', runtime))
  await client.query('insert into public.migration (number, name, sha256) values ($1, $2, $3)', [number, name, sha256])
}

const applyAlone = async (client: pg.Client, migration: Migration, runtime: string): Promise<void> => {
  await client.query('begin')
  try {
    await apply(client, migration, runtime)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

/** Takes the lock of migrations until the end of the transaction `client` is in. */
export const lockMigrations = async (client: pg.Client): Promise<void> =>
  void (await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]))

/** Applies migrations one after another within the transaction `client` is in, as the owner: all of them are undone with it. */
export const applyMigrations = async (client: pg.Client, runtimeRole: string, migrations: readonly Migration[]): Promise<void> => {
  const runtime = client.escapeIdentifier(runtimeRole)
  await noteMigrations(client, runtime)
  for (const migration of migrations) await apply(client, migration, runtime)
}
