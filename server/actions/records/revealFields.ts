import type { Reason } from '../../../domain/audit/reasons.ts'
import { catalogue } from '../../../domain/catalogue/all.ts'
import type { Field } from '../../../domain/catalogue/field.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { revealsPerDay, type Scope } from '../../../domain/policy/decide.ts'
import type { Parts } from '../parts.ts'

const running = new Map<string, Promise<unknown>>()

// One reveal of an actor after the other: two at once would both find the last place free. Nodes beside count from the same log.
const oneByOne = <T>(staffId: string, work: () => Promise<T>): Promise<T> => {
  const next = (running.get(staffId) ?? Promise.resolve()).catch(() => {}).then(work)
  running.set(staffId, next)
  void next.catch(() => {}).finally(() => running.get(staffId) === next && running.delete(staffId))
  return next
}

const startOfDay = (): string => {
  const day = new Date()
  day.setHours(0, 0, 0, 0)
  return day.toISOString()
}

const entriesAtOnce = 500

/**
 * Returns the ids of the records in which this actor has revealed something since midnight, by the audit log: it survives restarts. All of the day's
 * entries are read: else looking at one record again and again would push the others out of the count.
 */
const revealedToday = async (audit: Parts['audit'], actor: Actor): Promise<Set<string>> => {
  const ids = new Set<string>()
  const filter = { actions: ['reveal'], from: startOfDay(), limit: entriesAtOnce }
  for (let before: number | undefined; ;) {
    const entries = await audit.entriesOfActor(actor.staffId, { ...filter, ...(before === undefined ? {} : { before }) })
    for (const entry of entries) if (entry.outcome === 'done') for (const id of entry.ids) ids.add(id)
    before = entries.at(-1)?.entryId
    if (entries.length < entriesAtOnce) return ids
  }
}

export type Reveal = { readonly fields: readonly string[]; readonly reason: Reason; readonly note?: string }

type Value = string | string[] | null

const shown = (value: unknown): Value =>
  Array.isArray(value) ? value.map(String) : value === null || value === undefined ? null : String(value)

/**
 * Opens masked fields of one record for a reason, within the day's budget of distinct records, and returns their values and how many more may be
 * opened today. Throws `reason_required` (`other` without a note), `unknown_key`, `reveal_budget`, `forbidden`, `not_found`.
 */
export const revealFields = (
  { records, audit }: Pick<Parts, 'records' | 'audit'>,
  scope: Scope,
  id: string,
  { fields, reason, note }: Reveal,
): Promise<{ values: Record<string, Value>; remaining: number }> => {
  if (reason === 'other' && !note?.trim()) throw new AppError('reason_required', { reason })
  const declared = catalogue[scope.entity].fields as Record<string, Field>
  for (const name of fields) {
    const right = scope.fields[name]
    if (!Object.hasOwn(declared, name) || !right || (right.reveal.kind === 'none' && right.read.kind === 'none'))
      throw new AppError('unknown_key', { key: name.slice(0, 40) })
  }
  return oneByOne(scope.actor.staffId, async () => {
    const limit = revealsPerDay(scope.actor)
    const before = await revealedToday(audit, scope.actor)
    if (!before.has(id) && before.size >= limit) {
      await audit.refused({ actor: scope.actor, action: 'reveal', entity: scope.entity, ids: [id], fields, reason })
      throw new AppError('reveal_budget', { limit })
    }
    const row = await records.get(scope, id, {
      action: 'reveal',
      fields: [...new Set(fields)],
      reason,
      ...(note?.trim() ? { detail: { note: note.trim() } } : {}),
    })
    const values = Object.fromEntries(fields.map((name) => [name, shown((row as Record<string, unknown>)[name])]))
    return { values, remaining: Math.max(0, limit - before.add(id).size) }
  })
}
