import { kitIdOf } from '../../crypto/kitShare.ts'
import type { Keyring } from '../../crypto/keyring.ts'
import type { Queryable } from '../../store/database.ts'
import { readSetting } from '../../store/settings.ts'

/** Returns what is known of the recovery kit: its id, size and when it was last proven. Its shares are nowhere. */
export const describeKit = async (
  pool: Queryable,
  keyring: Keyring,
): Promise<{ kitId: string; recipient: string; shares: number | null; threshold: number | null; provenAt: string | null }> => {
  const size = (await readSetting<{ shares: number; threshold: number }>(pool, 'kit')) ?? null
  return {
    kitId: kitIdOf(keyring.recoveryRecipient),
    recipient: keyring.recoveryRecipient,
    shares: size?.shares ?? null,
    threshold: size?.threshold ?? null,
    provenAt: keyring.kitProvenAt,
  }
}
