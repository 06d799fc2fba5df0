import { AppError } from '../../domain/errors.ts'
import type { Actor } from '../../domain/policy/actor.ts'
import type { Parts } from '../actions/parts.ts'
import { systemActor } from '../audit/systemActor.ts'
import type { JobKind } from '../../domain/jobs/kinds.ts'
import { type Job, type JobState, moveJob, readJob } from '../store/jobTable.ts'
import { backup } from './backup.ts'
import { bulk } from './bulk.ts'
import { duplicates } from './duplicates.ts'
import { exportCustomers } from './exportCustomers.ts'
import { importCustomers } from './importCustomers.ts'
import { Stopped, type Work } from './job.ts'
import { reindexExact } from './reindexExact.ts'
import { reseal } from './reseal.ts'
import { rotateEpoch } from './rotateEpoch.ts'
import { undo } from './undo.ts'
import { verify } from './verify.ts'

// Done in the request that asked for it, before anybody sees the job.
const ended: Work = async () => {}

const works: Readonly<Record<JobKind, Work>> = {
  backup,
  import: importCustomers,
  bulk,
  export: exportCustomers,
  duplicates,
  merge: ended,
  rotateEpoch,
  reseal,
  reindexExact,
  undo,
  verify,
}

// Any number, the same on all nodes: it sets these locks apart from other advisory locks of the database.
const lockSpace = 7_410_002

/** Errors that pass: the job stays as it is and is taken up again. */
const passing = new Set(['database_unavailable', 'audit_unavailable', 'busy', 'key_unavailable', 'open_budget', 'search_unavailable'])

type Options = {
  parts: Parts
  connect: (name: string) => Promise<LockHolder>
  signal: AbortSignal
  onFault: (jobId: string, error: unknown) => void
}
type LockHolder = { query: (sql: string, values: unknown[]) => Promise<{ rows: { got?: boolean }[] }>; end: () => Promise<void> }

const isAborted = (error: unknown, signal: AbortSignal): boolean =>
  signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'))

// Thrown inside a transaction it comes out as the cause of what the store made of it.
const isStopped = (error: unknown): boolean => error instanceof Stopped || (error instanceof AppError && error.cause instanceof Stopped)

/** Who a job acts for. Only what the product does by itself needs nobody: anything else without a person is refused. */
const actorOf = async ({ pool, actors }: Parts, { kind, startedBy }: Job): Promise<Actor | null> => {
  if (startedBy !== null) return actors.ofStaff(pool, startedBy)
  return (['verify', 'duplicates', 'rotateEpoch'] as JobKind[]).includes(kind) ? systemActor : null
}

/** Works on a queued job until it ends, fails, or is stopped; returns whether it was stopped by somebody who moved it to another state. */
const perform = async (id: string, { parts, signal, onFault }: Options): Promise<boolean> => {
  const { pool } = parts
  if (!(await moveJob(pool, id, ['queued', 'running'], 'running'))) return false
  const job = await readJob(pool, id)
  if (!job) return false
  const actor = await actorOf(parts, job)
  if (!actor) {
    await moveJob(pool, id, ['running'], 'failed', { problem: 'forbidden' })
    return false
  }
  try {
    await works[job.kind]({ parts, job, actor, signal })
    return !(await moveJob(pool, id, ['running'], 'done'))
  } catch (error) {
    if (isAborted(error, signal)) return false
    if (isStopped(error)) return true
    const code = error instanceof AppError ? error.code : 'internal'
    if (passing.has(code)) throw error
    onFault(id, error)
    await moveJob(pool, id, ['running'], 'failed', { problem: code })
    return false
  }
}

const stateOf = async ({ parts }: Options, id: string): Promise<JobState | undefined> => (await readJob(parts.pool, id))?.state

/**
 * Runs a job to its end, unless another worker holds it: the lock belongs to a connection, so that it is free the moment its holder dies.
 * Throws errors that pass, so that the queue tries again; `busy` where a job waits to be taken up while its last worker has not let go of it yet.
 */
export const runJob = async (id: string, options: Options): Promise<void> => {
  const holder = await options.connect('job')
  try {
    const { rows } = await holder.query('select pg_try_advisory_lock($1, hashtext($2)) as got', [lockSpace, id])
    if (rows[0]?.got) {
      // Paused and at once let go on: the message that was sent for it found this worker still in its last batch, and is gone.
      while ((await perform(id, options)) && (await stateOf(options, id)) === 'queued');
    } else if ((await stateOf(options, id)) === 'queued') throw new AppError('busy', { job: id })
  } finally {
    await holder.end().catch(() => {})
  }
}
