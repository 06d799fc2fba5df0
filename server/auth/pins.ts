import { AppError } from '../../domain/errors.ts'
import type { Queryable } from '../store/database.ts'
import type { Devices } from './devices.ts'
import { hashPassword, verifyPassword } from './passwordHash.ts'

/** Wrong PINs in a row after which the PIN and the person's sessions on that device end. */
export const pinTries = 5

const runs = '01234567890123456789 98765432109876543210'

/** Returns what is wrong with a new PIN, or null: 6 to 12 digits, not one digit or a run of them (NIST SP 800-63B-4 3.1.1: blocklist for PINs too). */
export const pinProblem = (pin: string): 'format' | 'too_common' | null => {
  if (!/^\d{6,12}$/.test(pin)) return 'format'
  const common = new Set(pin).size < 3 || runs.includes(pin) || /^(?:520|521)?1314/.test(pin) || /^(\d{2,3})\1+$/.test(pin)
  return common ? 'too_common' : null
}

type Parts = { readonly pool: Queryable; readonly devices: Devices }

/** Sets somebody's PIN on a device, or takes it away (null). Throws `input_invalid`, `not_found` where they are not known on the device. */
export const setPin = async ({ pool, devices }: Parts, deviceId: string, staffId: string, pin: string | null): Promise<void> => {
  const problem = pin === null ? null : pinProblem(pin)
  if (problem) throw new AppError('input_invalid', { problems: [{ field: 'pin', problem }] })
  const pin_hash = pin === null ? null : await hashPassword(pin)
  const row = await devices.personOn(pool, deviceId, staffId)
  if (!row || row.lost_at !== null) throw new AppError('not_found')
  if (!(await devices.put(pool, row, { ...row, pin_hash, pin_failures: 0 }))) throw new AppError('version_conflict')
}

/**
 * Whether the PIN is the person's on this device. The try is counted before it is judged, so that parallel guesses count one by one; the fifth wrong one
 * takes the PIN away (`spent`): the caller ends the sessions.
 */
export const tryPin = async (
  { pool, devices }: Parts,
  deviceId: string,
  staffId: string,
  pin: string,
): Promise<'right' | 'wrong' | 'spent'> => {
  const row = await devices.personOn(pool, deviceId, staffId)
  if (!row?.pin_hash || row.lost_at !== null) return 'wrong'
  const counted = { ...row, pin_failures: row.pin_failures + 1 }
  const spent = counted.pin_failures >= pinTries
  if (!(await devices.put(pool, row, counted))) throw new AppError('busy', { retryAfter: 1 })
  if (await verifyPassword(pin, row.pin_hash)) {
    const now = await devices.personOn(pool, deviceId, staffId)
    if (now) await devices.put(pool, now, { ...now, pin_failures: 0 })
    return 'right'
  }
  if (!spent) return 'wrong'
  const now = await devices.personOn(pool, deviceId, staffId)
  if (now) await devices.put(pool, now, { ...now, pin_hash: null, pin_failures: 0 })
  return 'spent'
}
