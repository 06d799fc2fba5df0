import { advanceJob } from '../store/jobTable.ts'
import type { UndoneOne } from '../store/undoChanges.ts'
import { Stopped, type Task } from './job.ts'
import { addKept, type KeptResult } from './keptList.ts'

const batchChanges = 100

type Result = KeptResult & { undone: number; partly: number; kept: number }

const add = (result: Result, of: readonly UndoneOne[]): Result => {
  const count = (outcome: UndoneOne['outcome']): number => of.filter((one) => one.outcome === outcome).length
  const told = of.flatMap(({ id, entity, why, fields }) => (why === undefined ? [] : [{ id, entity, why, ...(fields ? { fields } : {}) }]))
  return {
    ...addKept(result, told),
    undone: result.undone + count('undone'),
    partly: result.partly + count('partly'),
    kept: result.kept + count('kept'),
  }
}

/**
 * Undoes the job that `undoes` names, newest change first, as far as the one who asked for it may and nobody has changed the records since. Each batch,
 * the marks on what it undid, and the place in the job are one commit: interrupted, it goes on with the changes that are not marked.
 */
export const undo = async ({ parts, job, actor, signal }: Task): Promise<void> => {
  let at = job.done
  let before = (job.cursor['before'] as number | null | undefined) ?? null
  let result: Result = { undone: 0, partly: 0, kept: 0, reasons: {}, list: [], ...(job.result as Partial<Result>) }
  for (;;) {
    signal.throwIfAborted()
    const { value: batch } = await parts.records.transaction(actor, async (tx) => {
      const { seen, last, of } = await tx.undoChanges(job.undoes!, before, batchChanges)
      const next = add(result, of)
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
