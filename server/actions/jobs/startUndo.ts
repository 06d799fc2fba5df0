import type { KeyObject } from 'node:crypto'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { followMoves } from '../../auth/workingSet.ts'
import { countChanges, insertJob, isUndoable, isUndone, type Job, lockJob } from '../../store/jobTable.ts'
import type { Transaction } from '../../store/records.ts'
import type { Undone } from '../../store/undoChanges.ts'
import type { Parts } from '../parts.ts'
import { addUndone, noneUndone, type UndoResult } from './undoResult.ts'

/** Locks the job, so that of two who ask at the same time one finds it undone. */
const lockUndoable = async (tx: Transaction, id: string): Promise<Job> => {
  const job = await lockJob(tx, id)
  if (!isUndoable(job)) throw new AppError('not_undoable', { state: job.state, ...(isUndone(job) ? { why: 'undone' } : {}) })
  return job
}

const undoMerge = async (tx: Transaction, macKey: KeyObject, id: string, open: number): Promise<Undone['of']> => {
  const { rows } = await tx.query<{ record: string }>("select record from job_change where job = $1 and entity = 'customer'", [id])
  const { of } = await tx.undoChanges(id, null, open)
  await followMoves(
    tx,
    macKey,
    rows.map(({ record }) => record),
  )
  return of
}

const beginUndo = async (tx: Transaction, macKey: KeyObject, actor: Actor, id: string): Promise<{ made: string; waits: boolean }> => {
  const job = await lockUndoable(tx, id)
  const { noted, open } = await countChanges(tx, id)
  // What was noted about a person who is erased since is gone: that is said, and cannot be undone.
  const erased = job.changes - noted
  const result: UndoResult = { ...noneUndone, kept: erased, reasons: erased > 0 ? { erased } : {} }
  const undoing = { kind: 'undo', total: open, startedBy: actor.staffId, undoes: id } as const
  const waits = job.kind !== 'merge'
  const made = waits
    ? await insertJob(tx, { ...undoing, state: 'queued', result })
    : await insertJob(tx, { ...undoing, state: 'done', result: addUndone(result, await undoMerge(tx, macKey, id, open)) })
  await tx.audit([{ actor, action: 'job_undo', entity: 'job', ids: [id, made], outcome: 'done' }])
  return { made, waits }
}

/**
 * Undoes a job on behalf of who asks. What a job did in batches is undone in the background, and what that person could not change record by record
 * stays; a merge, which was one transaction, is undone in one, here and whole. Returns the undoing job and the place in the audit log. Throws
 * `not_undoable` for a job that runs, changed nothing, or ended too long ago, with `why` where it was `undone` or, a merge, `merged_since`; for a merge
 * `forbidden`, `envelope_invalid`.
 */
export const startUndo = async (
  parts: Pick<Parts, 'records' | 'startJob' | 'macKey'>,
  actor: Actor,
  job: Job,
): Promise<{ id: string; position: number }> => {
  const macKey = await parts.macKey()
  const { value, position } = await parts.records.transaction(actor, (tx) => beginUndo(tx, macKey, actor, job.id))
  if (value.waits) await parts.startJob(value.made)
  return { id: value.made, position }
}
