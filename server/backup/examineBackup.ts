import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { kitIdOfIdentity, type KitView } from '../crypto/openKeyringByKit.ts'
import { combineShares } from '../crypto/recoveryKit.ts'
import { readMigrations } from '../store/migrate.ts'
import { schemaOf } from '../store/snapshot.ts'
import { requireSame } from './hashFile.ts'
import { listBackups, type Listed } from './listBackups.ts'
import { backupProblem, dataFile, isGenuine, keysFile, type Manifest, manifestFile, readManifest, type SealedFile } from './manifest.ts'
import { readKeyringOf, readShredList, type ShredList } from './shredList.ts'
import { isBackupName } from './writeBackup.ts'

/** A backup that was looked at and found whole: what a restore needs, and nothing was touched. */
export type Examined = {
  readonly manifest: Manifest
  /** The kit's identity: whoever has it opens everything. */
  readonly identity: string
  readonly data: { readonly path: string } & SealedFile
  readonly keys: { readonly path: string } & SealedFile
  /** Whether the key copy is this backup's own; else a later one goes with it. */
  readonly ownKeys: boolean
  /** Who was erased, by the newest backup beside this one; null where there is none newer. */
  readonly shred: ShredList | null
  /** Newer backups beside it whose shred list could not be read: erasures may be missing. */
  readonly unread: readonly string[]
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** The backup's own folder: `from` itself, or the newest below it. */
const folderOf = async (from: string): Promise<string> => {
  if (await isThere(join(from, manifestFile))) return from
  if (isBackupName(basename(from))) return from
  const names = await readdir(from).catch((error: unknown) => {
    throw backupProblem('no_folder', from, {}, error)
  })
  const newest = names
    .filter((name) => isBackupName(name))
    .toSorted()
    .at(-1)
  if (newest === undefined) throw backupProblem('none', from)
  return join(from, newest)
}

/** Throws `backup_invalid` (newer_migrations, other_schema) unless this code can make the tables that the backup fills. */
const requireKnownSchema = (manifest: Manifest, folder: string): void => {
  const migrations = readMigrations()
  const { migration, schema } = manifest
  if (migration > migrations.length)
    throw backupProblem('newer_migrations', folder, { found: migration, supported: migrations.length, product: manifest.product })
  if (schemaOf(migrations.slice(0, migration)).schemaHash !== schema)
    throw backupProblem('other_schema', folder, { product: manifest.product })
}

/** The key copy that goes with the data: its own, else the newest one taken later; a data key outlives the epochs that wrap it (DESIGN 4). */
const keyCopyOf = async (own: Listed, newer: readonly Listed[]): Promise<Listed> => {
  for (const one of [own, ...newer]) if (await isThere(join(one.folder, keysFile))) return one
  throw backupProblem('key_copy_missing', join(own.folder, keysFile))
}

const fileOf = ({ folder, manifest }: Listed, name: string): SealedFile & { path: string } => {
  const file = manifest.files.find((one) => one.name === name)
  if (!file) throw backupProblem('manifest', join(folder, manifestFile))
  return { ...file, path: join(folder, name) }
}

/** Opens the head of a key copy. One that does not open is damaged or sealed by somebody else; the hash says which. */
const openCopy = async (copy: Listed, identity: string): Promise<KitView> => {
  const path = join(copy.folder, keysFile)
  try {
    return await readKeyringOf(path, identity)
  } catch (error) {
    await requireSame(copy.folder, fileOf(copy, keysFile))
    throw backupProblem('unsealable', path, {}, error)
  }
}

const requireGenuine = ({ folder, manifest }: Listed, { id, macKey }: KitView): void => {
  if (id !== manifest.installation || !isGenuine(manifest, macKey)) throw backupProblem('manifest_edited', join(folder, manifestFile))
}

const laterOf = async (own: Listed): Promise<Listed[]> => {
  const beside = await listBackups(dirname(own.folder)).catch(() => [])
  const { installation, createdAt } = own.manifest
  return beside.filter((one) => one.manifest.installation === installation && one.manifest.createdAt > createdAt)
}

/**
 * Looks at a backup (`from` is its folder, or one that holds several: then the newest) with the shares of the kit, reads every byte of it and compares
 * hashes, and returns what a restore needs. Touches nothing. Throws `shares_invalid`, and `backup_invalid` naming the file: no_folder, none, no_manifest,
 * manifest, newer_format, newer_migrations, other_schema, other_kit, key_copy_missing, manifest_edited, file_missing, truncated, damaged, unsealable.
 */
export const examineBackup = async (from: string, shares: readonly string[]): Promise<Examined> => {
  const folder = await folderOf(from)
  const manifest = await readManifest(folder)
  requireKnownSchema(manifest, folder)
  const identity = await combineShares(shares)
  const kit = await kitIdOfIdentity(identity)
  if (kit !== manifest.kit) throw backupProblem('other_kit', folder, { kit: manifest.kit, given: kit })
  const own: Listed = { name: basename(folder), folder, manifest, bytes: 0 }
  const later = await laterOf(own)
  const copy = await keyCopyOf(own, later)
  // One keyring, one mac/1: it speaks for both manifests, also where the key copy is a later one.
  const keyring = await openCopy(copy, identity)
  for (const one of new Set([copy, own])) requireGenuine(one, keyring)
  const [data, keys] = [fileOf(own, dataFile), fileOf(copy, keysFile)]
  await requireSame(copy.folder, keys)
  await requireSame(folder, data)
  const unread: string[] = []
  let shred: ShredList | null = null
  for (const one of later) {
    // Nobody leaves the list again: the newest one that can be read holds all that the others do.
    shred = await readShredList(one.folder, one.manifest, identity).catch(() => null)
    if (shred) break
    unread.push(one.folder)
  }
  return { manifest, identity, data, keys, ownKeys: copy === own, shred, unread }
}
