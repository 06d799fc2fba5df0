import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { insertJob, isUnderWay } from '../../store/jobTable.ts'
import type { Parts } from '../parts.ts'

/**
 * Starts a backup into the configured folder, as a job, and returns the job's id. Throws `busy` while one runs, and `config_invalid` (no_backup_folder)
 * where no folder is configured.
 */
export const startBackup = async (
  { pool, audit, startJob, backups }: Pick<Parts, 'pool' | 'audit' | 'startJob' | 'backups'>,
  actor: Actor,
): Promise<{ id: string }> => {
  if (backups.folder === null) throw new AppError('config_invalid', { option: 'ANECHOIC_BACKUPS', problem: 'no_backup_folder' })
  if (await isUnderWay(pool, 'backup')) throw new AppError('busy', { job: 'backup' })
  const id = await insertJob(pool, { kind: 'backup', state: 'queued', startedBy: actor.staffId })
  // On record before anything is read; the backup itself then holds this entry.
  await audit.append({ actor, action: 'backup_create', entity: 'installation', ids: [id], outcome: 'done' })
  await startJob(id)
  return { id }
}
