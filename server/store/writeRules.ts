import type { Entity } from '../../domain/catalogue/entity.ts'
import { checkInput } from '../../domain/catalogue/check.ts'
import { AppError } from '../../domain/errors.ts'
import type { Scope } from '../../domain/policy/decide.ts'
import { none, type RuleRow, satisfies } from '../../domain/policy/predicate.ts'
import type { Action } from '../../domain/policy/role.ts'
import type { Values } from './seal.ts'
import type { Shape } from './shape.ts'

/** Returns the checked input of a write. Throws `input_invalid` with each problem; `index` is the place in a batch. */
export const requireInput = (entity: Entity, input: unknown, mode: 'create' | 'update', index?: number): Record<string, unknown> => {
  const checked = checkInput(entity, input, mode)
  if (checked.value) return checked.value
  const problems = checked.problems.map(({ field, problem }) => ({ field, problem }))
  throw new AppError('input_invalid', index === undefined ? { problems } : { problems, index })
}

const allowed = (scope: Scope, action: Action, rule: RuleRow): boolean => satisfies(scope.actions[action] ?? none, rule)

/** Returns the rule columns a record of its own rule has with these values. */
export const ruleOfValues = (shape: Shape, values: Values): RuleRow => {
  const { rowScope } = shape.entity
  if ('parent' in rowScope) throw new AppError('internal', { problem: 'rule of a parent' })
  const of = (field: string | undefined): string | null => (field ? ((values[field] as string | null | undefined) ?? null) : null)
  // A record to come has no id yet, and so is in nobody's working set.
  const id = typeof values['id'] === 'string' ? { id: values['id'] } : {}
  return { ...id, storeId: of(rowScope.store), ownerId: of(rowScope.owner) }
}

const ruleFields = (shape: Shape): string[] => {
  const { rowScope } = shape.entity
  return 'parent' in rowScope ? [rowScope.parent] : [rowScope.store, rowScope.owner].filter((field) => field !== undefined)
}

/** Returns the fields for want of whose right the new record is refused, `action` when the act itself is; an empty list when all is allowed. */
export const refusedCreate = (scope: Scope, values: Values, rule: RuleRow): string[] => {
  if (!satisfies(scope.rows, rule) || !allowed(scope, 'create', rule)) return ['create']
  return Object.keys(values).filter((field) => values[field] !== null && !satisfies(scope.fields[field]?.write ?? none, rule))
}

/**
 * The same for a change. The rule is asked of the record as it was and as it would be: nobody writes what they could not write before, nor moves a
 * record to where they could not reach it. Changing store or owner is a hand-over, a right of its own.
 */
export const refusedChange = (scope: Scope, shape: Shape, patch: Values, before: RuleRow, after: RuleRow, old: Values): string[] => {
  if (!allowed(scope, 'update', before)) return ['update']
  const moved = ruleFields(shape).filter((field) => field in patch && (patch[field] ?? null) !== (old[field] ?? null))
  if (moved.length > 0 && (shape.parent || !allowed(scope, 'handOver', before) || !satisfies(scope.rows, after))) return moved
  return Object.keys(patch).filter((field) => !satisfies(scope.fields[field]?.write ?? none, before))
}
