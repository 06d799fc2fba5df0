import { randomInt } from 'node:crypto'
import { decide } from '../../domain/policy/decide.ts'
import { type ImportItem, readImport } from '../actions/imports/readImport.ts'
import type { ImportTask } from '../actions/imports/startImport.ts'
import { advanceJob } from '../store/jobTable.ts'
import type { InputOf } from '../store/records.ts'
import { Stopped, type Task } from './job.ts'

/** Rows of one transaction: few enough that other requests get their turn, enough that the fsync is shared. */
const batchRows = 250
const problemsKept = 100

type Result = { created: number; skipped: number; refused: number; problems: { row: number; field: string; problem: string }[] }

type Directory = { storeOf: (name: string | undefined) => string; ownerOf: (login: string | undefined) => string | null }

const directoryOf = async ({ parts, actor }: Task, told: ImportTask): Promise<Directory> => {
  const { rows: stores } = await parts.pool.query<{ id: string; name: string }>('select id, name from stores where trashed_at is null')
  const { rows: staff } = await parts.pool.query<{ id: string; login: string }>(
    'select id, login from staff where active and trashed_at is null',
  )
  const storeIds = new Map(stores.map((store) => [store.name, store.id]))
  const staffIds = new Map(staff.map((one) => [one.login.toLowerCase(), one.id]))
  const scope = decide(actor, 'customer')
  const reachable = (id: string): boolean => scope.rows.kind === 'all' || actor.storeIds.includes(id)
  return {
    // A store the actor cannot reach, or that does not exist, means the one that was chosen.
    storeOf: (name) => [storeIds.get(name ?? '')].find((id) => id !== undefined && reachable(id)) ?? told.storeId,
    ownerOf: (login) => staffIds.get((login ?? '').toLowerCase()) ?? told.ownerId,
  }
}

const inputOf = (item: ImportItem, { storeOf, ownerOf }: Directory): InputOf<'customer'> | null => {
  if (!item.input) return null
  const { storeName, ownerLogin, ...values } = item.input
  return { ...values, storeId: storeOf(storeName), ownerId: ownerOf(ownerLogin) }
}

/** Leaves out customers of whom a phone number is known already, in the base or earlier in the same batch. */
const withoutKnown = async ({ parts, actor }: Task, inputs: InputOf<'customer'>[]): Promise<InputOf<'customer'>[]> => {
  const phones = [...new Set(inputs.flatMap((input) => input.phones ?? []))]
  const known =
    phones.length === 0 ? new Map<string, string[]>() : await parts.records.findExact(decide(actor, 'customer'), 'phones', phones)
  const taken = new Set(known.keys())
  return inputs.filter((input) => {
    const isKnown = (input.phones ?? []).some((phone) => taken.has(phone))
    for (const phone of input.phones ?? []) taken.add(phone)
    return !isKnown
  })
}

/** Returns the list in random order. A file sorted by name must not leave its order in the ids and numbers of the records (docs/threat-model.md). */
const shuffled = <T>(list: readonly T[]): T[] => {
  const mixed = [...list]
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1)
    ;[mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!]
  }
  return mixed
}

const add = (result: Result, items: readonly ImportItem[], counts: { created: number; skipped: number }): Result => {
  const refused = items.filter((item) => item.problems)
  const told = refused.flatMap(({ line, problems }) => problems!.map(({ field, problem }) => ({ row: line, field, problem })))
  return {
    created: result.created + counts.created,
    skipped: result.skipped + counts.skipped,
    refused: result.refused + refused.length,
    problems: [...result.problems, ...told].slice(0, problemsKept),
  }
}

async function* inBatches(source: AsyncIterable<ImportItem[]>, skip: number): AsyncGenerator<ImportItem[]> {
  const batch: ImportItem[] = []
  let left = skip
  for await (const items of source) {
    const fresh = items.slice(Math.min(left, items.length))
    left -= items.length - fresh.length
    batch.push(...fresh)
    while (batch.length >= batchRows) yield batch.splice(0, batchRows)
  }
  if (batch.length > 0) yield batch
}

/**
 * Imports a staged list from the row where the job stands. Rows, their audit entry and the job's new place are one commit: after a crash the import
 * goes on with the first row that is not in. Throws what reading the file throws, and `Stopped`.
 */
export const importCustomers = async (task: Task): Promise<void> => {
  const { parts, job, actor, signal } = task
  const { wrapped, task: told } = job.cursor as { wrapped: unknown; task: ImportTask }
  const scope = decide(actor, 'customer')
  const directory = await directoryOf(task, told)
  let at = job.done
  let result: Result = { created: 0, skipped: 0, refused: 0, problems: [], ...(job.result as Partial<Result>) }
  const file = await parts.staging.read(job.id, wrapped)
  for await (const items of inBatches(readImport(file, told, { signal }), at)) {
    signal.throwIfAborted()
    const inputs = items.flatMap((item) => inputOf(item, directory) ?? [])
    const fresh = told.onDuplicate === 'skip' ? await withoutKnown(task, inputs) : inputs
    const next = add(result, items, { created: fresh.length, skipped: inputs.length - fresh.length })
    await parts.records.transaction(actor, async (tx) => {
      const advanced = await advanceJob(tx, job.id, { from: at, done: at + items.length, result: next })
      if (!advanced) throw new Stopped()
      if (fresh.length > 0) await tx.createMany({ ...scope, entity: 'customer' }, shuffled(fresh))
    })
    result = next
    at += items.length
  }
  await parts.records.transaction(actor, (tx) =>
    tx.audit([{ actor, action: 'import', entity: 'customer', ids: [job.id], outcome: 'done' }]),
  )
}
