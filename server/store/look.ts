import type { AuditAction } from '../../domain/audit/actions.ts'
import type { Reason } from '../../domain/audit/reasons.ts'
import { isSealed, type SealedClass } from '../../domain/catalogue/field.ts'
import { AppError } from '../../domain/errors.ts'
import type { Scope } from '../../domain/policy/decide.ts'
import { none, satisfies } from '../../domain/policy/predicate.ts'
import type { Detail } from '../audit/entry.ts'
import { type AnyRow, ruleRowOf } from './openRows.ts'
import type { Shape } from './shape.ts'

export type LookAction = Extract<
  AuditAction,
  'read' | 'list' | 'search' | 'reveal' | 'lens' | `use_${string}` | 'export' | 'import' | 'index_rotate'
>

/** How somebody looks at records: what the audit entry says, and which fields beyond the usual ones are opened. */
export type Look = {
  readonly action: LookAction
  /** Fields asked for by name: a reveal or a use of them. Without it the look is the ordinary view. */
  readonly fields?: readonly string[]
  readonly reason?: Reason
  /** The scope is `brief`'s: names and masks only. Such looks have an hourly budget of their own, so that typing uses up nobody's. */
  readonly brief?: true
  /** Personal data of the act itself (search text, free-text reason): sealed in the log. */
  readonly detail?: Detail
}

/** Returns the groups a look opens. A list never opens `sensitive`; a secret opens only when asked for by name. */
export const groupsOf = (shape: Shape, scope: Scope, look: Look): SealedClass[] => {
  const named = look.fields?.map((field) => shape.entity.fields[field]?.class)
  if (named) return shape.groups.map((group) => group.class).filter((one) => named.includes(one))
  const readable = (fields: readonly string[]): boolean => fields.some((field) => (scope.fields[field]?.read ?? none).kind !== 'none')
  return shape.groups
    .filter((group) => group.class === 'personal' || (group.class === 'sensitive' && look.action === 'read' && readable(group.fields)))
    .map((group) => group.class)
}

/** Returns the names of the sealed fields that the look shows unmasked in at least one of the rows: what the log calls the fields seen. */
export const fieldsShown = (shape: Shape, scope: Scope, look: Look, rows: readonly AnyRow[]): string[] => {
  if (look.fields) return [...look.fields]
  return Object.entries(shape.entity.fields)
    .filter(([name, field]) => isSealed(field.class) && rows.some((row) => satisfies(scope.fields[name]?.read ?? none, ruleRowOf(row))))
    .map(([name]) => name)
}

/**
 * Refuses a reveal or a use that the scope does not allow for this row. Throws `forbidden`, or `reason_required` for a reveal of a masked value
 * without a reason.
 */
export const requireLookAllowed = (scope: Scope, look: Look, row: AnyRow): void => {
  const use = look.action.startsWith('use_')
  if (look.action !== 'reveal' && !use) {
    if (look.fields) throw new AppError('internal', { problem: 'fields without reveal or use' })
    return
  }
  const rule = ruleRowOf(row)
  for (const field of look.fields ?? []) {
    const right = scope.fields[field]
    if (!right) throw new AppError('unknown_key', { field })
    const open = satisfies(right.read, rule)
    if (use ? !satisfies(right.use, rule) : !open && !satisfies(right.reveal, rule)) throw new AppError('forbidden', { field })
    if (!use && !open && !look.reason) throw new AppError('reason_required', { field })
  }
}
