import { largestPreference, preferenceRule } from '../../../domain/preference/preferences.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { readPreference, removePreference, type StoredPreference, writePreference } from '../../store/preferences.ts'
import type { Parts } from '../parts.ts'

type Needed = Pick<Parts, 'pool' | 'broker' | 'audit'>

const ruleOf = (key: string) => {
  const rule = preferenceRule(key)
  if (!rule) throw new AppError('not_found')
  return rule
}

/** Returns the actor's preference. Throws `not_found` for a key that does not exist. */
export const ownPreference = async (parts: Needed, actor: Actor, key: string): Promise<StoredPreference> => {
  ruleOf(key)
  return readPreference(parts, actor, key)
}

/** Keeps the actor's preference. Throws `not_found`, `input_invalid` for another shape, `input_too_large`, `version_conflict`. */
export const keepPreference = async (
  parts: Needed,
  actor: Actor,
  key: string,
  { value, version }: { value: unknown; version: number },
): Promise<StoredPreference> => {
  const { isValid, recorded } = ruleOf(key)
  if (Buffer.byteLength(JSON.stringify(value)) > largestPreference) throw new AppError('input_too_large', { limit: largestPreference })
  if (!isValid(value)) throw new AppError('input_invalid', { problems: [{ field: 'value', problem: 'wrong_type' }] })
  return { value, version: await writePreference(parts, actor, { key, value, version, recorded }) }
}

/** Forgets the actor's preference. Throws `not_found` for a key that does not exist. */
export const forgetPreference = async (parts: Needed, actor: Actor, key: string): Promise<void> =>
  removePreference(parts, actor, key, ruleOf(key).recorded)
