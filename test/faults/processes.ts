import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunningServer } from '../support/server.ts'

/** Process id of the server itself (not its launcher) or of its embedded database, from the data folder. */
export const pidOf = async (data: string, which: 'server' | 'database'): Promise<number> =>
  which === 'server'
    ? (JSON.parse(await readFile(join(data, 'instance.json'), 'utf8')) as { pid: number }).pid
    : Number((await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0])

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Waits until the processes are gone; throws after `limitMs`. */
const untilGone = async (pids: readonly number[], limitMs: number): Promise<void> => {
  const deadline = Date.now() + limitMs
  while (pids.some(isAlive)) {
    if (Date.now() > deadline) throw new Error(`still running: ${pids.filter(isAlive).join(', ')}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** SIGKILL to each process; resolves when all are gone. */
export const killAll = async (pids: readonly number[]): Promise<void> => {
  for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  await untilGone(pids, 10_000)
}

/** SIGKILL to the server only, the database only, or both; then to the launcher, whose server stops by itself, so that a round begins anew. */
export const killProduct = async (data: string, server: RunningServer, victims: readonly ('server' | 'database')[]): Promise<void> => {
  const serverPid = await pidOf(data, 'server')
  await killAll(await Promise.all(victims.map((victim) => pidOf(data, victim))))
  await server.kill()
  await untilGone([serverPid], 30_000)
}
