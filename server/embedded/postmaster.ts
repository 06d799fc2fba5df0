import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { classifyFailure } from './classifyFailure.ts'
import { plainEnvironment, type RunAs } from './runAs.ts'
import { type Settings, settingArguments } from './settings.ts'
import { postmasterPid } from './takeOver.ts'

/** What a database process needs: its folders, its account, its settings. */
export type PostmasterPlace = {
  dataDir: string
  pgdata: string
  binaries: string
  runner: RunAs
  settings: Settings
  socketFolder: string
  logFile: string
}

/** A running database. `exited` resolves when the process has ended, whyever. */
export type Postmaster = { pid: number; exited: Promise<void>; signal: (signal: NodeJS.Signals) => void }

/**
 * The shell that becomes PostgreSQL first leaves a watcher behind, which waits on descriptor 3. When this process dies by kill -9, the
 * kernel
 * closes the other end, `read` fails, and the watcher asks the database to shut down: no orphan stays. A line on it means "ended, do
 * nothing",
 * so that a process id used again meanwhile is never signalled.
 */
const launch = 'ulimit -c 0; ( ( cd /; read -r line || kill -INT $$ ) <&3 >/dev/null 2>&1 & ) ; exec 3<&-; exec "$@"'

/** A log that has grown to this size, in bytes, is set aside at the next start; one older log is kept. */
const largestLog = 10 * 1024 * 1024

/** Replay after a crash reads at most max_wal_size of log; far below this, in milliseconds, on any disk. */
const readyWithin = 60_000

/** Starts PostgreSQL and resolves once it takes connections. Throws what `classifyFailure` makes of its log when it ends instead. */
export async function startPostmaster(place: PostmasterPlace): Promise<Postmaster> {
  const { dataDir, pgdata, binaries, runner, settings, logFile } = place
  allowRolesOnly(pgdata)
  clearSocket(place.socketFolder)
  const { log, offset } = openLog(logFile)
  // A session of its own: Ctrl-C in the terminal is for the server, which stops the database last.
  const child = spawn('/bin/sh', ['-c', launch, 'sh', join(binaries, 'bin', 'postgres'), '-D', pgdata, ...settingArguments(settings)], {
    cwd: pgdata,
    env: plainEnvironment,
    detached: true,
    stdio: ['ignore', log, log, 'pipe'],
    ...(runner.uid === undefined ? {} : { uid: runner.uid }),
    ...(runner.gid === undefined ? {} : { gid: runner.gid }),
  })
  closeSync(log)
  let ended = false
  const watcher = child.stdio[3] as Writable
  watcher.on('error', () => {}) // the watcher may be gone before us
  const exited = new Promise<void>((resolve) => {
    const end = () => {
      ended = true
      watcher.end('ended\n')
      resolve()
    }
    child.on('exit', end)
    child.on('error', end)
  })
  const deadline = Date.now() + readyWithin
  while (!ended && !isReady(pgdata, child.pid)) {
    if (Date.now() > deadline) child.kill('SIGQUIT')
    await sleep(10)
  }
  if (ended || child.pid === undefined) throw classifyFailure(readFrom(logFile, offset), dataDir)
  return {
    pid: child.pid,
    exited,
    signal: (signal) => {
      if (!ended) child.kill(signal)
    },
  }
}

/** Line 8 of postmaster.pid turns "ready" once connections are taken; pg_ctl waits for the same (src/include/utils/pidfile.h). */
function isReady(pgdata: string, pid: number | undefined): boolean {
  if (postmasterPid(pgdata) !== pid) return false
  try {
    return readFileSync(join(pgdata, 'postmaster.pid'), 'utf8').split('\n')[7]?.trim() === 'ready'
  } catch {
    return false
  }
}

/** Only our two roles may sign in, by password over the socket; the superuser nowhere. Written at each start, so an edit does not last. */
function allowRolesOnly(pgdata: string): void {
  writeFileSync(join(pgdata, 'pg_hba.conf'), 'local all anechoic_owner,anechoic_app scram-sha-256\n', { mode: 0o600 })
}

/**
 * The folder is ours alone and the data folder's lock is held: what lies there is stale. PostgreSQL would believe its lock file while the
 * dead
 * postmaster is a zombie that nobody reaps (a container without an init process).
 */
function clearSocket(folder: string): void {
  for (const name of ['.s.PGSQL.5432', '.s.PGSQL.5432.lock']) rmSync(join(folder, name), { force: true })
}

function openLog(file: string): { log: number; offset: number } {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  if (existsSync(file) && statSync(file).size > largestLog) renameSync(file, `${file}.1`)
  const log = openSync(file, 'a', 0o600)
  return { log, offset: statSync(file).size }
}

function readFrom(file: string, offset: number): string {
  return readFileSync(file).subarray(offset).toString('utf8')
}
