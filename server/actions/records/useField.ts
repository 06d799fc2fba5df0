import { catalogue } from '../../../domain/catalogue/all.ts'
import type { Field } from '../../../domain/catalogue/field.ts'
import { AppError } from '../../../domain/errors.ts'
import { type Scope, usesOf } from '../../../domain/policy/decide.ts'
import type { Use } from '../../../domain/policy/role.ts'
import type { Parts } from '../parts.ts'
import { callerOf, type RelayedCall, relayCall } from './relayCall.ts'

// URI schemes of RFC 3966, 5724, 6068 and 5870: they open what the person's own device has, and call no service from here. A WeChat id has none.
const messageTo = (field: Field, value: string): string => {
  if (field.category === 'user.contact.phone_number') return `sms:${value}`
  return field.category === 'user.contact.email' ? `mailto:${encodeURIComponent(value)}` : value
}
const linkOf: Readonly<Record<Use, (field: Field, value: string) => string>> = {
  call: (_, value) => `tel:${value}`,
  message: messageTo,
  copy: (_, value) => value,
  navigate: (_, value) => `geo:0,0?q=${encodeURIComponent(value)}`,
}

/** `caller`: the number the person calls from, where calls go over a relay. */
export type FieldUse = { readonly field: string; readonly index: number; readonly use: Use; readonly caller?: string }

/**
 * Returns what a use of one value needs (a `tel:` link, a map link, the text to copy), audited as that use and not as a reveal. Where calls go over a relay,
 * a call gets the relay's number in place of the customer's. Throws `unknown_key`, `input_invalid` (no such use for the field, no such place in its list, no
 * caller), `forbidden`, `not_found`, `relay_unavailable`.
 */
export const useField = async (
  parts: Pick<Parts, 'records' | 'audit' | 'macKey' | 'relay'>,
  scope: Scope,
  id: string,
  { field: name, index, use, caller }: FieldUse,
): Promise<{ value: string } | RelayedCall> => {
  const fields = catalogue[scope.entity].fields as Record<string, Field>
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (!field || scope.fields[name]?.use.kind === 'none') throw new AppError('unknown_key', { key: name.slice(0, 40) })
  if (!usesOf(field).includes(use)) throw new AppError('input_invalid', { problems: [{ field: 'use', problem: 'not_an_option' }] })
  const relay = use === 'call' ? parts.relay : null
  const from = relay ? callerOf(caller) : null
  const look = { action: `use_${use}`, fields: [name], ...(from ? { detail: { via: 'relay', caller: from } } : {}) } as const
  const row = await parts.records.get(scope, id, look)
  const held = (row as Record<string, unknown>)[name]
  const value = Array.isArray(held) ? (held[index] as unknown) : index === 0 ? held : undefined
  if (typeof value !== 'string') throw new AppError('input_invalid', { problems: [{ field: 'index', problem: 'range' }] })
  if (!relay || !from) return { value: linkOf[use](field, value) }
  const { actor, entity } = scope
  const failed = () => parts.audit.append({ ...look, actor, entity, ids: [id], subjects: [row.subject], outcome: 'failed' })
  return relayCall({ ...parts, relay }, { actor, failed }, { caller: from, number: value })
}
