import { customer } from '../../domain/crm/customer.ts'
import { AppError } from '../../domain/errors.ts'
import { decide } from '../../domain/policy/decide.ts'
import { cutCodePoints } from '../../domain/text/normalise.ts'
import { type ImportItem, readImport } from '../actions/imports/readImport.ts'
import type { ImportTask } from '../actions/imports/startImport.ts'
import { findShunned } from '../store/importShun.ts'
import { advanceJob } from '../store/jobTable.ts'
import { type Directory, directoryOf } from './imports/directory.ts'
import { type Draft, exactFields, keysOf, keyText, type Plan, planRows } from './imports/planRows.ts'
import { type Written, writePlan } from './imports/writePlan.ts'
import { Stopped, type Task } from './job.ts'

/** Rows of one transaction: few enough that other requests get their turn, enough that the fsync is shared. */
const batchRows = 500
const problemsKept = 100
/** Times a batch is planned anew because somebody changed what it relies on between the plan and its writing. */
const mostTries = 3
const notesMax = customer.fields.notes.max ?? 0

type Result = Written & {
  refused: number
  /** Customers made whose owner is not among the staff, or would not see them: they wait in the pool. */
  pooled: number
  /** Customers made in the chosen store, because theirs is unknown or out of the actor's reach. */
  storeUnknown: number
  problems: { row: number; field: string; problem: string }[]
}

const nothing: Result = { created: 0, updated: 0, skipped: 0, refused: 0, pooled: 0, storeUnknown: 0, problems: [] }

type Row = { draft: Draft; referrerPhone: string | undefined }

const rowOf = ({ input: given }: ImportItem, told: ImportTask, { storeOf, ownerOf }: Directory): Row | null => {
  if (!given) return null
  const { storeName, ownerLogin, consents, purchase, referrerPhone, ...values } = given
  const store = storeOf(storeName)
  const owner = ownerOf(ownerLogin, store.id)
  const source = values.source ?? told.source ?? 'import'
  const basis = values.basis ?? told.basis ?? null
  return {
    draft: {
      input: { ...values, source, basis, storeId: store.id, ownerId: owner.id },
      consents: consents ?? (told.consentChannels ?? []).map((channel) => ({ channel, state: 'given' })),
      purchases: purchase ? [purchase] : [],
      isPooled: owner.isPooled,
      isStoreUnknown: store.isUnknown,
    },
    referrerPhone,
  }
}

/** Returns the ids of those who are known already, by key: one lookup per kind of key for the whole batch. */
const findKnown = async ({ parts, actor }: Task, rows: readonly Row[]): Promise<Map<string, string>> => {
  const scope = decide(actor, 'customer')
  const values = new Map(exactFields.map((field) => [field, new Set<string>()]))
  for (const { draft, referrerPhone } of rows) {
    for (const { field, value } of keysOf(draft)) values.get(field)!.add(value)
    if (referrerPhone !== undefined) values.get('phones')!.add(referrerPhone)
  }
  const found = await Promise.all(
    exactFields.map(async (field) => ({ field, ids: await parts.records.findExact(scope, field, [...values.get(field)!]) })),
  )
  return new Map(found.flatMap(({ field, ids }) => [...ids].map(([value, [id]]) => [keyText({ field, value }), id!] as const)))
}

const referred = ({ draft, referrerPhone }: Row, known: ReadonlyMap<string, string>): Draft => {
  const referrerId = referrerPhone === undefined ? undefined : known.get(keyText({ field: 'phones', value: referrerPhone }))
  if (referrerPhone === undefined) return draft
  if (referrerId !== undefined) return { ...draft, input: { ...draft.input, referrerId } }
  const { notes } = draft.input
  const whole = [notes, `介绍人: ${referrerPhone}`].filter(Boolean).join('\n')
  return { ...draft, input: { ...draft.input, notes: cutCodePoints(whole, notesMax) } }
}

/** `seen`: keys of a dry run, which writes nothing that could be found again. */
const planBatch = async (task: Task, told: ImportTask, rows: readonly Row[], seen: ReadonlyMap<string, string> | null): Promise<Plan> => {
  const { parts, job } = task
  const looksUp = told.onDuplicate !== 'create' || rows.some(({ referrerPhone }) => referrerPhone !== undefined)
  const known = looksUp ? await findKnown(task, rows) : new Map<string, string>()
  // Asked after the lookup: whoever is erased in between was found, and is not there when it comes to writing.
  const shunned = await findShunned(
    parts,
    job.id,
    rows.flatMap(({ draft }) => keysOf(draft)),
  )
  return planRows(
    rows.map((row) => referred(row, known)),
    {
      known: seen ? new Map([...known, ...seen]) : known,
      shunned: new Set(shunned.map(({ field, value }) => keyText({ field: field as 'phones', value }))),
      way: told.onDuplicate,
      notesMax,
    },
  )
}

