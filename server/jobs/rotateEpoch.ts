import type { WrappedKey } from '../crypto/broker.ts'
import { inTransaction } from '../store/transaction.ts'
import { advanceJob } from '../store/jobTable.ts'
import { Stopped, type Task } from './job.ts'

const batchKeys = 500

const due = `select subject, epoch, version, suite, wrapped from keys.data_key where epoch < $1 order by epoch, subject limit ${batchKeys} for update`
const put = `update keys.data_key k set epoch = n.epoch, wrapped = n.wrapped
  from unnest($1::integer[], $2::integer[], $3::bytea[]) as n (subject, epoch, wrapped) where k.subject = n.subject`

/** Re-wraps one batch of keys under the current epoch; returns how many there were. */
const rewrapBatch = ({ parts, job }: Task, target: number, at: number): Promise<number> =>
  inTransaction(parts.pool, async (client) => {
    const { rows } = await client.query<WrappedKey>(due, [target])
    if (rows.length === 0) return 0
    const next = await Promise.all(rows.map((row) => parts.broker.rewrap(row)))
    await client.query(put, [next.map((row) => row.subject), next.map((row) => row.epoch), next.map((row) => row.wrapped)])
    if (!(await advanceJob(client, job.id, { from: at, done: at + rows.length }))) throw new Stopped()
    return rows.length
  })

/** Sees to it that no key is stored under an older epoch from now on, also none that another process wrapped a moment ago. */
const raiseFloor = async ({ parts }: Task, target: number): Promise<void> => {
  await parts.pool.query('update keys.epoch_floor set epoch = $1 where epoch < $1', [target])
  // Whoever inserts holds a lock from before its snapshot to its commit: once this lock is had, all who did not see the new floor are through.
  await inTransaction(parts.pool, (client) => client.query('lock table keys.data_key in share mode'))
}

/**
 * Moves every data key under the epoch `cursor.epoch`, which is current, and destroys the older epoch keys when no key needs them any more.
 * Interrupted, it goes on: what is moved stays moved.
 */
export const rotateEpoch = async (task: Task): Promise<void> => {
  const { parts, job, signal } = task
  const target = job.cursor['epoch'] as number
  let at = job.done
  const sweep = async (): Promise<void> => {
    for (;;) {
      signal.throwIfAborted()
      const moved = await rewrapBatch(task, target, at)
      if (moved === 0) return
      at += moved
    }
  }
  await sweep()
  await raiseFloor(task, target)
  await sweep()
  for (const { epoch, destroyedAt } of parts.keyring.epochs()) {
    if (epoch < target && destroyedAt === null) await parts.keyring.destroyEpoch(epoch)
  }
  await parts.search.renewKeys()
}
