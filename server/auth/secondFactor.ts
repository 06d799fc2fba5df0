import type { KeyObject } from 'node:crypto'
import type { Actor } from '../../domain/policy/actor.ts'
import { hasDuty } from '../../domain/policy/decide.ts'
import type { Duty } from '../../domain/policy/role.ts'
import { textMac } from '../crypto/mac.ts'
import type { Queryable } from '../store/database.ts'
import { writeSetting } from '../store/settings.ts'

/** For whom a second factor is asked. */
export type SecondFactorFor = 'none' | 'privileged' | 'everyone'

/** Days from the first sign-in during which a missing second factor is only pointed out (DESIGN 6: a duty warns for 7 days). */
export const graceDays = 7

// Whoever may change who can do what, read everything that happened, or take the data away as a whole.
const privilegedDuties: readonly Duty[] = ['staff.manage', 'access.manage', 'keys.manage', 'audit.read', 'backup.manage']

/** Whether somebody holds a duty that a stolen password alone must not open. */
export const isPrivileged = (actor: Actor): boolean => privilegedDuties.some((duty) => hasDuty(actor, duty))

/** Whether somebody holds a privileged duty that the other lacks. */
export const outranks = (actor: Actor, other: Actor): boolean =>
  privilegedDuties.some((duty) => hasDuty(actor, duty) && !hasDuty(other, duty))

const macOf = (macKey: KeyObject, who: SecondFactorFor): string => textMac(macKey, 'setting/second-factor', who).toString('base64url')

/** Returns for whom a second factor is asked. A setting that is absent, or that this installation did not write, means `privileged`. */
export const readSecondFactor = (macKey: KeyObject, stored: unknown): SecondFactorFor => {
  const { for: who, mac } = (stored ?? {}) as { for?: unknown; mac?: unknown }
  return (who === 'none' || who === 'everyone') && mac === macOf(macKey, who) ? who : 'privileged'
}

/** Stores for whom a second factor is asked. */
export const writeSecondFactor = (client: Queryable, macKey: KeyObject, who: SecondFactorFor): Promise<void> =>
  writeSetting(client, 'secondFactor', { for: who, mac: macOf(macKey, who) })

/** Returns when a second factor is due for an actor who has none (milliseconds since 1970), or null where none is asked of them. */
export const factorDueAt = (actor: Actor, who: SecondFactorFor, firstSignIn: number): number | null =>
  who === 'none' || (who === 'privileged' && !isPrivileged(actor)) ? null : firstSignIn + graceDays * 24 * 3_600_000
