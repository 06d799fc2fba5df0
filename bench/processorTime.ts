import { readdirSync, readFileSync } from 'node:fs'

// proc(5): threads and processes end while they are being read, and there is no /proc but on Linux.
const attempt = <T>(work: () => T, otherwise: T): T => {
  try {
    return work()
  } catch {
    return otherwise
  }
}

const threads = (pid: number): number =>
  attempt(() => readdirSync(`/proc/${pid}/task`), []).reduce(
    (sum, task) => sum + attempt(() => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]), 0),
    0,
  )

const childrenOf = (pid: number): number[] =>
  attempt(() => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number), [])

// The database's own housekeeping (autovacuum) is nobody's request.
const isHousekeeping = (pid: number): boolean =>
  attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('autovacuum worker'), false)

/** Processor time used so far, in milliseconds by process id. */
export type ProcessorTimes = ReadonlyMap<number, number>

/** Returns what the processes and their children have used so far; zeros where there is no /proc. */
export const readProcessorTimes = (pids: readonly number[]): ProcessorTimes =>
  new Map(
    pids
      .flatMap((pid) => [pid, ...childrenOf(pid)])
      .filter((pid) => !isHousekeeping(pid))
      .map((pid) => [pid, threads(pid) / 1e6]),
  )

/**
 * Returns what was used between two readings, in milliseconds, by the processes that were there at the end. On a machine that others use too, it is
 * what still tells the cost of a request.
 */
export const usedBetween = (before: ProcessorTimes, after: ProcessorTimes): number =>
  [...after].reduce((sum, [pid, used]) => sum + Math.max(0, used - (before.get(pid) ?? 0)), 0)
