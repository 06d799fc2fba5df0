import { catalogue, type EntityName } from '../catalogue/all.ts'
import type { Entity, Masked, Row, View } from '../catalogue/entity.ts'
import type { Field } from '../catalogue/field.ts'
import { AppError } from '../errors.ts'
import { mayKnow, type Scope } from './decide.ts'
import { maskValue } from './mask.ts'
import { type RuleRow, satisfies } from './predicate.ts'

const masked = (field: Field, value: unknown): Masked => ({ masked: maskValue(field.mask, String(value)) })

const shown = (field: Field, value: unknown, open: boolean): unknown => {
  if (open || value === null) return value
  return field.many ? (value as unknown[]).map((one) => masked(field, one)) : masked(field, value)
}

/**
 * Makes what may leave the server of one row: the only maker of a `View`. Values the scope does not open are masked, secrets are absent, and
 * fields the actor may not know of too. `ruleRow` (the parent, for records that follow a parent's rule) decides which is which.
 * Throws AppError('not_found') for a row outside the scope: the query should have kept to `scope.rows`, and this is the last gate.
 */
export const view = <E extends Entity>(scope: Scope, row: Row<E>, ruleRow: RuleRow = row as unknown as RuleRow): View<E> => {
  if (!satisfies(scope.rows, ruleRow)) throw new AppError('not_found')
  const fields = catalogue[scope.entity as EntityName].fields as Record<string, Field>
  const out: Record<string, unknown> = {
    id: row.id,
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    trashedAt: row.trashedAt,
  }
  for (const [name, field] of Object.entries(fields)) {
    if (field.class === 'secret') continue
    const right = scope.fields[name]
    if (!right || !mayKnow(right)) continue
    out[name] = shown(field, (row as unknown as Record<string, unknown>)[name] ?? (field.many ? [] : null), satisfies(right.read, ruleRow))
  }
  return out as View<E>
}
