import { advanceJob } from '../store/jobTable.ts'
import { allShapes, type Shape } from '../store/shape.ts'
import { inTransaction } from '../store/transaction.ts'
import { sweepEnvelopes } from '../store/verifyEnvelopes.ts'
import { Stopped, type Task } from './job.ts'

/** Records of one batch: some 150 ms, and few enough for one audit entry to name those that differ. */
const batchRecords = 500
const first = '00000000-0000-0000-0000-000000000000'

type Cursor = { entity: string; after: string }

/**
 * Compares every sealed record with what the audit log says its newest write left, entity by entity, in batches by id. What differs is on record: a
 * failed act about those people. The result counts; which they are is in the log. Interrupted, it goes on behind the last batch.
 */
export const verify = async (task: Task): Promise<void> => {
  const { parts, job, actor, signal } = task
  const shapes = allShapes().filter((shape) => shape.hasSubject)
  let cursor = { entity: shapes[0]!.name, after: first, ...job.cursor } as Cursor
  let checked = job.done
  let differing = (job.result['differing'] as number | undefined) ?? 0
  for (;;) {
    signal.throwIfAborted()
    const shape = shapes.find((one) => one.name === cursor.entity)!
    const next = await inTransaction(parts.pool, async (client) => {
      const swept = await sweepEnvelopes(client, shape, cursor.after, batchRecords)
      if (swept.differing.length > 0) {
        const [ids, subjects] = [swept.differing.map(({ id }) => id), swept.differing.map(({ subject }) => subject)]
        await parts.audit.appendTo(client, [{ actor, action: 'verify', entity: shape.name, ids, subjects, outcome: 'failed' }])
      }
      const where = nextCursor(shapes, shape, swept.last)
      const result = { checked: checked + swept.checked, differing: differing + swept.differing.length }
      const step = { from: checked, done: result.checked, cursor: where ?? cursor, result }
      if (!(await advanceJob(client, job.id, step))) throw new Stopped()
      return { where, ...result }
    })
    parts.audit.committed()
    ;({ checked, differing } = next)
    if (!next.where) return
    cursor = next.where
  }
}

/** Where to go on: the same entity while it has more, then the next one, then nowhere. */
const nextCursor = (shapes: readonly Shape[], shape: Shape, last: string | undefined): Cursor | null => {
  if (last !== undefined) return { entity: shape.name, after: last }
  const next = shapes[shapes.indexOf(shape) + 1]
  return next ? { entity: next.name, after: first } : null
}
