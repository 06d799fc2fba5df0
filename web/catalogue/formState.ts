import { checkInput, type Problem } from '../../domain/catalogue/check.ts'
import type { Entity } from '../../domain/catalogue/entity.ts'
import { normaliseInput } from '../../domain/catalogue/normaliseInput.ts'
import { formatPhone } from '../ui/formatPhone.ts'
import { isMasked, type RecordView } from '../app/contract.ts'

/** What stands in a form: one text per field, or a list of texts. A masked field has no draft until it was revealed or replaced. */
export type Draft = Record<string, string | string[] | null>

/** Returns the draft that a record starts with. */
export const draftOf = (entity: Entity, record: RecordView | null, defaults: Draft = {}): Draft => {
  const draft: Draft = {}
  for (const [name, field] of Object.entries(entity.fields)) {
    const value = record ? record[name] : defaults[name]
    if (Array.isArray(value)) {
      // Numbers stand as people read them; the check folds them back into stored form.
      if (!value.some(isMasked)) draft[name] = field.kind === 'phone' ? (value as string[]).map(formatPhone) : (value as string[])
    } else if (value === undefined || value === null) draft[name] = field.many ? [] : ''
    else if (!isMasked(value)) draft[name] = String(value)
  }
  return draft
}

/** Returns the draft without the empty lines that a list of inputs leaves, and with null for what was left empty. */
const tidy = (entity: Entity, draft: Draft): Draft =>
  Object.fromEntries(
    Object.entries(draft)
      .map(([name, value]) => {
        if (Array.isArray(value)) return [name, value.filter((one) => one.trim() !== '')]
        const empty = value === null || value.trim() === ''
        return [name, empty ? null : value]
      })
      .filter(([name]) => Object.hasOwn(entity.fields, name as string)),
  )

/** Returns only what differs from where the form began. */
export const changesOf = (entity: Entity, base: Draft, draft: Draft): Draft => {
  const before = tidy(entity, base)
  const after = tidy(entity, draft)
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])))
}

/** Returns what will be sent, in stored form, or what is wrong with it: the same check that the server makes. */
export const checkDraft = (
  entity: Entity,
  draft: Draft,
  mode: 'create' | 'update',
): { value: Record<string, unknown> } | { problems: Problem[] } => {
  const given = Object.fromEntries(
    Object.entries(tidy(entity, draft)).filter(([name, value]) => mode === 'update' || value !== null || !entity.fields[name]?.optional),
  )
  const input = Object.fromEntries(Object.entries(given).filter(([, value]) => mode === 'update' || value !== null))
  const checked = checkInput(entity, normaliseInput(entity, input), mode as 'create')
  return checked.problems ? { problems: checked.problems } : { value: checked.value as Record<string, unknown> }
}
