import type { Reason } from '../../../domain/audit/reasons.ts'
import { catalogue } from '../../../domain/catalogue/all.ts'
import type { Field } from '../../../domain/catalogue/field.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { subjectOf } from '../../store/subjectOf.ts'
import type { Parts } from '../parts.ts'
import { type Spending, withinBudget } from './revealBudget.ts'

export type Reveal = { readonly fields: readonly string[]; readonly reason: Reason; readonly note?: string } & Pick<
  Spending,
  'requireFresh'
>

type Value = string | string[] | null

const shown = (value: unknown): Value =>
  Array.isArray(value) ? value.map(String) : value === null || value === undefined ? null : String(value)

/**
 * Opens masked fields of one record for a reason, within the day's budget of distinct people, and returns their values and how many more may be
 * revealed today. Throws `reason_required` (`other` without a note), `unknown_key`, `forbidden`, `not_found`, and as `withinBudget` does.
 */
export const revealFields = async (
  parts: Pick<Parts, 'records' | 'audit' | 'pool' | 'actors'>,
  scope: Scope,
  id: string,
  { fields, reason, note, requireFresh }: Reveal,
): Promise<{ values: Record<string, Value>; remaining: number }> => {
  if (reason === 'other' && !note?.trim()) throw new AppError('reason_required', { reason })
  const declared = catalogue[scope.entity].fields as Record<string, Field>
  for (const name of fields) {
    const right = scope.fields[name]
    if (!Object.hasOwn(declared, name) || !right || (right.reveal.kind === 'none' && right.read.kind === 'none'))
      throw new AppError('unknown_key', { key: name.slice(0, 40) })
  }
  const look = {
    action: 'reveal' as const,
    fields: [...new Set(fields)],
    reason,
    ...(note?.trim() ? { detail: { note: note.trim() } } : {}),
  }
  const { records, pool } = parts
  const reveal = () => records.get(scope, id, look)
  const subject = await subjectOf(pool, scope, id)
  // Nobody there: the repository says so, and that somebody asked is on record.
  if (subject === null) return { values: await reveal().then(() => ({})), remaining: 0 }
  const spending = { actor: scope.actor, entity: scope.entity, id, subject, fields: look.fields, reason, requireFresh }
  const { value: row, remaining } = await withinBudget(parts, spending, reveal)
  return { values: Object.fromEntries(fields.map((name) => [name, shown((row as Record<string, unknown>)[name])])), remaining }
}
