import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Manifest, readManifest } from './manifest.ts'
import { isBackupName } from './writeBackup.ts'

/** A backup as its manifest describes it; nothing of it is checked yet. */
export type Listed = { readonly name: string; readonly folder: string; readonly bytes: number; readonly manifest: Manifest }

const describe = async (to: string, name: string): Promise<Listed | null> => {
  const folder = join(to, name)
  const manifest = await readManifest(folder).catch(() => null)
  return manifest && { name, folder, manifest, bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0) }
}

/**
 * Returns the backups below a folder, newest first. One without a readable manifest is none. Throws what reading the folder throws: a disk that is not
 * plugged in is not an empty one.
 */
export const listBackups = async (to: string): Promise<Listed[]> => {
  const names = (await readdir(to)).filter((name) => isBackupName(name))
  const found = await Promise.all(names.map((name) => describe(to, name)))
  return found
    .filter((one) => one !== null)
    .toSorted((a, b) => b.manifest.createdAt.localeCompare(a.manifest.createdAt) || b.name.localeCompare(a.name))
}
