import type { BulkChange } from '../../../domain/crm/bulkChange.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { insertItems } from '../../store/jobItems.ts'
import { insertJob } from '../../store/jobTable.ts'
import { keepTask } from '../../store/jobTask.ts'
import type { Parts } from '../parts.ts'

/**
 * Starts a change of many customers and returns the job's id. Which ones is frozen now; a tag is personal, so it is kept sealed and not in the job.
 * Throws `key_unavailable`, `audit_unavailable`.
 */
export const startBulk = async (
  parts: Pick<Parts, 'records' | 'broker' | 'startJob'>,
  scope: Scope,
  change: BulkChange,
  ids: readonly string[],
): Promise<string> => {
  const { actor } = scope
  const { kind, value } = change
  const isPersonal = kind === 'tag' || kind === 'untag'
  const { value: id } = await parts.records.transaction(actor, async (tx) => {
    const told = { change: { kind, ...(isPersonal || value === null ? {} : { value }) } }
    const total = new Set(ids).size
    const made = await insertJob(tx, { kind: 'bulk', state: 'queued', total, cursor: told, startedBy: actor.staffId })
    await insertItems(tx, made, ids)
    if (isPersonal) await keepTask({ client: tx, broker: parts.broker }, made, actor.subject, value!)
    await tx.audit([{ actor, action: 'job_start', entity: 'job', ids: [made], outcome: 'done' }])
    return made
  })
  await parts.startJob(id)
  return id
}
