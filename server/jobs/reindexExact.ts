import { advanceJob } from '../store/jobTable.ts'
import { reindexRecords } from '../store/reindexRecords.ts'
import { allShapes, type Shape } from '../store/shape.ts'
import { inTransaction } from '../store/transaction.ts'
import { Stopped, type Task } from './job.ts'

const batchRecords = 200
const first = '00000000-0000-0000-0000-000000000000'

// Longer than a transaction may last (statement and idle limits of database.ts): one that began before the new generation has ended by then.
const overlapMs = 180_000

type Cursor = { since: string; entity: string; after: string; pass: 1 | 2 }

/**
 * Fills the columns of the newest index generation, entity by entity, then once more what changed meanwhile, and retires the older generations.
 * Writers fill both columns since the generation was added, so lookups miss nothing at any time.
 */
export const reindexExact = async (task: Task): Promise<void> => {
  const { parts, job, actor, signal } = task
  const shapes = allShapes().filter((shape) => shape.indexed.length > 0)
  let cursor = { since: job.createdAt, entity: shapes[0]!.name, after: first, pass: 1, ...job.cursor } as Cursor
  let at = job.done
  const step = (shape: Shape): Promise<boolean> =>
    inTransaction(parts.pool, async (client) => {
      const changedSince = cursor.pass === 2 ? new Date(Date.parse(cursor.since) - overlapMs).toISOString() : undefined
      const from = { after: cursor.after, ...(changedSince === undefined ? {} : { changedSince }) }
      const ids = await reindexRecords(
        { client, broker: parts.broker, keyring: parts.keyring, audit: parts.audit, actor },
        shape,
        from,
        batchRecords,
      )
      const next = nextCursor(shapes, shape, cursor, ids.at(-1))
      const done = at + (cursor.pass === 1 ? ids.length : 0)
      if (!(await advanceJob(client, job.id, { from: at, done, cursor: next ?? cursor }))) throw new Stopped()
      at = done
      cursor = next ?? cursor
      return next !== null
    })
  for (;;) {
    signal.throwIfAborted()
    const shape = shapes.find((one) => one.name === cursor.entity)!
    const more = await step(shape)
    parts.audit.committed()
    if (!more) break
  }
  const generations = parts.keyring.indexGenerations()
  for (const generation of generations.slice(0, -1)) await parts.keyring.retireIndexGeneration(generation)
}

/** Where to go on: the same entity while it has more, then the next one, then the second pass, then nowhere. */
const nextCursor = (shapes: readonly Shape[], shape: Shape, cursor: Cursor, last: string | undefined): Cursor | null => {
  if (last !== undefined) return { ...cursor, after: last }
  const next = shapes[shapes.indexOf(shape) + 1]
  if (next) return { ...cursor, entity: next.name, after: first }
  return cursor.pass === 1 ? { ...cursor, entity: shapes[0]!.name, after: first, pass: 2 } : null
}
