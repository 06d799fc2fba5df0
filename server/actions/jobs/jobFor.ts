import type { AuditAction } from '../../../domain/audit/actions.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { hasDuty } from '../../../domain/policy/decide.ts'
import { type Job, listJobs, readJob } from '../../store/jobTable.ts'
import type { Parts } from '../parts.ts'

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Returns the newest jobs that exist for the actor: all for those who read jobs, else those they started themselves. */
export const jobsFor = ({ pool }: Pick<Parts, 'pool'>, actor: Actor): Promise<Job[]> =>
  listJobs(pool, hasDuty(actor, 'jobs.read') ? null : actor.staffId)

/** Returns a job that exists for the actor. Throws `not_found`. */
export const jobFor = async ({ pool }: Pick<Parts, 'pool'>, actor: Actor, id: string): Promise<Job> => {
  const job = uuid.test(id) ? await readJob(pool, id) : null
  if (!job || (job.startedBy !== actor.staffId && !hasDuty(actor, 'jobs.read'))) throw new AppError('not_found')
  return job
}

/** Returns the newest place in the audit log, once a job has ended: lists that wait for it show what the job did. Null while it goes on. */
export const positionAfter = async ({ pool }: Pick<Parts, 'pool'>, job: Job): Promise<number | null> => {
  if (job.finishedAt === null) return null
  return (await pool.query<{ id: number | null }>('select max(id) as id from audit.entry')).rows[0]?.id ?? null
}

/** Returns a job that the actor may steer: their own, or any for those who manage jobs. Throws `not_found`; `forbidden`, which is on record. */
export const ownJobFor = async (parts: Pick<Parts, 'pool' | 'audit'>, actor: Actor, id: string, action: AuditAction): Promise<Job> => {
  const job = await jobFor(parts, actor, id)
  if (job.startedBy === actor.staffId || hasDuty(actor, 'jobs.manage')) return job
  await parts.audit.refused({ actor, action, entity: 'job', ids: [id] })
  throw new AppError('forbidden', { job: job.kind })
}
