import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AppError } from '../../../domain/errors.ts'
import { examineBackup } from '../../backup/examineBackup.ts'
import { isMarked } from '../../backup/restoreMarker.ts'
import { dataDirOf, need, optional, secretFrom } from '../arguments.ts'
import { Refusal } from '../refusal.ts'
import { runRestore } from '../runRestore.ts'
import type { Verb } from '../verb.ts'

/** A share as `setup` writes it: 18 groups of four (server/crypto/kitShare.ts). */
const shareLine = /^[0-9A-Za-z]{4}([-\s][0-9A-Za-z]{4}){17}$/

const readShares = (folder: string): { file: string; share: string }[] => {
  try {
    const names = readdirSync(folder).filter((name) => /^share-\d+\.txt$/.test(name))
    return names.toSorted().map((name) => {
      const file = join(folder, name)
      const lines = readFileSync(file, 'utf8').split(/\r?\n/)
      return { file, share: lines.map((line) => line.trim()).find((line) => shareLine.test(line)) ?? '' }
    })
  } catch {
    throw new Refusal('file_unreadable', { file: folder })
  }
}

/** The launcher would give a folder that holds something else a stranger's answer, and only after it has looked at it. */
const requireEmptyFolder = (dataDir: string): void => {
  if (!existsSync(dataDir) || isMarked(dataDir)) return
  const names = readdirSync(dataDir).filter((name) => name !== 'lost+found')
  if (names.length === 0) return
  if (!names.includes('format') || existsSync(join(dataDir, 'keys', 'keyring.json')))
    throw new AppError('restore_refused', { problem: 'not_empty', path: dataDir })
}

export const restore: Verb = {
  usage: 'restore --from DIR --kit-dir DIR [--data DIR] [--passphrase-file FILE]',
  options: ['from', 'kit-dir', 'passphrase-file'],
  run: async (given) => {
    const started = performance.now()
    const path = (name: string): string => resolve(process.env['INIT_CWD'] ?? process.cwd(), need(given, name))
    const [from, kit] = [path('from'), path('kit-dir')]
    const dataDir = dataDirOf(given, process.env)
    const passphrase = optional(given, 'passphrase-file') === undefined ? null : secretFrom(given, 'passphrase-file')
    requireEmptyFolder(dataDir)
    const shares = readShares(kit)
    if (shares.length === 0) throw new AppError('shares_invalid', { problem: 'none', path: kit })
    const { manifest, identity, data, keys, ownKeys, shred, unread } = await examineBackup(
      from,
      shares.map(({ share }) => share),
    ).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'shares_invalid') throw error
      const file = shares[Number(error.details['share']) - 1]?.file ?? kit
      throw new AppError('shares_invalid', { ...error.details, path: file })
    })
    const head = { manifest, identity, shred, ownKeys, keysBytes: keys.bytes, dataBytes: data.bytes, passphrase }
    const restored = await runRestore(given, head, [createReadStream(keys.path), createReadStream(data.path)])
    const seconds = Math.round((performance.now() - started) / 100) / 10
    const value = {
      ...restored,
      data: dataDir,
      backup: data.path,
      warnings: unread.map((folder) => ({ problem: 'shred_list_unread', folder })),
      seconds,
    }
    return {
      value,
      lines: [
        `${restored.company ?? ''}: ${restored.customers} customers as of ${restored.createdAt}, in ${dataDir}`,
        ...unread.map((folder) => `NOT read: who was erased by ${folder}`),
      ],
    }
  },
}
