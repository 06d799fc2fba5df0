import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import { type KitView, openKeyringByKit } from '../crypto/openKeyringByKit.ts'
import { isGenuine, keysFile, type Manifest } from './manifest.ts'
import { openSealed } from './openSealed.ts'

/** Somebody who was erased, as the key tables keep it. Times as PostgreSQL writes them. */
export type Erased = { readonly subject: number; readonly erasedAt: string; readonly completeBy: string }

const columnsOf = ['subject', 'erased_at', 'complete_by']

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
export const readShredList = async (folder: string, manifest: Manifest, identity: string): Promise<Erased[]> => {
  const path = join(folder, keysFile)
  const erased: Erased[] = []
  for await (const part of openSealed(identity, createReadStream(path), 'keys')) {
    if (part.kind === 'keyring') {
      const { id, macKey } = await openKeyringByKit(path, part.text, identity)
      if (id !== manifest.installation || !isGenuine(manifest, macKey))
        throw new AppError('backup_invalid', { problem: 'manifest_edited', path: folder })
    }
    if (part.kind !== 'table') continue
    if (part.of.table !== 'tombstone') return erased
    const at = columnsOf.map((name) => part.of.columns.indexOf(name))
    let text = ''
    for await (const bytes of part.rows) text += bytes.toString('utf8')
    for (const line of text.split('\n').filter(Boolean)) {
      const [subject, erasedAt, completeBy] = at.map((place) => line.split('\t')[place] ?? '')
      erased.push({ subject: Number(subject), erasedAt: erasedAt!, completeBy: completeBy! })
    }
  }
  return erased
}
