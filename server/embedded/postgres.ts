import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../domain/errors.ts'
import { reachableBinaries } from './binaries.ts'
import { freeBytes, requireSpace } from './classifyFailure.ts'
import { openDataFolder } from './dataFolder.ts'
import type { Database } from './database.ts'
import { initialise, setRoles } from './initialise.ts'
import { keepPassword } from './passwords.ts'
import { type Postmaster, type PostmasterPlace, startPostmaster } from './postmaster.ts'
import type { RunAs } from './runAs.ts'
import { defaultSettings, type Settings } from './settings.ts'
import { makeSocketFolder } from './socketFolder.ts'
import { takeOver } from './takeOver.ts'
import { unprivilegedUser } from './unprivilegedUser.ts'

type Options = {
  /** Absolute path of the data folder; made when missing. */
  dataDir: string
  /** The `native` folder of the PostgreSQL package; found by itself when left out. */
  binaries?: string
  /** Account of the database; as root, when left out, that of `unprivilegedUser`. */
  uid?: number
  gid?: number
  /** Over `defaultSettings`; `fsync: 'off'` also skips initdb's syncing, for tests. */
  settings?: Settings
}

/** Free bytes wanted: a fresh cluster with its first WAL takes about 60 MB; a start needs room for a few WAL segments. */
const spaceToCreate = 160 * 1024 * 1024
const spaceToStart = 48 * 1024 * 1024

/** Waits before the 1st, 2nd … restart of a database that died, in milliseconds. After the last one the server gives up. */
const restartWaits = [100, 300, 1_000, 2_000, 4_000]

/** A database that ran this long, in milliseconds, has recovered: the next death counts as the first again. */
const steadyAfter = 60_000

/**
 * Starts the embedded PostgreSQL 18 on `dataDir`: takes the folder's lock, makes the cluster on the first start, ends what a killed
 * instance
 * left running, and restarts a database that dies under it. Throws `data_in_use`, `data_newer`, `data_unreachable`, `disk_full`,
 * `config_invalid` (a foreign folder) or `database_unavailable`.
 */
export async function startEmbeddedPostgres(options: Options): Promise<Database> {
  const { dataDir } = options
  const runner = chooseRunner(options)
  const lock = await openDataFolder(dataDir, runner)
  try {
    const binaries = options.binaries ?? (await reachableBinaries(runner))
    const passwords = { owner: keepPassword(dataDir, 'owner', runner), runtime: keepPassword(dataDir, 'runtime', runner) }
    const sync = options.settings?.['fsync'] !== 'off'
    const place = { dataDir, binaries, runner, sync, passwords: { owner: passwords.owner.value, runtime: passwords.runtime.value } }
    const pgdata = join(dataDir, 'postgres')

    await takeOver(pgdata)
    requireSpace(freeBytes(dataDir), spaceToStart, dataDir)
    const created = await initialise(place, spaceToCreate)
    if (!created && (passwords.owner.fresh || passwords.runtime.fresh)) await setRoles(place, pgdata, false)

    const socket = makeSocketFolder(dataDir, runner)
    const settings = { ...defaultSettings(socket.path), ...options.settings }
    const logFile = join(dataDir, 'log', 'postgres.log')
    const supervised = await supervise({ dataDir, pgdata, binaries, runner, settings, socketFolder: socket.path, logFile })
    const stop = async () => {
      await supervised.stop()
      socket.remove()
      lock.release()
    }
    return {
      ownerUrl: socketUrl('anechoic_owner', place.passwords.owner, socket.path),
      runtimeUrl: socketUrl('anechoic_app', place.passwords.runtime, socket.path),
      runtimeRole: 'anechoic_app',
      crashed: supervised.crashed,
      stop: once(stop),
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

function chooseRunner({ uid, gid }: Options): RunAs {
  if (uid !== undefined) return { uid, gid: gid ?? uid }
  if (process.getuid?.() !== 0) return {}
  const user = unprivilegedUser()
  if (user === null) throw new AppError('config_invalid', { problem: 'no_system_user' })
  return { uid: user.uid, gid: user.gid }
}

/** The host in front is never used (`host=` wins) but keeps the text a valid URL for every parser. */
function socketUrl(role: string, password: string, socketFolder: string): string {
  return `postgres://${role}:${password}@localhost/anechoic?host=${encodeURIComponent(socketFolder)}`
}

/** Keeps the database running: a death is followed by a restart, with growing waits; `crashed` resolves when none helped. */
async function supervise(place: PostmasterPlace): Promise<{ stop: () => Promise<void>; crashed: Promise<AppError> }> {
  let stopping = false
  let current: Postmaster | null = await startPatiently(place)
  const { promise: crashed, resolve: giveUp } = Promise.withResolvers<AppError>()
  const ended = (async () => {
    for (let failures = 0, since = Date.now(); ;) {
      await current?.exited
      current = null
      if (Date.now() - since > steadyAfter) failures = 0
      const wait = restartWaits[failures++]
      if (stopping) return
      if (wait === undefined) return giveUp(new AppError('database_unavailable', { problem: 'gave_up', path: place.dataDir }))
      await sleep(wait)
      if (stopping) return
      since = Date.now()
      await takeOver(place.pgdata)
      current = await startPatiently(place).catch(() => null)
      if (stopping) current?.signal('SIGINT') // `stop` came while it started
    }
  })()
  const stop = async () => {
    stopping = true
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      // fast shutdown; should that take too long, immediate
      current?.signal(signal)
      if (await Promise.race([ended.then(() => true), sleep(10_000, false, { ref: false })])) return
    }
  }
  return { stop, crashed }
}

/**
 * Where leftovers cannot be seen (no /proc), their shared memory is what shows: the last of them is on its way out, so a few more tries
 * settle it.
 */
async function startPatiently(place: PostmasterPlace): Promise<Postmaster> {
  for (let tries = 10; ; tries -= 1) {
    try {
      return await startPostmaster(place)
    } catch (error) {
      if (tries === 0 || !(error instanceof AppError && error.code === 'data_in_use')) throw error
      await sleep(250)
      await takeOver(place.pgdata)
    }
  }
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  return () => (running ??= action())
}
