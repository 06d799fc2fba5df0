import { Readable } from 'node:stream'
import type { Actor } from '../../../domain/policy/actor.ts'
import { systemActor } from '../../audit/systemActor.ts'
import { toFrames } from '../../backup/frames.ts'
import { produceBackup } from '../../backup/produceBackup.ts'
import type { Parts } from '../parts.ts'

/**
 * Returns a backup as a stream of frames, made while it is read, for whoever holds the data folder: the command line writes it where the server's account
 * may not. It is sealed to the recovery kit, so having it is no right to read customers. On record before the first byte leaves, and again when it fails.
 */
export const streamBackup = async (
  { audit, keyring, backups }: Pick<Parts, 'audit' | 'keyring' | 'backups'>,
  actor: Actor | null,
): Promise<Readable> => {
  const entry = { actor: actor ?? systemActor, action: 'backup_create', entity: 'installation' } as const
  await audit.append({ ...entry, outcome: 'done' })
  const { connect, version } = backups
  const failed = (): void => void audit.append({ ...entry, outcome: 'failed' }).catch(() => {})
  return Readable.from(toFrames(produceBackup({ connect, keyring, version }), failed), { objectMode: false })
}
