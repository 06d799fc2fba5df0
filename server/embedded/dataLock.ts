import { chownSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../domain/errors.ts'
import type { RunAs } from './runAs.ts'

/** A held lock; `release` gives it back. Should the process die instead, the kernel does. */
export type DataLock = { release: () => void }

/** An instance whose launcher was just killed needs a moment to stop: so long a second one waits before it refuses, in milliseconds. */
const patience = 2_500

/**
 * Takes the data folder for this process alone. The lock is a file lock of the kernel, taken through SQLite because Node has no call for
 * it:
 * it cannot go stale, needs no guess whether a process id was used again, and also holds between containers sharing the folder.
 * Throws `data_in_use` with the holder's process id when another instance keeps it.
 */
export async function lockDataFolder(dataDir: string, owner: RunAs = {}, waitMs = patience): Promise<DataLock> {
  const file = join(dataDir, 'instance.lock')
  const holder = join(dataDir, 'instance.json')
  const lock = new DatabaseSync(file)
  const deadline = Date.now() + waitMs
  for (;;) {
    try {
      lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
      break
    } catch (error) {
      if (!isBusy(error) || Date.now() >= deadline) {
        lock.close()
        throw isBusy(error) ? new AppError('data_in_use', { path: dataDir, pid: readHolder(holder) }) : error
      }
      await sleep(100)
    }
  }
  writeFileSync(holder, JSON.stringify({ pid: process.pid, since: new Date().toISOString() }), { mode: 0o600 })
  if (owner.uid !== undefined) for (const path of [file, holder]) chownSync(path, owner.uid, owner.gid ?? owner.uid)
  return { release: () => lock.close() }
}

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5
}

function readHolder(file: string): number | null {
  try {
    const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { pid?: unknown }
    return typeof pid === 'number' ? pid : null
  } catch {
    return null // the holder has the lock but has not written yet
  }
}
