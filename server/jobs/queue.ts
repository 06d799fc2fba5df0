import { PgBoss } from 'pg-boss'
import { undoDays } from '../../domain/jobs/kinds.ts'
import { stagedHours } from '../actions/imports/staging.ts'
import { startDuplicates } from '../actions/customers/duplicates.ts'
import { startVerification } from '../actions/keys/startKeyJob.ts'
import { keepCalendar } from '../actions/access/lifecycle.ts'
import type { Parts } from '../actions/parts.ts'
import { systemActor } from '../audit/systemActor.ts'
import { expireExports } from '../store/exportTable.ts'
import { expireChanges } from '../store/jobChange.ts'
import { forgetItems } from '../store/jobItems.ts'
import { expireStaged, newestJob, unfinishedJobs } from '../store/jobTable.ts'
import type { Database } from '../store/database.ts'
import { isSweepDue } from './isDue.ts'
import { rotateWhenDue } from './rotateWhenDue.ts'
import { runJob } from './runJob.ts'

const schema = 'pgboss'
const work = 'work'
const purge = 'purgeStaged'
const sweep = 'startSweep'

const nightly = [
  ['verify', startVerification],
  ['duplicates', startDuplicates],
] as const

const quiet = { schema, registerInstance: false, openTelemetry: { enabled: false } } as const

/**
 * Installs or migrates pg-boss's own schema as the owner, with our queues, and grants it to the run-time role: the run-time process makes no tables.
 */
export const installQueues = async ({
  ownerUrl,
  runtimeRole,
  owner,
}: {
  ownerUrl: string
  runtimeRole: string
  owner: { query: (sql: string) => Promise<unknown> }
}): Promise<void> => {
  const boss = new PgBoss({ ...quiet, connectionString: ownerUrl, max: 1, supervise: false, schedule: false })
  boss.on('error', () => {})
  await boss.start()
  try {
    // A worker that dies stops its heartbeat; the job is another's a minute later. Retries are for a database or key that was away.
    if (!(await boss.getQueue(work)))
      await boss.createQueue(work, {
        policy: 'standard',
        retryLimit: 100,
        retryDelay: 5,
        retryBackoff: true,
        retryDelayMax: 60,
        heartbeatSeconds: 60,
        expireInSeconds: 23 * 3600,
      })
    for (const name of [purge, sweep]) if (!(await boss.getQueue(name))) await boss.createQueue(name, { policy: 'standard', retryLimit: 2 })
  } finally {
    await boss.stop({ graceful: false })
  }
  const role = `"${runtimeRole.replaceAll('"', '""')}"`
  await owner.query(`grant usage on schema ${schema} to ${role}; grant select, insert, update, delete on all tables in schema ${schema} to ${role};
    grant usage on all sequences in schema ${schema} to ${role}; grant execute on all functions in schema ${schema} to ${role}`)
}

export type Queue = {
  /** Puts a job in the queue; a worker here starts at once if it is free. */
  start: (jobId: string) => Promise<void>
  /** Asks running work to stop at its next batch, waits for it, and ends. What is unfinished goes on at the next start. */
  stop: () => Promise<void>
}

/**
 * Opens this node's worker: one job at a time, from the queue that all nodes share. Jobs whose worker died with a crash are put in the queue again.
 */
export const openQueue = async (options: {
  url: string
  database: Database
  parts: () => Parts
  onFault: (jobId: string, error: unknown) => void
}): Promise<Queue> => {
  const { database, parts, onFault } = options
  const stopping = new AbortController()
  const boss = new PgBoss({
    ...quiet,
    connectionString: options.url,
    max: 2,
    createSchema: false,
    migrate: false,
    reindex: false,
    monitorVacuum: false,
  })
  boss.on('error', (error) => onFault('queue', error))
  await boss.start()
  const send = (jobId: string): Promise<unknown> => boss.send(work, { jobId })
  const worker = await boss.work<{ jobId: string }>(work, { batchSize: 1, pollingIntervalSeconds: 2 }, async ([job]) => {
    if (!job) return
    await runJob(job.data.jobId, { parts: parts(), connect: database.connect, signal: stopping.signal, onFault })
  })
  await boss.work(purge, { pollingIntervalSeconds: 30 }, async () => {
    for (const id of await expireStaged(parts().pool, stagedHours)) await parts().staging.remove(id)
    for (const id of await expireExports(parts().pool)) await parts().staging.remove(id)
    await parts().staging.purge()
    await forgetItems(parts().pool)
    await expireChanges(parts().pool, undoDays)
  })
  await boss.schedule(purge, '*/30 * * * *')
  await boss.send(purge, {})
  await boss.work(sweep, { pollingIntervalSeconds: 30 }, async () => {
    for (const [kind, start] of nightly) {
      const last = await newestJob(parts().pool, kind)
      const idle = !last || (last.state !== 'queued' && last.state !== 'running')
      if (idle && isSweepDue(last?.createdAt ?? null, new Date())) await start(parts(), systemActor)
    }
    await rotateWhenDue(parts(), new Date())
    await keepCalendar(parts(), new Date())
    // What was given up after a hundred tries (a database or key that was away for hours) goes on; a job that has its worker is left to it.
    for (const id of await unfinishedJobs(database.pool)) await send(id)
  })
  await boss.schedule(sweep, '20 * * * *')
  for (const jobId of await unfinishedJobs(database.pool)) await send(jobId)
  boss.notifyWorker(worker)
  return {
    start: async (jobId) => {
      await send(jobId)
      boss.notifyWorker(worker)
    },
    stop: async () => {
      stopping.abort()
      await boss.stop({ graceful: true, timeout: 10_000 })
    },
  }
}
