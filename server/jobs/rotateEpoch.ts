import { AppError } from '../../domain/errors.ts'
import type { WrappedKey } from '../crypto/broker.ts'
import { inTransaction } from '../store/transaction.ts'
import { advanceJob } from '../store/jobTable.ts'
import { Stopped, type Task } from './job.ts'

const batchKeys = 500

const due = `select subject, epoch, version, suite, wrapped from keys.data_key where epoch < $1 and subject > $2 order by subject limit ${batchKeys} for update`
const put = `update keys.data_key k set epoch = n.epoch, wrapped = n.wrapped
  from unnest($1::integer[], $2::integer[], $3::bytea[]) as n (subject, epoch, wrapped) where k.subject = n.subject`

// One damaged key must not keep the epochs of all others alive: it stays as it is, and so does its epoch.
const rewrapOne = ({ parts }: Task, row: WrappedKey): Promise<WrappedKey | null> =>
  parts.broker.rewrap(row).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'envelope_invalid') return null
    throw error
  })

type Batch = { moved: number; damaged: number[]; last: number | null }

/** Re-wraps one batch of keys under the current epoch, those of subjects after `after`; `last` is null when there are no more. */
const rewrapBatch = (task: Task, target: number, at: number, after: number): Promise<Batch> =>
  inTransaction(task.parts.pool, async (client) => {
    const { rows } = await client.query<WrappedKey>(due, [target, after])
    if (rows.length === 0) return { moved: 0, damaged: [], last: null }
    const tried = await Promise.all(rows.map((row) => rewrapOne(task, row)))
    const next = tried.filter((row) => row !== null)
    await client.query(put, [next.map((row) => row.subject), next.map((row) => row.epoch), next.map((row) => row.wrapped)])
    if (!(await advanceJob(client, task.job.id, { from: at, done: at + next.length }))) throw new Stopped()
    const damaged = rows.filter((_, i) => tried[i] === null).map(({ subject }) => subject)
    return { moved: next.length, damaged, last: rows.at(-1)!.subject }
  })

/** Sees to it that no key is stored under an older epoch from now on, also none that another process wrapped a moment ago. */
const raiseFloor = async ({ parts }: Task, target: number): Promise<void> => {
  await parts.pool.query('update keys.epoch_floor set epoch = $1 where epoch < $1', [target])
  // Whoever inserts holds a lock from before its snapshot to its commit: once this lock is had, all who did not see the new floor are through.
  await inTransaction(parts.pool, (client) => client.query('lock table keys.data_key in share mode'))
}

/**
 * Moves every data key under the epoch `cursor.epoch`, which is current, and destroys the older epoch keys that no key needs any more. Keys that do not
 * unwrap keep theirs, and are counted (`result.damaged`); the log names their subjects. Interrupted, it goes on: what is moved stays moved.
 */
export const rotateEpoch = async (task: Task): Promise<void> => {
  const { parts, job, actor, signal } = task
  const target = job.cursor['epoch'] as number
  let at = job.done
  const sweep = async (): Promise<number[]> => {
    const damaged: number[] = []
    for (let after = 0; ;) {
      signal.throwIfAborted()
      const batch = await rewrapBatch(task, target, at, after)
      at += batch.moved
      damaged.push(...batch.damaged)
      if (batch.last === null) return damaged
      after = batch.last
    }
  }
  await sweep()
  await raiseFloor(task, target)
  const damaged = await sweep()
  const { rows } = await parts.pool.query<{ epoch: number }>('select distinct epoch from keys.data_key where epoch < $1', [target])
  for (const { epoch, destroyedAt } of parts.keyring.epochs()) {
    if (epoch < target && destroyedAt === null && !rows.some((row) => row.epoch === epoch)) await parts.keyring.destroyEpoch(epoch)
  }
  await parts.search.renewKeys()
  if (damaged.length === 0) return
  await parts.audit.append({ actor, action: 'key_rotate', entity: 'key', subjects: damaged.slice(0, 1_000), outcome: 'failed' })
  if (!(await advanceJob(parts.pool, job.id, { from: at, done: at, result: { damaged: damaged.length } }))) throw new Stopped()
}
