import { randomBytes } from 'node:crypto'
import { chownSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import { classifyFailure, freeBytes, requireSpace } from './classifyFailure.ts'
import { type RunAs, runAs } from './runAs.ts'

/** The major version that the bundled binaries run. */
export const postgresMajor = 18

/** Where a database is made, by whom, and with which passwords; `sync` false skips fsync, for throw-away test databases. */
export type Place = { dataDir: string; binaries: string; runner: RunAs; passwords: { owner: string; runtime: string }; sync: boolean }

/**
 * Makes `postgres/` in the data folder when it is not there: initdb and roles happen in `postgres.new`, which is renamed when all is done,
 * so an interrupted first start leaves nothing that a later one could mistake for a database. Returns true when it was made.
 * Throws `data_newer`, `disk_full`, `data_unreachable` or `database_unavailable`.
 */
export async function initialise(place: Place, neededBytes = 0): Promise<boolean> {
  const target = join(place.dataDir, 'postgres')
  const version = join(target, 'PG_VERSION')
  if (existsSync(version)) {
    const found = Number.parseInt(readFileSync(version, 'utf8'), 10)
    if (found !== postgresMajor) {
      throw new AppError('data_newer', { path: place.dataDir, found: `PostgreSQL ${found}`, supported: `PostgreSQL ${postgresMajor}` })
    }
    return false
  }
  requireSpace(freeBytes(place.dataDir), neededBytes, place.dataDir)
  const draft = join(place.dataDir, 'postgres.new')
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: 0o700 })
  if (place.runner.uid !== undefined) chownSync(draft, place.runner.uid, place.runner.gid ?? place.runner.uid)
  await runInitdb(place, draft)
  await setRoles(place, draft, true)
  renameSync(draft, target)
  syncFolder(place.dataDir)
  return true
}

async function runInitdb({ dataDir, binaries, runner, sync }: Place, draft: string): Promise<void> {
  // initdb wants a password for SCRAM; nobody may use it, since pg_hba.conf rejects the superuser: so it is not kept.
  const passwordFile = join(dataDir, 'postgres.superuser')
  writeFileSync(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  if (runner.uid !== undefined) chownSync(passwordFile, runner.uid, runner.gid ?? runner.uid)
  const { code, output } = await runAs(
    join(binaries, 'bin', 'initdb'),
    [
      '--pgdata',
      draft,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--no-locale',
      '--encoding=UTF8',
      '--data-checksums',
      '--no-instructions',
      ...(sync ? [] : ['--no-sync']),
    ],
    runner,
  )
  rmSync(passwordFile, { force: true })
  if (code !== 0) throw classifyFailure(output, dataDir)
}

/**
 * Sets roles and passwords (and with `create` the database) in single-user mode: no socket, and never a superuser's login.
 * Also repairs a data folder whose password files are lost. The database must not be running.
 */
export async function setRoles({ dataDir, binaries, runner, passwords, sync }: Place, pgdata: string, create: boolean): Promise<void> {
  // One statement per line: that is how single-user mode reads. CREATEDB lets the owner rehearse restores and updates in a database beside.
  const statements = [
    role('anechoic_owner', 'CREATEDB', passwords.owner),
    role('anechoic_app', 'NOCREATEDB', passwords.runtime),
    ...(create
      ? [
          'CREATE DATABASE anechoic OWNER anechoic_owner TEMPLATE template0',
          'REVOKE ALL ON DATABASE anechoic FROM PUBLIC',
          'GRANT CONNECT ON DATABASE anechoic TO anechoic_app',
        ]
      : []),
  ]
  const { code, output } = await runAs(
    join(binaries, 'bin', 'postgres'),
    ['--single', '-D', pgdata, '-c', `fsync=${sync ? 'on' : 'off'}`, '-c', 'log_min_error_statement=panic', 'postgres'],
    { ...runner, input: `${statements.join('\n')}\n` },
  )
  if (code !== 0 || /\b(ERROR|FATAL|PANIC):/.test(output)) throw classifyFailure(output, dataDir)
}

function role(name: string, right: string, password: string): string {
  const rights = `${name} LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS ${right} PASSWORD '${password}'`
  const exists = `EXISTS (SELECT FROM pg_roles WHERE rolname = '${name}')`
  return `DO $$ BEGIN IF ${exists} THEN ALTER ROLE ${rights}; ELSE CREATE ROLE ${rights}; END IF; END $$`
}

/** A rename survives a power cut only once its folder is on disk (fsync(2), notes). */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
