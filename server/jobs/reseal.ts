import type { SuiteId } from '../crypto/aead.ts'
import type { WrappedKey } from '../crypto/broker.ts'
import { advanceJob } from '../store/jobTable.ts'
import { resealSubjects } from '../store/resealSubjects.ts'
import { inTransaction } from '../store/transaction.ts'
import { Stopped, type Task } from './job.ts'

const batchSubjects = 50

// Customers before the cursor are done: a new one is sealed in the wished suite or found on the next run.
const due = `select k.subject, k.epoch, k.version, k.suite, k.wrapped from keys.data_key k join customers c on c.subject = k.subject
  where k.suite <> $1 order by k.subject limit ${batchSubjects} for update of k`

/** Seals customers anew under the suite `cursor.suite`, until none is left in another; interrupted, it goes on with those that are. */
export const reseal = async (task: Task): Promise<void> => {
  const { parts, job, actor, signal } = task
  const suite = job.cursor['suite'] as SuiteId
  let at = job.done
  for (;;) {
    signal.throwIfAborted()
    const subjects = await inTransaction(parts.pool, async (client) => {
      const { rows } = await client.query<WrappedKey>(due, [suite])
      if (rows.length === 0) return []
      await resealSubjects({ client, broker: parts.broker, audit: parts.audit, actor }, rows, suite)
      if (!(await advanceJob(client, job.id, { from: at, done: at + rows.length }))) throw new Stopped()
      return rows.map((row) => row.subject)
    })
    if (subjects.length === 0) return
    at += subjects.length
    for (const subject of subjects) parts.broker.forget(subject)
    parts.audit.committed()
  }
}
