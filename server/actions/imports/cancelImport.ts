import type { Actor } from '../../../domain/policy/actor.ts'
import { moveJob, readJob } from '../../store/jobTable.ts'
import type { Parts } from '../parts.ts'
import { importOf, type ImportStatus, statusOf } from './importOf.ts'

/** Cancels one's own import. The batch under way is rolled back, earlier ones stay. A finished one is left as it is. Throws `not_found`. */
export const cancelImport = async (parts: Pick<Parts, 'pool' | 'audit' | 'staging'>, actor: Actor, id: string): Promise<ImportStatus> => {
  const job = await importOf(parts, actor, id)
  if (await moveJob(parts.pool, id, ['staged', 'queued', 'running', 'paused'], 'cancelled')) {
    await parts.audit.append({ actor, action: 'job_cancel', entity: 'job', ids: [id], outcome: 'done' })
    if (job.state === 'staged') await parts.staging.remove(id)
  }
  return statusOf((await readJob(parts.pool, id)) ?? job)
}
