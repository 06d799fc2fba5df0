import { randomUUID } from 'node:crypto'
import type { Entity, View } from '../../../domain/catalogue/entity.ts'
import { customer } from '../../../domain/crm/customer.ts'
import { canKeepAll, type MergeChoices, mergeFields } from '../../../domain/crm/mergeFields.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import type { RuleRow } from '../../../domain/policy/predicate.ts'
import type { Field } from '../../../domain/catalogue/field.ts'
import { followMoves } from '../../auth/workingSet.ts'
import { insertJob } from '../../store/jobTable.ts'
import type { Seen } from '../../store/mergeRecords.ts'
import { readRules } from '../../store/readRules.ts'
import { isRecordId } from '../../store/reads.ts'
import type { PatchOf } from '../../store/records.ts'
import type { Parts } from '../parts.ts'
import { openOwners, type Owners, ownerRefused } from '../records/owners.ts'
import { viewOf } from '../records/viewOf.ts'

export type Merge = { readonly version: number; readonly others: readonly Seen[]; readonly choices: MergeChoices }

const fields: Readonly<Record<string, Field>> = customer.fields

// A choice names a field this actor may know of, and one of the records, or all where values can stand together.
const requireChoices = (scope: Scope, choices: MergeChoices, ids: readonly string[]): void => {
  for (const [name, choice] of Object.entries(choices)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (!field || (scope.fields[name]?.write.kind ?? 'none') === 'none') throw new AppError('unknown_key', { key: name.slice(0, 40) })
    if (!ids.includes(choice) && !(choice === 'all' && canKeepAll(field)))
      throw new AppError('input_invalid', { problems: [{ field: name, problem: 'not_an_option' }] })
  }
}

// Put together from customers of two stores, the one could belong to somebody who does not see them: who chose just that is told, else they lie in the pool.
const settleOwner = (owners: Owners, rows: readonly RuleRow[], choices: MergeChoices, merged: PatchOf<'customer'>): PatchOf<'customer'> => {
  const rule = { storeId: merged.storeId ?? null, ownerId: merged.ownerId ?? null }
  const isOld = rows.some(({ storeId, ownerId }) => storeId === rule.storeId && ownerId === rule.ownerId)
  const fault = isOld ? null : owners.faultOf(rule)
  if (fault && Object.hasOwn(choices, 'ownerId')) throw ownerRefused(fault)
  return fault ? { ...merged, ownerId: null } : merged
}

/**
 * Merges customers who are the same into the one with this id: side by side somebody chose whose value each field keeps; timeline, contacts and consents
 * move, and the others go to the trash. One transaction, and a job that is done when it is seen, so that it can be undone. Returns the customer as the
 * actor may see it, and the job. Throws as `Transaction.merge` does, `unknown_key`, `input_invalid` (`owner_elsewhere` for a chosen owner who would not see the customer).
 */
export const mergeCustomers = async (
  parts: Pick<Parts, 'records' | 'pool' | 'actors' | 'macKey'>,
  scope: Scope,
  id: string,
  { version, others, choices }: Merge,
): Promise<{ view: View<Entity>; jobId: string; position: number }> => {
  const ids = [id, ...others.map((other) => other.id)]
  requireChoices(scope, choices, ids)
  const { actor } = scope
  const job = randomUUID()
  const macKey = await parts.macKey()
  const owners = openOwners(parts, 'customer')
  await owners.know((await readRules(parts.pool, scope, ids.filter(isRecordId))).map(({ ownerId }) => ownerId))
  const { value, position } = await parts.records.transaction(
    actor,
    async (tx) => {
      await insertJob(tx, { id: job, kind: 'merge', state: 'done', total: others.length, result: { into: id }, startedBy: actor.staffId })
      await tx.audit([{ actor, action: 'job_start', entity: 'job', ids: [job], outcome: 'done' }])
      const row = await tx.merge({ ...scope, entity: 'customer' }, { id, version }, others, (rows) =>
        settleOwner(owners, rows, choices, mergeFields(rows, choices) as PatchOf<'customer'>),
      )
      await followMoves(tx, macKey, ids)
      return row
    },
    { job },
  )
  return { view: viewOf(scope, value), jobId: job, position }
}
