import { existsSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Stages of ending a leftover database, with the milliseconds each may take: fast shutdown, immediate shutdown (crash recovery follows),
 * kill.
 */
const stages: readonly [NodeJS.Signals, number][] = [
  ['SIGINT', 2_000],
  ['SIGQUIT', 1_000],
  ['SIGKILL', 1_000],
]

/**
 * Ends what a killed instance left running on `pgdata`, so that this one can start: its postmaster, or server processes whose postmaster is
 * gone. Then removes a `postmaster.pid` that names somebody else's process (ids are used again after a reboot), over which PostgreSQL
 * would stumble.
 * Only for the holder of the data folder's lock.
 */
export async function takeOver(pgdata: string): Promise<void> {
  if (!existsSync(join(pgdata, 'postmaster.pid'))) return
  for (const [signal, patience] of stages) {
    for (const pid of leftovers(pgdata)) send(pid, signal)
    const deadline = Date.now() + patience
    while (leftovers(pgdata).length > 0 && Date.now() < deadline) await sleep(20)
    if (leftovers(pgdata).length === 0) break
  }
  rmSync(join(pgdata, 'postmaster.pid'), { force: true })
}

/**
 * Ids of database processes working in `pgdata`: by /proc on Linux, elsewhere the postmaster named in postmaster.pid if it is a postgres of
 * this folder.
 */
function leftovers(pgdata: string): number[] {
  if (process.platform === 'linux') {
    const folder = realpathSync(pgdata)
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && worksIn(pid, folder))
  }
  const pid = postmasterPid(pgdata)
  if (pid === null) return []
  const { stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' })
  return stdout.includes('postgres') && stdout.includes(pgdata) ? [pid] : []
}

function worksIn(pid: number, folder: string): boolean {
  try {
    if (readlinkSync(`/proc/${pid}/cwd`) !== folder) return false
  } catch {
    return false // ended meanwhile, or not ours
  }
  try {
    return /\/postgres( \(deleted\))?$/.test(readlinkSync(`/proc/${pid}/exe`))
  } catch {
    return true // dying: the kernel drops the program first, then the shared memory that the next postmaster needs free, then the folder
  }
}

/** The process id in the first line of `postmaster.pid`, null when there is none. */
export function postmasterPid(pgdata: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(join(pgdata, 'postmaster.pid'), 'utf8'), 10)
    return pid > 0 ? pid : null
  } catch {
    return null
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // it has ended meanwhile
  }
}
