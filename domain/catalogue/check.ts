import { looksMasked } from '../policy/looksMasked.ts'
import { normaliseEmail } from '../text/email.ts'
import { countCodePoints } from '../text/normalise.ts'
import type { Entity, Input, Patch } from './entity.ts'
import type { Field } from './field.ts'
import * as patterns from './patterns.ts'

/** Every way a value can be refused. Closed: the web client has a message for each (`web/messages`), and a gate checks that. */
export const problemCodes = [
  'not_an_object',
  'unknown_key',
  'required',
  'wrong_type',
  'blank',
  'too_long',
  'too_many',
  'bad_characters',
  'bad_phone',
  'bad_email',
  'bad_date',
  'bad_timestamp',
  'bad_reference',
  'not_an_option',
  'masked',
] as const
export type ProblemCode = (typeof problemCodes)[number]

/** One refusal. `index` is the place in a list, `limit` the limit that was passed. Never holds the value. */
export type Problem = { readonly field: string; readonly problem: ProblemCode; readonly index?: number; readonly limit?: number }

/** Most values of a `many` field. Own choice: a household has fewer, and one envelope stays small. */
export const maxItems = 50
/** Most problems reported at once: 10,000 unknown keys are one mistake. */
export const maxProblems = 50

const expressions = Object.fromEntries(Object.entries(patterns).map(([name, source]) => [name, new RegExp(source, 'u')])) as Record<
  keyof typeof patterns,
  RegExp
>

type Fault = { problem: ProblemCode; limit?: number } | null

const textFault = (field: Field, value: string): Fault => {
  // Bound the work first: what follows runs over every character.
  if (value.length > field.max * 2 || countCodePoints(value) > field.max) return { problem: 'too_long', limit: field.max }
  if (looksMasked(value)) return { problem: 'masked' }
  if (!(field.kind === 'longText' ? expressions.linesOnly : expressions.lineOnly).test(value)) return { problem: 'bad_characters' }
  return expressions.notBlank.test(value) ? null : { problem: 'blank' }
}

// A day the calendar does not have (31 February) rolls over into the next month, and so does not come back as it was.
const isDay = (value: string): boolean => {
  const [year, month, day] = value.split('-').map(Number)
  return expressions.day.test(value) && new Date(Date.UTC(year!, month! - 1, day)).toISOString().startsWith(value)
}
const isInstant = (value: string): boolean => expressions.instant.test(value) && isDay(value.slice(0, 10))

const isStoredEmail = (value: string): boolean => {
  const normal = normaliseEmail(value)
  return 'email' in normal && normal.email === value
}

const formFault = (field: Field, value: string): Fault => {
  switch (field.kind) {
    case 'phone':
      return expressions.e164.test(value) ? null : { problem: 'bad_phone' }
    case 'email':
      return isStoredEmail(value) ? null : { problem: 'bad_email' }
    case 'date':
      return isDay(value) ? null : { problem: 'bad_date' }
    case 'timestamp':
      return isInstant(value) ? null : { problem: 'bad_timestamp' }
    case 'ref':
      return expressions.uuid.test(value) ? null : { problem: 'bad_reference' }
    case 'choice':
      return Object.hasOwn(field.values ?? {}, value) ? null : { problem: 'not_an_option' }
    default:
      return null
  }
}

const scalarFault = (field: Field, value: unknown): Fault => {
  if (field.kind === 'flag') return typeof value === 'boolean' ? null : { problem: 'wrong_type' }
  if (field.kind === 'integer') return Number.isSafeInteger(value) ? null : { problem: 'wrong_type' }
  return typeof value === 'string' ? (textFault(field, value) ?? formFault(field, value)) : { problem: 'wrong_type' }
}

const fieldProblems = (name: string, field: Field, value: unknown): Problem[] => {
  if (!field.many) {
    if (value === null) return field.optional ? [] : [{ field: name, problem: 'required' }]
    const fault = scalarFault(field, value)
    return fault ? [{ field: name, ...fault }] : []
  }
  if (!Array.isArray(value)) return [{ field: name, problem: 'wrong_type' }]
  if (value.length > maxItems) return [{ field: name, problem: 'too_many', limit: maxItems }]
  return Array.from(value).flatMap((item: unknown, index) => {
    const fault = scalarFault(field, item)
    return fault ? [{ field: name, index, ...fault }] : []
  })
}

// A key is somebody's input and may itself be a phone number: only what looks like a field name is repeated.
const safeKey = (key: string): string => (/^[A-Za-z][A-Za-z_-]{0,39}$/.test(key) ? key : '')

/** The value to store, or why it is refused. */
export type Checked<T> = { readonly value: T; readonly problems?: never } | { readonly problems: Problem[]; readonly value?: never }

/**
 * Checks what a caller handed in against the catalogue: unknown keys, types, lengths in code points, lists of at most `maxItems`, characters, the form
 * of phones, e-mails, dates and references, and masked values are all refused. On `create` required fields must be there and absent optional ones
 * are filled with null or []; on `update` only given fields are looked at. Phones and e-mails must be in stored form: `normaliseInput` makes it.
 * The returned value is a new object that holds catalogue fields only. Never throws.
 */
export function checkInput<E extends Entity>(entity: E, input: unknown, mode: 'create'): Checked<Required<Input<E>>>
export function checkInput<E extends Entity>(entity: E, input: unknown, mode: 'update'): Checked<Patch<E>>
export function checkInput(entity: Entity, input: unknown, mode: 'create' | 'update'): Checked<Record<string, unknown>>
export function checkInput(entity: Entity, input: unknown, mode: 'create' | 'update'): Checked<Record<string, unknown>> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return { problems: [{ field: '', problem: 'not_an_object' }] }
  const given = input as Record<string, unknown>
  const problems: Problem[] = Object.keys(given)
    .filter((key) => !Object.hasOwn(entity.fields, key))
    .map((key) => ({ field: safeKey(key), problem: 'unknown_key' }))
  const value: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(entity.fields)) {
    const present = Object.hasOwn(given, name) && given[name] !== undefined
    if (!present && mode === 'update') continue
    if (!present && !field.optional && !field.many) problems.push({ field: name, problem: 'required' })
    else {
      value[name] = present ? given[name] : field.many ? [] : null
      problems.push(...fieldProblems(name, field, value[name]))
    }
  }
  return problems.length > 0 ? { problems: problems.slice(0, maxProblems) } : { value }
}
