import type { Masked } from '../../../domain/catalogue/entity.ts'
import { brief } from '../../../domain/policy/brief.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { systemActor } from '../../audit/systemActor.ts'
import { dismissPair, type DuplicateReason, listPairs } from '../../store/duplicatePairs.ts'
import { insertJob, isUnderWay } from '../../store/jobTable.ts'
import { isRecordId } from '../../store/reads.ts'
import type { Parts } from '../parts.ts'
import { viewOf } from '../records/viewOf.ts'

/** What tells two customers of a pair apart: names, and masks of numbers and addresses. */
export type Twin = {
  readonly id: string
  readonly version: number
  readonly name: string
  readonly phones: string[]
  readonly addresses: string[]
  readonly storeId: string
  readonly ownerId: string | null
  readonly createdAt: string
}
export type Pair = { readonly reasons: DuplicateReason[]; readonly foundAt: string; readonly customers: Twin[] }

const masks = (value: unknown): string[] => (Array.isArray(value) ? value.map((one) => (one as Masked).masked) : [])

const twinOf = (view: Readonly<Record<string, unknown>>): Twin => ({
  id: view['id'] as string,
  version: view['version'] as number,
  name: String(view['name'] ?? ''),
  phones: masks(view['phones']),
  addresses: masks(view['addresses']),
  storeId: view['storeId'] as string,
  ownerId: (view['ownerId'] as string | null) ?? null,
  createdAt: view['createdAt'] as string,
})

/** Returns a page of pairs of customers who may be one, newest first, where both exist for the actor; of one customer only where one is named. */
export const listDuplicates = async (
  { records, pool }: Pick<Parts, 'records' | 'pool'>,
  scope: Scope,
  { offset, limit, of }: { offset: number; limit: number; of: string | null },
): Promise<{ items: Pair[]; total: number }> => {
  if (of !== null && !isRecordId(of)) throw new AppError('input_invalid', { problems: [{ field: 'customer', problem: 'bad_reference' }] })
  const { pairs, total } = await listPairs(pool, scope, { offset, limit, ...(of === null ? {} : { of }) })
  const shown = brief(scope)
  const { rows } = await records.getMany(shown, [...new Set(pairs.flatMap(({ a, b }) => [a, b]))], { action: 'list', brief: true })
  const twins = new Map(rows.map((row) => [row.id, twinOf(viewOf(shown, row) as unknown as Record<string, unknown>)]))
  const items = pairs.map(({ a, b, reasons, foundAt }) => ({
    reasons,
    foundAt: new Date(foundAt).toISOString(),
    // One that does not open is not shown; the other still is.
    customers: [a, b].flatMap((id) => twins.get(id) ?? []),
  }))
  return { items, total }
}

/**
 * Says that the two are different people, or takes that back. Throws `not_found` where they are no pair that the actor might merge: who may not make one of
 * them may not say either that they are two.
 */
export const dismissDuplicate = async (
  { records }: Pick<Parts, 'records'>,
  scope: Scope,
  { a, b, back }: { a: string; b: string; back: boolean },
): Promise<void> => {
  if (![a, b].every(isRecordId) || a === b) throw new AppError('not_found')
  const { actor } = scope
  await records.transaction(actor, async (tx) => {
    const subjects = await dismissPair(tx, scope, a, b, back ? null : actor.staffId)
    if (!subjects) throw new AppError('not_found')
    const action = back ? 'duplicate_undismiss' : 'duplicate_dismiss'
    await tx.audit([{ actor, action, entity: 'customer', ids: [a, b], subjects, outcome: 'done' }])
  })
}

/** Starts looking for customers who may be one, and returns the job's id. Throws `busy` while that is under way. */
export const startDuplicates = async (
  { pool, audit, startJob }: Pick<Parts, 'pool' | 'audit' | 'startJob'>,
  actor: Actor,
): Promise<{ id: string }> => {
  if (await isUnderWay(pool, 'duplicates')) throw new AppError('busy', { job: 'duplicates' })
  const startedBy = actor === systemActor ? null : actor.staffId
  const id = await insertJob(pool, { kind: 'duplicates', state: 'queued', total: 2, startedBy })
  await audit.append({ actor, action: 'job_start', entity: 'job', ids: [id], outcome: 'done' })
  await startJob(id)
  return { id }
}
