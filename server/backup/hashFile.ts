import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { backupProblem, keysFile, type SealedFile } from './manifest.ts'

/** Compares a file with what the manifest says of it. Throws `backup_invalid`: file_missing or key_copy_missing, truncated, damaged, unreadable. */
export const requireSame = async (folder: string, { name, bytes, sha256 }: SealedFile): Promise<void> => {
  const path = join(folder, name)
  const found = await stat(path).catch((error: unknown) => {
    throw backupProblem(name === keysFile ? 'key_copy_missing' : 'file_missing', path, {}, error)
  })
  if (found.size !== bytes) throw backupProblem(found.size < bytes ? 'truncated' : 'damaged', path, { found: found.size, expected: bytes })
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer)
  } catch (error) {
    throw backupProblem('unreadable', path, {}, error)
  }
  if (hash.digest('hex') !== sha256) throw backupProblem('damaged', path)
}
