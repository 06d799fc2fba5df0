import { statfsSync } from 'node:fs'
import { AppError } from '../../domain/errors.ts'

/** Below this many free bytes a failed start is put down to the disk: PostgreSQL's next WAL segment needs 16 MiB. */
const littleSpace = 32 * 1024 * 1024

/**
 * Reads what initdb or postgres said when it failed and returns the error that tells the operator what to do. Text of the message is not
 * passed on.
 */
export function classifyFailure(output: string, dataDir: string): AppError {
  if (/No space left on device|Disk quota exceeded/.test(output) || freeBytes(dataDir) < littleSpace)
    return new AppError('disk_full', { path: dataDir })
  if (/database files are incompatible|initialized by PostgreSQL version/.test(output)) {
    return new AppError('data_newer', { path: dataDir, found: 'another PostgreSQL', supported: 'PostgreSQL 18' })
  }
  if (/pre-existing shared memory block|lock file ".*" already exists/.test(output))
    return new AppError('data_in_use', { path: dataDir, pid: null })
  if (/[Pp]ermission denied|invalid permissions|wrong ownership/.test(output)) return new AppError('data_unreachable', { path: dataDir })
  return new AppError('database_unavailable', { problem: 'start_failed', path: dataDir })
}

/** Bytes that an ordinary user may still write at `path`; infinite when that cannot be asked. */
export function freeBytes(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** Fails early, and clearly, where there is no room to run: a start that runs out of disk half-way helps nobody. Throws `disk_full`. */
export function requireSpace(free: number, needed: number, path: string): void {
  if (free < needed) throw new AppError('disk_full', { path })
}
