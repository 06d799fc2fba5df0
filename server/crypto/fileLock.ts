import { randomBytes } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { open, readFile, stat, unlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../domain/errors.ts'

/** Who holds a lock. `machine` and `space` say whether `pid` can be judged from here; `started` tells a reused pid. */
type Owner = { token: string; machine: string; space: string; pid: number; started: string }

// A holder works for milliseconds (seconds with a remote root provider); one that cannot be judged from here is given up after this long.
const FOREIGN_STALE_MS = 120_000
const WAIT_MS = 15_000

const tryRead = (read: () => string) => {
  try {
    return read().trim()
  } catch {
    return ''
  }
}
// Field 22 of /proc/PID/stat is the start time; the name in field 2 may hold blanks, so count from its closing bracket.
const startOf = (pid: number) =>
  tryRead(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
    .split(') ')
    .at(-1)
    ?.split(' ')[19] ?? ''
const machine = hostname()
const space = tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')) + tryRead(() => readlinkSync('/proc/self/ns/pid'))

function isAlive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    // EPERM: it lives under another account.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return startOf(owner.pid) === owner.started
}

async function readOwner(path: string): Promise<{ owner: Owner | null; ageMs: number } | null> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)])
    const ageMs = Date.now() - mtimeMs
    try {
      return { owner: JSON.parse(text) as Owner, ageMs }
    } catch {
      return { owner: null, ageMs }
    }
  } catch {
    return null
  }
}

function isStale(seen: { owner: Owner | null; ageMs: number }): boolean {
  const { owner, ageMs } = seen
  if (owner?.machine === machine && owner.space === space) return !isAlive(owner)
  return ageMs > FOREIGN_STALE_MS
}

async function createExclusively(path: string, content: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx', 0o600)
    await handle.writeFile(content).finally(() => handle.close())
    return true
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EEXIST') return false
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new AppError('disk_full', { file: path }, { cause: error })
    throw new AppError('data_unreachable', { file: path }, { cause: error })
  }
}

// Two waiters may both see a dead holder. Only who owns the .break file may remove the lock, and only after looking again:
// else the slower one would remove the lock that the faster one has just taken.
async function removeStale(path: string, seen: { owner: Owner | null }): Promise<void> {
  const breaking = `${path}.break`
  if (!(await createExclusively(breaking, ''))) {
    const left = await stat(breaking).catch(() => null)
    if (left && Date.now() - left.mtimeMs > FOREIGN_STALE_MS) await unlink(breaking).catch(() => {})
    return
  }
  try {
    const again = await readOwner(path)
    if (again && again.owner?.token === seen.owner?.token && isStale(again)) await unlink(path)
  } finally {
    await unlink(breaking)
  }
}

/**
 * Runs `act` while this process alone holds `path` (a file made with O_EXCL, since Node has no flock), and returns its value.
 * The lock of a dead process is taken over; that of another machine or container after two minutes.
 * Throws AppError('busy', { file }) if it cannot be had in 15 s.
 */
export async function withFileLock<T>(path: string, act: () => Promise<T>): Promise<T> {
  const owner: Owner = { token: randomBytes(12).toString('hex'), machine, space, pid: process.pid, started: startOf(process.pid) }
  const giveUpAt = performance.now() + WAIT_MS
  while (!(await createExclusively(path, JSON.stringify(owner)))) {
    const seen = await readOwner(path)
    if (seen && isStale(seen)) await removeStale(path, seen)
    else if (performance.now() > giveUpAt) throw new AppError('busy', { file: path })
    else await sleep(5 + Math.random() * 20)
  }
  try {
    return await act()
  } finally {
    if ((await readOwner(path))?.owner?.token === owner.token) await unlink(path)
  }
}
