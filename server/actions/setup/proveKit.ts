import type { Actor } from '../../../domain/policy/actor.ts'
import { systemActor } from '../../audit/systemActor.ts'
import { proveKit as proveShares } from '../../crypto/recoveryKit.ts'
import type { Parts } from '../parts.ts'

/** Notes that the recovery kit works, by shares typed back. The shares are not kept. Throws `shares_invalid` naming the share at fault. */
export const proveKit = async (
  { keyring, audit }: Pick<Parts, 'keyring' | 'audit'>,
  actor: Actor | null,
  shares: readonly string[],
): Promise<{ proven: true }> => {
  await proveShares(shares, keyring.recoveryRecipient)
  await audit.append({ actor: actor ?? systemActor, action: 'kit_prove', entity: 'key', outcome: 'done' })
  await keyring.markKitProven()
  return { proven: true }
}
