import { AppError } from '../../../domain/errors.ts'
import { jobKinds } from '../../../domain/jobs/kinds.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { type Job, moveJob } from '../../store/jobTable.ts'
import type { Parts } from '../parts.ts'
import { jobFor, ownJobFor } from './jobFor.ts'

type SteerParts = Pick<Parts, 'pool' | 'audit' | 'startJob' | 'staging'>

const note = async ({ audit }: SteerParts, actor: Actor, action: 'job_pause' | 'job_resume' | 'job_cancel', id: string): Promise<void> =>
  void (await audit.append({ actor, action, entity: 'job', ids: [id], outcome: 'done' }))

/**
 * Stops a job for a while: the batch under way is rolled back, what is done stays. Throws `not_found`, `forbidden` for another's job and for a kind that
 * has to go on, `job_state` for one that neither waits nor runs.
 */
export const pauseJob = async (parts: SteerParts, actor: Actor, id: string): Promise<Job> => {
  const job = await ownJobFor(parts, actor, id, 'job_pause')
  if (!jobKinds[job.kind].pause) throw new AppError('forbidden', { job: job.kind })
  if (!(await moveJob(parts.pool, id, ['queued', 'running'], 'paused'))) throw new AppError('job_state', { state: job.state })
  await note(parts, actor, 'job_pause', id)
  return jobFor(parts, actor, id)
}

/** Lets a paused job go on from where it stands. Throws `not_found`, `forbidden`, `job_state`. */
export const resumeJob = async (parts: SteerParts, actor: Actor, id: string): Promise<Job> => {
  const job = await ownJobFor(parts, actor, id, 'job_resume')
  if (!(await moveJob(parts.pool, id, ['paused'], 'queued'))) throw new AppError('job_state', { state: job.state })
  await note(parts, actor, 'job_resume', id)
  await parts.startJob(id)
  return jobFor(parts, actor, id)
}

/** Stops a job for good; what it did stays. One that has ended is left as it is. Throws `not_found`, `forbidden`. */
export const cancelJob = async (parts: SteerParts, actor: Actor, id: string): Promise<Job> => {
  const job = await ownJobFor(parts, actor, id, 'job_cancel')
  if (!jobKinds[job.kind].cancel) throw new AppError('forbidden', { job: job.kind })
  if (await moveJob(parts.pool, id, ['staged', 'queued', 'running', 'paused'], 'cancelled')) {
    await note(parts, actor, 'job_cancel', id)
    if (job.state === 'staged') await parts.staging.remove(id)
  }
  return jobFor(parts, actor, id)
}
