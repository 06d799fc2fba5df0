import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import { createFileDurably } from '../crypto/durableFile.ts'
import { rm } from 'node:fs/promises'
import type { Queryable } from '../store/database.ts'
import { readSetting } from '../store/settings.ts'

const markerName = 'restore.unfinished'
const markerOf = (dataDir: string): string => join(dataDir, markerName)

/** Says on disk that this folder is being restored into: from the first touch until all of it stands. */
export const setMarker = (dataDir: string, id: string): Promise<void> => createFileDurably(markerOf(dataDir), `${id}\n`)

export const clearMarker = (dataDir: string): Promise<void> => rm(markerOf(dataDir), { force: true })

/** Whether a restore into this folder has begun and was not heard to end. */
export const isMarked = (dataDir: string): boolean => existsSync(markerOf(dataDir))

/**
 * Refuses to serve what a restore was killed in: the database's part is one commit, the keys are files. Where that commit is there, all the rest is too,
 * and only the marker was left. Throws `restore_refused` (unfinished).
 */
export const requireRestored = async (dataDir: string, database: Queryable): Promise<void> => {
  if (!isMarked(dataDir)) return
  const id = readFileSync(markerOf(dataDir), 'utf8').trim()
  const { rows } = await database.query<{ made: boolean }>("select to_regclass('public.setting') is not null as made")
  const restored = rows[0]?.made ? await readSetting<{ id: string }>(database, 'restored') : null
  if (id === '' || restored?.id !== id) throw new AppError('restore_refused', { problem: 'unfinished', path: dataDir })
  await clearMarker(dataDir)
}
