import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { countChanges, insertJob, isUndoable, type Job } from '../../store/jobTable.ts'
import { inTransaction } from '../../store/transaction.ts'
import type { Parts } from '../parts.ts'

/**
 * Starts undoing a job, on behalf of who asks: what that person could not change record by record stays. Returns the id of the undoing job.
 * Throws `not_undoable` for a job that runs, changed nothing, was undone, or ended too long ago.
 */
export const startUndo = async (parts: Pick<Parts, 'pool' | 'audit' | 'startJob'>, actor: Actor, job: Job): Promise<string> => {
  if (!isUndoable(job)) throw new AppError('not_undoable', { state: job.state })
  const id = await inTransaction(parts.pool, async (client) => {
    const { noted, open } = await countChanges(client, job.id)
    // What was noted about a person who is erased since is gone: that is said, and cannot be undone.
    const erased = job.changes - noted
    const result = { undone: 0, partly: 0, kept: erased, reasons: erased > 0 ? { erased } : {}, list: [] }
    const undoing = { kind: 'undo', state: 'queued', total: open, result, startedBy: actor.staffId, undoes: job.id } as const
    const made = await insertJob(client, undoing).catch((error: unknown) => {
      // The index lets one undoing of a job live: somebody else was faster.
      if ((error as { code?: unknown }).code === '23505') throw new AppError('not_undoable', { state: 'undone' })
      throw error
    })
    await parts.audit.appendTo(client, [{ actor, action: 'job_undo', entity: 'job', ids: [job.id, made], outcome: 'done' }])
    return made
  })
  parts.audit.committed()
  await parts.startJob(id)
  return id
}
