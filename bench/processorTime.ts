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
  attempt(() => readdirSync(`/proc/${pid}/task`), []).reduce((sum, task) => sum + attempt(() => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]), 0), 0)

const childrenOf = (pid: number): number[] =>
  attempt(() => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number), [])

/**
 * Returns the processor time that the processes and their children have used so far, in milliseconds; 0 where there is no /proc. On a machine that
 * others use too, it is what still tells the cost of a request.
 */
export const processorTime = (pids: readonly number[]): number =>
  pids.flatMap((pid) => [pid, ...childrenOf(pid)]).reduce((sum, pid) => sum + threads(pid) / 1e6, 0)
