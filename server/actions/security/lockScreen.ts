import type { Actor } from '../../../domain/policy/actor.ts'
import { presentOn } from '../../auth/unlock.ts'
import type { Parts } from '../parts.ts'
import { staffNames } from './staffNames.ts'

/** Somebody whom a lock screen names, and how they can unlock. */
export type LockedPerson = {
  staffId: string
  name: string
  hasPin: boolean
  hasPasskey: boolean
  hasPassword: boolean
  hasCode: boolean
  current: boolean
}

/** Returns who has a session on this device: names of staff only. `current`: whose session the browser's cookie is of. */
export const readLockScreen = async (
  parts: Parts,
  deviceId: string | null,
  current: Actor | null,
): Promise<{ persons: LockedPerson[] }> => {
  if (deviceId === null) return { persons: [] }
  const present = await presentOn(parts, deviceId)
  const reader = present[0]?.session.actor
  const names = reader
    ? await staffNames(
        parts,
        reader,
        present.map(({ session }) => session.actor.staffId),
      )
    : new Map<string, string>()
  return {
    persons: present.map(({ session: { actor }, hasPin, factors }) => ({
      staffId: actor.staffId,
      name: names.get(actor.staffId) ?? actor.login,
      hasPin,
      hasPasskey: factors.passkey,
      hasPassword: factors.password,
      hasCode: factors.code,
      current: actor.staffId === current?.staffId,
    })),
  }
}
