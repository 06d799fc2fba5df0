import type { Transaction } from '../store/records.ts'
import { findSharedValues, noteAlike } from '../store/duplicatePairs.ts'
import { advanceJob } from '../store/jobTable.ts'
import { Stopped, type Task } from './job.ts'

const total = 2

/**
 * Looks for customers who may be one: those who share a number, address or id by blind index in the database, then those whose names and addresses are
 * alike in the search worker's memory. Each step is one commit with the job's place: interrupted, it goes on with the step that is not done. How many were
 * found is not told: a count over all stores would say to whoever wrote a number down whether somebody elsewhere has it.
 */
export const duplicates = async ({ parts, job, actor, signal }: Task): Promise<void> => {
  const commit = async (from: number, note: (tx: Transaction) => Promise<unknown>): Promise<void> => {
    await parts.records.transaction(actor, async (tx) => {
      await note(tx)
      if (!(await advanceJob(tx, job.id, { from, done: from + 1, total }))) throw new Stopped()
    })
  }
  if (job.done === 0) await commit(0, (tx) => findSharedValues(tx, parts.keyring))
  signal.throwIfAborted()
  if (job.done === total) return // killed between its last commit and its end
  const alike = await parts.search.alike()
  await commit(1, (tx) => noteAlike(tx, alike))
}
