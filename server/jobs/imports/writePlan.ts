import { customer } from '../../../domain/crm/customer.ts'
import { type DuplicateWay, mergeImported } from '../../../domain/import/mergeImported.ts'
import { decide } from '../../../domain/policy/decide.ts'
import type { InputOf, RowOf, ScopeOf, Transaction } from '../../store/records.ts'
import type { Task } from '../job.ts'
import type { Draft, Plan } from './planRows.ts'
import { shuffled } from './shuffled.ts'

/** What a batch did, by rows of the file. */
export type Written = { created: number; updated: number; skipped: number }

const notesMax = customer.fields.notes.max ?? 0

/** Returns what changes of a known customer by the rows about them, one after the other. */
const patchOf = (row: RowOf<'customer'>, drafts: readonly Draft[], way: 'merge' | 'update'): Partial<RowOf<'customer'>> => {
  let patch: Partial<RowOf<'customer'>> = {}
  for (const { input } of drafts) {
    const { phones = [], emails = [], wechatIds = [], addresses = [], tags = [], notes = null, source, basis, referrerId } = input
    const incoming = {
      name: input.name,
      phones: [...phones],
      emails: [...emails],
      wechatIds: [...wechatIds],
      addresses: [...addresses],
      tags: [...tags],
      notes,
      ...(source ? { source } : {}),
      ...(basis ? { basis } : {}),
      // Nobody brought themselves.
      referrerId: referrerId === row.id ? null : (referrerId ?? null),
    }
    patch = { ...patch, ...mergeImported({ ...row, ...patch }, incoming, way, notesMax) }
  }
  return patch
}

type Below = { consents: InputOf<'consent'>[]; purchases: InputOf<'interaction'>[] }

const belowOf = (task: Task, id: string, ownerId: string | null, { consents, purchases }: Draft, at: string): Below => ({
  consents: consents.map(({ channel, state }) => ({
    customerId: id,
    channel,
    state,
    happenedAt: at,
    how: 'imported',
    staffId: task.actor.staffId,
  })),
  purchases: purchases.map(({ happenedAt, text }) => ({
    customerId: id,
    kind: 'purchase',
    happenedAt,
    text,
    staffId: ownerId ?? task.actor.staffId,
  })),
})

/** Leaves out what is about a known customer and is known: a consent where the channel has one (a refusal counts always), a purchase at an instant that had one before this import. */
const fresh = async (tx: Transaction, task: Task, ids: readonly string[], below: Below): Promise<Below> => {
  const { rows: said } = await tx.query<{ key: string }>(
    "select distinct customer_id || ' ' || channel as key from consents where customer_id = any($1::uuid[]) and trashed_at is null",
    [ids],
  )
  const { rows: bought } = await tx.query<{ id: string; at: Date | string }>(
    `select customer_id as id, happened_at as at from interactions
     where customer_id = any($1::uuid[]) and kind = 'purchase' and trashed_at is null and created_at < $2`,
    [ids, task.job.createdAt],
  )
  const channels = new Set(said.map(({ key }) => key))
  const instants = new Set(bought.map(({ id, at }) => `${id} ${new Date(at).toISOString()}`))
  return {
    consents: below.consents.filter(({ customerId, channel, state }) => state === 'withdrawn' || !channels.has(`${customerId} ${channel}`)),
    purchases: below.purchases.filter(({ customerId, happenedAt }) => !instants.has(`${customerId} ${happenedAt}`)),
  }
}

const writeBelow = async (tx: Transaction, { actor }: Task, { consents, purchases }: Below): Promise<void> => {
  if (consents.length > 0) await tx.createMany({ ...decide(actor, 'consent'), entity: 'consent' }, consents)
  if (purchases.length > 0) await tx.createMany({ ...decide(actor, 'interaction'), entity: 'interaction' }, purchases)
}

const merged = (list: readonly Below[]): Below => ({
  consents: list.flatMap(({ consents }) => consents),
  purchases: list.flatMap(({ purchases }) => purchases),
})

/**
 * Writes what a batch came to, in its transaction. A customer who is gone by now, or whom the actor may not change, is left out: their rows count as skipped,
 * and nothing brings them back. Throws `forbidden`, `input_invalid`, and what the store throws.
 */
export const writePlan = async (tx: Transaction, task: Task, plan: Plan, way: DuplicateWay): Promise<Written> => {
  const { actor } = task
  const scope: ScopeOf<'customer'> = { ...decide(actor, 'customer'), entity: 'customer' }
  const at = new Date().toISOString()
  const written: Written = { created: plan.creates.length, updated: plan.folded, skipped: plan.skipped }
  if (plan.creates.length > 0) {
    const drafts = shuffled(plan.creates)
    const rows = await tx.createMany(
      scope,
      drafts.map(({ input }) => input),
    )
    await writeBelow(tx, task, merged(rows.map(({ id, ownerId }, i) => belowOf(task, id, ownerId, drafts[i]!, at))))
  }
  if (plan.changes.size > 0 && (way === 'merge' || way === 'update')) {
    const patched = new Set<string>()
    const outcomes = await tx.changeMany(scope, [...plan.changes.keys()], (row) => {
      const patch = patchOf(row, plan.changes.get(row.id) ?? [], way)
      if (Object.keys(patch).length === 0) return { keep: 'unchanged' }
      patched.add(row.id)
      return { patch }
    })
    const there = outcomes.filter(({ kept }) => kept === null || kept === 'unchanged').map(({ id }) => id)
    const below = await fresh(
      tx,
      task,
      there,
      merged(there.flatMap((id) => plan.changes.get(id)!.map((draft) => belowOf(task, id, null, draft, at)))),
    )
    await writeBelow(tx, task, below)
    const touched = new Set([...patched, ...[...below.consents, ...below.purchases].map(({ customerId }) => customerId)])
    for (const [id, drafts] of plan.changes) {
      if (there.includes(id) && touched.has(id)) written.updated += drafts.length
      else written.skipped += drafts.length
    }
  }
  return written
}
