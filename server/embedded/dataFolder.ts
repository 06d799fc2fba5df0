import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import { type DataLock, lockDataFolder } from './dataLock.ts'
import { type RunAs, runAs } from './runAs.ts'

/** Version of the data folder's layout. Raised when code of an older release must not touch the folder any more. */
export const dataFormat = 1

/**
 * Makes the data folder ready and takes it for this process: created with mode 0700, or recognised by its `format` file.
 * Throws `data_unreachable` (cannot be made, or `owner` cannot get there), `data_newer` (a later release wrote it),
 * `config_invalid` (a folder full of something else, which must not be taken over by mistake), `data_in_use`.
 */
export async function openDataFolder(dataDir: string, owner: RunAs = {}): Promise<DataLock> {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const found = readFormat(dataDir)
    if (found > dataFormat) throw new AppError('data_newer', { path: dataDir, found: `format ${found}`, supported: `format ${dataFormat}` })
    chmodSync(dataDir, 0o700)
    if (owner.uid !== undefined) chownSync(dataDir, owner.uid, owner.gid ?? owner.uid)
  } catch (error) {
    throw isDenied(error) ? new AppError('data_unreachable', { path: dataDir }, { cause: error }) : error
  }
  const { code } = await runAs('/bin/sh', ['-c', 'cd "$1" && test -w .', 'sh', dataDir], owner)
  if (code !== 0) throw new AppError('data_unreachable', { path: dataDir })
  return lockDataFolder(dataDir, owner)
}

/** The folder's format; a new folder gets the file at once, so that whatever writes here first finds it claimed. */
function readFormat(dataDir: string): number {
  const file = join(dataDir, 'format')
  if (existsSync(file)) return Number.parseInt(readFileSync(file, 'utf8'), 10)
  if (readdirSync(dataDir).length > 0) throw new AppError('config_invalid', { option: 'data', problem: 'foreign_folder', path: dataDir })
  writeFileSync(file, `${dataFormat}\n`, { mode: 0o644 })
  return dataFormat
}

function isDenied(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT'].includes(String(error.code))
  )
}
