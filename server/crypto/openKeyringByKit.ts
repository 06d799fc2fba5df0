import type { KeyObject } from 'node:crypto'
import { identityToRecipient } from 'age-encryption'
import { entryOf, livesOf } from './keyringBody.ts'
import { keyringProblem, parseKeyring, verifyMac } from './keyringFile.ts'
import type { KeyEntry } from './keyringFile.ts'
import { kitIdOf } from './kitShare.ts'
import { openByKit } from './keyWraps.ts'

/** What the kit shows of a keyring: which one it is, its mac/1, and the epochs whose keys live. */
export type KitView = { readonly id: string; readonly macKey: KeyObject; readonly epochs: readonly number[] }

/** Returns the id of the kit whose identity this is, as its shares carry it. */
export async function kitIdOfIdentity(identity: string): Promise<string> {
  return kitIdOf(await identityToRecipient(identity))
}

/**
 * Opens the text of a keyring by the kit's identity, without any provider, and checks its MAC. `file` is for the error.
 * Throws AppError('keyring_invalid'), with problem 'other_kit' when it is wrapped for another.
 */
export async function openKeyringByKit(file: string, text: string, identity: string): Promise<KitView> {
  const read = parseKeyring(file, text)
  if (read.body.recovery.recipient !== (await identityToRecipient(identity))) throw keyringProblem(file, 'other_kit')
  const macKey = await openByKit(read.body.id, entryOf(read.body, 'mac/1') as KeyEntry, identity)
  verifyMac(file, read, macKey)
  return { id: read.body.id, macKey, epochs: livesOf(read.body, 'epoch') }
}
