import { addUndone, noneUndone, type UndoResult } from '../actions/jobs/undoResult.ts'
import { advanceJob } from '../store/jobTable.ts'
import { Stopped, type Task } from './job.ts'

const batchChanges = 100

/**
 * Undoes the job that `undoes` names, newest change first, as far as the one who asked for it may and nobody has changed the records since. Each batch,
 * the marks on what it undid, and the place in the job are one commit: interrupted, it goes on with the changes that are not marked.
 */
export const undo = async ({ parts, job, actor, signal }: Task): Promise<void> => {
  let at = job.done
  let before = (job.cursor['before'] as number | null | undefined) ?? null
  let result: UndoResult = { ...noneUndone, ...(job.result as Partial<UndoResult>) }
  for (;;) {
    signal.throwIfAborted()
    const { value: batch } = await parts.records.transaction(actor, async (tx) => {
      const { seen, last, of } = await tx.undoChanges(job.undoes!, before, batchChanges)
      const next = addUndone(result, of)
      const step = { from: at, done: at + seen, cursor: { before: last }, result: next }
      if (seen > 0 && !(await advanceJob(tx, job.id, step))) throw new Stopped()
      return { seen, last, next }
    })
    if (batch.seen === 0) return
    at += batch.seen
    before = batch.last
    result = batch.next
  }
}
