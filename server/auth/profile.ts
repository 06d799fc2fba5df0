import type { KeyObject } from 'node:crypto'
import { textMac } from '../crypto/mac.ts'
import type { Queryable } from '../store/database.ts'
import { readSetting, writeSetting } from '../store/settings.ts'

const macOf = (macKey: KeyObject): string => textMac(macKey, 'setting/profile', 'dengbao').toString('base64url')

/** Whether the 等保 profile (domain/compliance/dengbao.ts) is on. What this installation did not write is not; switching it off behind our back is seen by nothing but its page. */
export const isProfileOn = (macKey: KeyObject, stored: unknown): boolean => (stored as { mac?: unknown } | null)?.mac === macOf(macKey)

/** Returns whether the profile is on. */
export const readProfile = async (client: Queryable, macKey: KeyObject): Promise<boolean> =>
  isProfileOn(macKey, await readSetting(client, 'profile'))

/** Switches the profile. */
export const writeProfile = (client: Queryable, macKey: KeyObject, on: boolean): Promise<void> =>
  writeSetting(client, 'profile', on ? { on, mac: macOf(macKey) } : { on })
