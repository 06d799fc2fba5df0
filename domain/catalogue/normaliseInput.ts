import { canonicalAddress } from '../text/address.ts'
import { normaliseEmail } from '../text/email.ts'
import { normaliseName, normaliseText } from '../text/normalise.ts'
import { normalisePhone } from '../text/phone.ts'
import type { Entity } from './entity.ts'
import type { Field } from './field.ts'
import { instant } from './patterns.ts'

const isStoredInstant = new RegExp(instant, 'u')

const asInstant = (value: string): string => {
  const at = new Date(value)
  return isStoredInstant.test(value) || Number.isNaN(at.getTime()) ? value : at.toISOString()
}

const scalar = (field: Field, value: unknown): unknown => {
  if (typeof value !== 'string') return value
  // A value that no limit would admit is not worth folding: the check refuses it as it is.
  if (value.length > field.max * 4 + 100) return value
  switch (field.kind) {
    case 'text':
      return normaliseName(value)
    case 'longText':
      return normaliseText(value)
    case 'address':
      return canonicalAddress(value)
    case 'phone': {
      const phone = normalisePhone(value)
      return 'e164' in phone && phone.extension === undefined ? phone.e164 : value
    }
    case 'email': {
      const email = normaliseEmail(value)
      return 'email' in email ? email.email : value
    }
    case 'timestamp':
      return asInstant(value)
    default:
      return value
  }
}

const normalised = (field: Field, value: unknown): unknown => {
  if (field.many) return Array.isArray(value) ? [...new Set(Array.from(value, (item: unknown) => scalar(field, item)))] : value
  const one = scalar(field, value)
  return field.optional && one === '' ? null : one
}

/**
 * Returns what a person or a program typed in the form it is stored in, where that is beyond doubt: blanks trimmed, full-width forms folded, phones in
 * E.164 ('138 0013 8000' -> '+8613800138000'), e-mail domains in lower case, Chinese addresses by the full names of their divisions, instants in UTC, equal list items once, an empty optional text null.
 * Whatever cannot be folded stays as it is, so that `checkInput`, which comes after, names the problem. Never throws.
 */
export const normaliseInput = (entity: Entity, input: unknown): unknown => {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      Object.hasOwn(entity.fields, name) ? normalised(entity.fields[name]!, value) : value,
    ]),
  )
}
