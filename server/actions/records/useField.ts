import { catalogue } from '../../../domain/catalogue/all.ts'
import type { Field } from '../../../domain/catalogue/field.ts'
import { AppError } from '../../../domain/errors.ts'
import { type Scope, usesOf } from '../../../domain/policy/decide.ts'
import type { Use } from '../../../domain/policy/roles.ts'
import type { Parts } from '../parts.ts'

// URI schemes of RFC 3966, 5724 and 5870: they open what the person's own device has, and call no map service from here.
const linkOf: Readonly<Record<Use, (value: string) => string>> = {
  call: (value) => `tel:${value}`,
  message: (value) => `sms:${value}`,
  copy: (value) => value,
  navigate: (value) => `geo:0,0?q=${encodeURIComponent(value)}`,
}

/**
 * Returns what a use of one value needs (a `tel:` link, a map link, the text to copy), audited as that use and not as a reveal.
 * Throws `unknown_key`, `input_invalid` (no such use for the field, no such place in its list), `forbidden`, `not_found`.
 */
export const useField = async (
  { records }: Pick<Parts, 'records'>,
  scope: Scope,
  id: string,
  { field: name, index, use }: { field: string; index: number; use: Use },
): Promise<{ value: string }> => {
  const fields = catalogue[scope.entity].fields as Record<string, Field>
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (!field || scope.fields[name]?.use.kind === 'none') throw new AppError('unknown_key', { key: name.slice(0, 40) })
  if (!usesOf(field).includes(use)) throw new AppError('input_invalid', { problems: [{ field: 'use', problem: 'not_an_option' }] })
  const row = await records.get(scope, id, { action: `use_${use}`, fields: [name] })
  const held = (row as Record<string, unknown>)[name]
  const value = Array.isArray(held) ? (held[index] as unknown) : index === 0 ? held : undefined
  if (typeof value !== 'string') throw new AppError('input_invalid', { problems: [{ field: 'index', problem: 'range' }] })
  return { value: linkOf[use](value) }
}
