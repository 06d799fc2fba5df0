import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../domain/errors.ts'

function explain(file: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('disk_full', { file }, { cause: error })
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return new AppError('data_unreachable', { file }, { cause: error })
  return error
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function writeTemporary(file: string, content: Uint8Array | string): Promise<string> {
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`
  const handle = await open(temporary, 'wx', 0o600)
  try {
    await handle.writeFile(content)
    if (process.getuid?.() === 0) {
      // Root at the command line must not take the file away from the account the server runs as.
      const owner = await stat(file).catch(() => stat(dirname(file)))
      await handle.chown(owner.uid, owner.gid)
    }
    await handle.sync()
  } catch (error) {
    await unlink(temporary).catch(() => {})
    throw error
  } finally {
    await handle.close()
  }
  return temporary
}

async function overwrite(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat()
  await handle.write(Buffer.alloc(size), 0, size, 0)
  await handle.sync()
}

/**
 * Overwrites and removes the temporary files that killed writers of `file` (or of `file`.previous) left.
 * Only for who holds the file's lock: a living writer's would go too.
 */
export async function removeTemporaries(file: string): Promise<void> {
  const folder = dirname(file)
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${basename(file)}.`) || !/\.\d+\.[0-9a-f]{8}\.tmp$/.test(name)) continue
    const handle = await open(join(folder, name), 'r+')
    await overwrite(handle).finally(() => handle.close())
    await unlink(join(folder, name))
  }
}

/**
 * Creates `file` (0600, its folder 0700 if missing) whole and on disk, or not at all.
 * Throws EEXIST if it is there already, AppError('disk_full') or AppError('data_unreachable').
 */
export async function createFileDurably(file: string, content: Uint8Array | string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const temporary = await writeTemporary(file, content)
    // link() refuses an existing name, rename() would replace it.
    await link(temporary, file).finally(() => unlink(temporary))
    await syncFolder(dirname(file))
  } catch (error) {
    throw explain(file, error)
  }
}

/**
 * Replaces `file` (0600): a reader and a power cut find either the old or the new content, whole.
 * `wipe` also overwrites the old content with zeros, as far as the disk lets us (not on copy-on-write file systems and SSD spare blocks).
 */
export async function replaceFileDurably(file: string, content: Uint8Array | string, options: { wipe?: boolean } = {}): Promise<void> {
  try {
    const old = options.wipe ? await open(file, 'r+').catch(() => null) : null
    try {
      await rename(await writeTemporary(file, content), file)
      await syncFolder(dirname(file))
      // A second name means that somebody keeps a hard-linked copy: not ours to destroy.
      if (old && (await old.stat()).nlink === 0) await overwrite(old)
    } finally {
      await old?.close()
    }
  } catch (error) {
    throw explain(file, error)
  }
}
