import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import { withFileLock } from '../crypto/fileLock.ts'
import { type Manifest, manifestFile, parseManifest } from './manifest.ts'
import type { Piece } from './piece.ts'

/** What an unfinished backup's folder is called after its name; it never looks like a whole one. */
export const partialSuffix = '.partial'
const lockName = '.backup.lock'

export type Written = { readonly name: string; readonly folder: string; readonly bytes: number; readonly manifest: Manifest }

/** Returns the folder's name for a moment: UTC to the second, without the colons that some file systems refuse. */
export const backupName = (at: Date): string => at.toISOString().slice(0, 19).replaceAll(':', '-') + 'Z'

const problemOf: Readonly<Record<string, string>> = {
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full',
  EACCES: 'not_writable',
  EPERM: 'not_writable',
  EROFS: 'not_writable',
  ENOTDIR: 'not_writable',
  EEXIST: 'not_writable',
  ENOENT: 'not_writable',
}

const explain = (error: unknown, path: string): unknown => {
  if (error instanceof AppError && error.code === 'disk_full') return new AppError('backup_failed', { problem: 'disk_full', path })
  if (error instanceof AppError && error.code === 'data_unreachable')
    return new AppError('backup_failed', { problem: 'not_writable', path })
  if (error instanceof AppError) return error
  const code = String((error as { code?: unknown }).code ?? '')
  if (!/^E[A-Z0-9]+$/.test(code)) return error
  return new AppError('backup_failed', { problem: problemOf[code] ?? 'disk', path, code }, { cause: error })
}

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

/** Writes everything before the manifest, each file on disk before the next begins; returns the manifest's text and the bytes written. */
const writeFiles = async (folder: string, pieces: AsyncIterable<Piece>): Promise<{ text: string; bytes: number }> => {
  let current = null as { name: string; handle: FileHandle } | null
  let text = ''
  let bytes = 0
  const finish = async (): Promise<void> => {
    await current?.handle.sync()
    await current?.handle.close()
    current = null
  }
  try {
    for await (const piece of pieces) {
      if (piece.file === manifestFile) {
        text += piece.bytes.toString('utf8')
        continue
      }
      if (!/^[a-z]+\.age$/.test(piece.file)) throw new AppError('internal', { problem: 'file of a backup' })
      if (current?.name !== piece.file) {
        await finish()
        current = { name: piece.file, handle: await open(join(folder, piece.file), 'wx', 0o600) }
      }
      await current.handle.write(piece.bytes)
      bytes += piece.bytes.length
    }
    await finish()
  } finally {
    await current?.handle.close().catch(() => {})
  }
  return { text, bytes }
}

const writeManifest = async (folder: string, text: string): Promise<void> => {
  const handle = await open(join(folder, manifestFile), 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

const freeName = async (to: string, at: Date): Promise<string> => {
  const name = backupName(at)
  for (let n = 1; ; n += 1) {
    const candidate = n === 1 ? name : `${name}-${n}`
    if (!(await exists(join(to, candidate)))) return candidate
  }
}

const removePartials = async (to: string): Promise<void> => {
  for (const name of await readdir(to)) if (isBackupName(name, partialSuffix)) await rm(join(to, name), { recursive: true, force: true })
}

/** Whether a folder's name is one that a backup gets (with `suffix` behind it): nothing else in the folder is ever touched. */
export const isBackupName = (name: string, suffix = ''): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(-\d+)?$/.test(suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : suffix ? '' : name)

/**
 * Writes a backup into a folder of its own below `to`, and returns it once all of it is on disk. The folder is called `.partial` until then, and the
 * manifest comes last, so that one cut short never looks whole; what such a one left is removed first. One at a time per folder (`busy`).
 * Throws `backup_failed` (disk_full, not_writable, disk), `backup_invalid` when what came was cut short, or what reading `pieces` throws.
 */
export const writeBackup = async (to: string, pieces: AsyncIterable<Piece>, now = new Date()): Promise<Written> => {
  try {
    await mkdir(to, { recursive: true, mode: 0o700 })
    return await withFileLock(join(to, lockName), async () => {
      await removePartials(to)
      const name = await freeName(to, now)
      const partial = join(to, `${name}${partialSuffix}`)
      await mkdir(partial, { mode: 0o700 })
      try {
        const { text, bytes } = await writeFiles(partial, pieces)
        const manifest = parseManifest(text, join(partial, manifestFile))
        await syncFolder(partial)
        await writeManifest(partial, text)
        await syncFolder(partial)
        await rename(partial, join(to, name))
        await syncFolder(to)
        return { name, folder: join(to, name), bytes: bytes + Buffer.byteLength(text), manifest }
      } catch (error) {
        await rm(partial, { recursive: true, force: true }).catch(() => {})
        throw error
      }
    })
  } catch (error) {
    throw explain(error, to)
  }
}