const add = (result: Result, items: readonly ImportItem[], { creates }: Plan, written: Written): Result => {
  const refused = items.filter((item) => item.problems)
  const room = problemsKept - result.problems.length
  const said =
    room > 0
      ? refused.flatMap(({ line, problems }) => problems!.map(({ field, problem }) => ({ row: line, field, problem }))).slice(0, room)
      : []
  return {
    created: result.created + written.created,
    updated: result.updated + written.updated,
    skipped: result.skipped + written.skipped,
    refused: result.refused + refused.length,
    pooled: result.pooled + creates.filter(({ isPooled }) => isPooled).length,
    storeUnknown: result.storeUnknown + creates.filter(({ isStoreUnknown }) => isStoreUnknown).length,
    problems: [...result.problems, ...said],
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

/** What somebody may change between a batch's plan and its writing: a store or member of staff that goes, a referrer who is erased. */
const mayPass = (error: unknown): boolean =>
  error instanceof AppError && ['input_invalid', 'not_found', 'version_conflict'].includes(error.code)

/** Counts what a batch would come to, and remembers whom it would have made. */
const rehearse = (plan: Plan, seen: Map<string, string>): Written => {
  for (const [i, draft] of plan.creates.entries()) for (const key of keysOf(draft)) seen.set(keyText(key), `${seen.size} ${i}`)
  const updated = [...plan.changes.values()].reduce((sum, drafts) => sum + drafts.length, 0)
  return { created: plan.creates.length, updated: updated + plan.folded, skipped: plan.skipped }
}

/**
 * Imports a staged list from the row where the job stands. Rows, what they noted for undoing, their audit entry and the job's new place are one commit: after
 * a crash the import goes on with the first row that is not in. A dry run counts and writes nothing. Throws what reading the file throws, and `Stopped`.
 */
export const importCustomers = async (task: Task): Promise<void> => {
  const { parts, job, actor, signal } = task
  const { wrapped, task: told } = job.cursor as { wrapped: unknown; task: ImportTask }
  let directory = await directoryOf(task, told)
  // A dry run that was interrupted has forgotten whom it had seen, so it begins anew.
  const seen = told.isDryRun ? new Map<string, string>() : null
  let at = job.done
  let result: Result = { ...nothing, ...(job.result as Partial<Result>) }
  if (seen && at > 0) {
    if (!(await advanceJob(parts.pool, job.id, { from: at, done: 0, result: {} }))) throw new Stopped()
    at = 0
    result = nothing
  }

  const write = async (items: readonly ImportItem[]): Promise<Result> => {
    const rows = items.flatMap((item) => rowOf(item, told, directory) ?? [])
    const plan = await planBatch(task, told, rows, seen)
    const advance = async (client: Parameters<typeof advanceJob>[0], written: Written): Promise<Result> => {
      const next = add(result, items, plan, written)
      if (!(await advanceJob(client, job.id, { from: at, done: at + items.length, result: next }))) throw new Stopped()
      return next
    }
    if (seen) return advance(parts.pool, rehearse(plan, seen))
    const { value } = await parts.records.transaction(actor, async (tx) => advance(tx, await writePlan(tx, task, plan, told.onDuplicate)), {
      job: job.id,
    })
    return value
  }

  const file = await parts.staging.read(job.id, wrapped)
  for await (const items of inBatches(readImport(file, told, { signal }), at)) {
    for (let tries = 1; ; tries += 1) {
      signal.throwIfAborted()
      try {
        result = await write(items)
        break
      } catch (error) {
        if (tries >= mostTries || !mayPass(error)) throw error
        directory = await directoryOf(task, told)
      }
    }
    at += items.length
  }
  // A rehearsal changed nothing: that it was started is on record.
  if (seen) return
  await parts.records.transaction(actor, (tx) =>
    tx.audit([{ actor, action: 'import', entity: 'customer', ids: [job.id], outcome: 'done' }]),
  )
}
