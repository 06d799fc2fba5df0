import { findSharedValues, noteAlike } from '../store/duplicatePairs.ts'
import { advanceJob } from '../store/jobTable.ts'
import { Stopped, type Task } from './job.ts'

/**
 * Looks for customers who may be one: those who share a number, address or id by blind index in the database, then those whose names and addresses are
 * alike in the search worker's memory. Each half is one commit with the job's place: interrupted, it goes on with the half that is not done.
 */
export const duplicates = async ({ parts, job, actor, signal }: Task): Promise<void> => {
  let result = { found: 0, ...(job.result as { found?: number }) }
  const halves = [
    { work: async () => null, note: (tx: Parameters<typeof findSharedValues>[0]) => findSharedValues(tx, parts.keyring) },
    {
      work: () => parts.search.alike(),
      note: (tx: Parameters<typeof findSharedValues>[0], pairs: readonly (readonly [string, string])[] | null) =>
        noteAlike(tx, pairs ?? []),
    },
  ]
  for (let at = job.done; at < halves.length; at += 1) {
    signal.throwIfAborted()
    const { work, note } = halves[at]!
    const pairs = await work()
    const from = at
    const before = result
    const { value } = await parts.records.transaction(actor, async (tx) => {
      const next = { found: before.found + (await note(tx, pairs)) }
      if (!(await advanceJob(tx, job.id, { from, done: from + 1, total: halves.length, result: next }))) throw new Stopped()
      return next
    })
    result = value
  }
}
