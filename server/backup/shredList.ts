import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import { type KitView, openKeyringByKit } from '../crypto/openKeyringByKit.ts'
import { isGenuine, keysFile, type Manifest } from './manifest.ts'
import { openSealed } from './openSealed.ts'

/** The table of those who were erased, row by row as the key copy holds it (null where it says \\N), and their numbers. */
export type ShredList = {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
  readonly subjects: readonly number[]
}

/** Opens the keyring at the head of a key copy. Throws `backup_invalid`, `envelope_invalid`, `keyring_invalid` when it is not one for this kit. */
export const readKeyringOf = async (path: string, identity: string): Promise<KitView> => {
  for await (const part of openSealed(identity, createReadStream(path), 'keys')) {
    if (part.kind === 'keyring') return openKeyringByKit(path, part.text, identity)
    break
  }
  throw new AppError('backup_invalid', { problem: 'content', path })
}

/**
 * Reads who was erased from a key copy, which begins with that list; reads no further. Throws `backup_invalid` (manifest_edited) when the manifest beside
 * it is not the installation's, `envelope_invalid` or `keyring_invalid` when it does not open.
 */
export const readShredList = async (folder: string, manifest: Manifest, identity: string): Promise<ShredList> => {
  const path = join(folder, keysFile)
  for await (const part of openSealed(identity, createReadStream(path), 'keys')) {
    if (part.kind === 'keyring') {
      const { id, macKey } = await openKeyringByKit(path, part.text, identity)
      if (id !== manifest.installation || !isGenuine(manifest, macKey))
        throw new AppError('backup_invalid', { problem: 'manifest_edited', path: folder })
      continue
    }
    if (part.kind !== 'table' || part.of.table !== 'tombstone') break
    const { columns } = part.of
    let text = ''
    for await (const bytes of part.rows) text += bytes.toString('utf8')
    // Numbers and times only: nothing in this table needs COPY's escapes.
    const rows = text
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('\t').map((value) => (value === '\\N' ? null : value)))
    return { columns, rows, subjects: rows.map((row) => Number(row[columns.indexOf('subject')])) }
  }
  throw new AppError('backup_invalid', { problem: 'content', path })
}
