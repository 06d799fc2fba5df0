import { stat } from 'node:fs/promises'
import { AppError } from '../../domain/errors.ts'
import { noteBackup } from '../backup/lastBackup.ts'
import type { Piece } from '../backup/piece.ts'
import { produceBackup } from '../backup/produceBackup.ts'
import { writeBackup } from '../backup/writeBackup.ts'
import { advanceJob } from '../store/jobTable.ts'
import { Stopped, type Task } from './job.ts'

// Made anew below an empty mount point, the folder of a disk that is not plugged in would lie on the disk it is to be kept apart from.
const requireThere = async (folder: string): Promise<void> => {
  const isThere = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isThere) throw new AppError('backup_failed', { problem: 'unreachable' })
}

/** Milliseconds between two notes of how far it is. */
const noteEvery = 1_000

/**
 * Writes a backup into the configured folder. Interrupted, it begins anew: a snapshot cannot be taken up again. A failure is on record; a stop by somebody
 * is not one. Throws `backup_failed`, `config_invalid`, `Stopped`, and what reading throws.
 */
export const backup = async ({ parts, job, actor, signal }: Task): Promise<void> => {
  const { pool, keyring, audit, backups } = parts
  const { folder, connect, version } = backups
  if (folder === null) throw new AppError('config_invalid', { option: 'ANECHOIC_BACKUPS', problem: 'no_backup_folder' })
  let noted = job.done
  let seen = { done: 0, total: 0 }
  const note = async (result?: object): Promise<void> => {
    // Rows go by while the database answers.
    const { done, total } = seen
    if (!(await advanceJob(pool, job.id, { from: noted, done, total, ...(result ? { result } : {}) }))) throw new Stopped()
    noted = done
  }
  async function* watched(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece> {
    let next = performance.now()
    for await (const piece of pieces) {
      signal.throwIfAborted()
      if (performance.now() >= next) {
        await note()
        next = performance.now() + noteEvery
      }
      yield piece
    }
  }
  try {
    await requireThere(folder)
    const onRows = (done: number, total: number): void => void (seen = { done, total })
    const written = await writeBackup(folder, watched(produceBackup({ connect, keyring, version }, { onRows })))
    const { name, bytes, manifest } = written
    await noteBackup(pool, { at: manifest.createdAt, name, folder, bytes })
    await note({ bytes })
  } catch (error) {
    if (error instanceof AppError && error.code === 'backup_failed')
      await audit.append({ actor, action: 'backup_create', entity: 'installation', ids: [job.id], outcome: 'failed' })
    throw error
  }
}
