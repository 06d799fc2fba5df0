import type { BulkChange, BulkKind, BulkRow } from '../../domain/crm/bulkChange.ts'
import { AppError } from '../../domain/errors.ts'
import { decide } from '../../domain/policy/decide.ts'
import { bulkJudge } from '../actions/bulk/bulkJudge.ts'
import type { Outcome } from '../store/changeMany.ts'
import { readItems } from '../store/jobItems.ts'
import { advanceJob } from '../store/jobTable.ts'
import { readTask } from '../store/jobTask.ts'
import { readRules } from '../store/readRules.ts'
import type { PatchOf } from '../store/records.ts'
import { Stopped, type Task } from './job.ts'
import { addKept, type KeptResult } from '../actions/jobs/keptList.ts'

/** Records of one transaction: few enough that other requests get their turn, enough that the fsync is shared. */
const batchRecords = 200

type Result = KeptResult & { changed: number; unchanged: number; refused: number }

const add = (result: Result, outcomes: readonly Outcome[]): Result => {
  const stayed = outcomes.flatMap(({ id, kept }) => (kept === null || kept === 'unchanged' ? [] : [{ id, entity: 'customer', why: kept }]))
  return {
    ...addKept(result, stayed),
    changed: result.changed + outcomes.filter(({ kept }) => kept === null).length,
    unchanged: result.unchanged + outcomes.filter(({ kept }) => kept === 'unchanged').length,
    refused: result.refused + stayed.length,
  }
}

const changeOf = async ({ parts, job, actor }: Task): Promise<BulkChange> => {
  const { kind, value } = job.cursor['change'] as { kind: BulkKind; value?: string }
  if (kind !== 'tag' && kind !== 'untag') return { kind, value: value ?? null }
  const tag = await readTask({ client: parts.pool, broker: parts.broker }, job.id, actor.subject)
  if (tag === null) throw new AppError('staging_expired')
  return { kind, value: tag }
}

/**
 * Changes the customers that were selected when the job started, each under the rights its starter has now: what they could not do with one customer stays
 * as it is and is counted with its reason. Each batch, what it noted for undoing, and the place in the job are one commit.
 */
export const bulk = async (task: Task): Promise<void> => {
  const { parts, job, actor, signal } = task
  const scope = decide(actor, 'customer')
  const { know, judge } = bulkJudge(parts, scope, await changeOf(task))
  let at = job.done
  let result: Result = { changed: 0, unchanged: 0, refused: 0, reasons: {}, list: [], ...(job.result as Partial<Result>) }
  for (;;) {
    signal.throwIfAborted()
    const ids = await readItems(parts.pool, job.id, at, batchRecords)
    if (ids.length === 0) return
    await know(await readRules(parts.pool, scope, ids))
    const { value: next } = await parts.records.transaction(
      actor,
      async (tx) => {
        const outcomes = await tx.changeMany(scope, ids, (row) => judge(row as BulkRow) as { patch: PatchOf<'customer'> })
        const summed = add(result, outcomes)
        if (!(await advanceJob(tx, job.id, { from: at, done: at + ids.length, result: summed }))) throw new Stopped()
        return summed
      },
      { job: job.id },
    )
    result = next
    at += ids.length
  }
}
