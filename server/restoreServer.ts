import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { AppError } from '../domain/errors.ts'
import type { RestoreHead } from './backup/restoreHead.ts'
import { type Restored, restoreBackup } from './backup/restoreBackup.ts'
import type { Config } from './config.ts'
import { keyFileProvider } from './crypto/providers/keyFileProvider.ts'
import { newPassphraseParams, passphraseProvider } from './crypto/providers/passphraseProvider.ts'
import type { RootProvider } from './crypto/providers/rootProvider.ts'
import { connectExternal } from './embedded/external.ts'
import { startEmbeddedPostgres } from './embedded/postgres.ts'

const mostHead = 64 * 1024 * 1024

/** Cuts a stream into its first line and sections of known lengths, to be read one after another. Throws `backup_failed` (cut) when it ends early. */
const sections = (input: AsyncIterable<Buffer>) => {
  const chunks = input[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  const more = async (): Promise<void> => {
    const next = await chunks.next()
    if (next.done === true) throw new AppError('backup_failed', { problem: 'cut' })
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value])
  }
  const line = async (): Promise<string> => {
    for (;;) {
      const at = held.indexOf(10)
      if (at >= 0) {
        const text = held.toString('utf8', 0, at)
        held = held.subarray(at + 1)
        return text
      }
      if (held.length > mostHead) throw new AppError('backup_failed', { problem: 'cut' })
      await more()
    }
  }
  async function* bytes(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0;) {
      if (held.length === 0) await more()
      const part = held.subarray(0, left)
      held = held.subarray(part.length)
      left -= part.length
      yield part
    }
  }
  return { line, section: (count: number) => Readable.from(bytes(count), { objectMode: false }) }
}

const makeProvider = async (config: Config, passphrase: string | null): Promise<RootProvider> => {
  const keys = join(config.dataDir, 'keys')
  if (config.keyProvider === 'file') return keyFileProvider(join(keys, 'root.key'), { create: true, keyring: join(keys, 'keyring.json') })
  if (passphrase === null) throw new AppError('restore_refused', { problem: 'passphrase_needed' })
  return passphraseProvider(passphrase, newPassphraseParams())
}

/** Whether nobody has kept anything in the folder yet: what a failed restore leaves in it may go again, to the last file. */
const isFresh = (dataDir: string): boolean =>
  !existsSync(dataDir) || readdirSync(dataDir).every((name) => name === 'format' || name === 'lost+found')

/**
 * Restores what comes in on a stream (`restoreHead.ts`) onto the configured empty data folder and database, and stops the database again. Whatever goes
 * wrong, a folder that was empty is empty again. Throws as `restoreBackup` and the start of the database do.
 */
export const restoreServer = async (config: Config, input: AsyncIterable<Buffer>): Promise<Restored> => {
  const { dataDir, databaseUrl, runtimeDatabaseUrl } = config
  const { line, section } = sections(input)
  const head = JSON.parse(await line()) as RestoreHead
  const fresh = isFresh(dataDir)
  const empty = (): void => {
    for (const name of readdirSync(dataDir)) if (name !== 'lost+found') rmSync(join(dataDir, name), { recursive: true, force: true })
  }
  const database =
    databaseUrl === null ? await startEmbeddedPostgres({ dataDir }) : await connectExternal({ databaseUrl, runtimeDatabaseUrl, dataDir })
  try {
    const { ownerUrl, runtimeRole } = database
    const restored = await restoreBackup(
      { dataDir, ownerUrl, runtimeRole, createProvider: () => makeProvider(config, head.passphrase) },
      { ...head, keys: section(head.keysBytes), data: section(head.dataBytes) },
    )
    await database.stop()
    return restored
  } catch (error) {
    await database.stop()
    if (fresh && !(error instanceof AppError && error.details['outcome'] === 'unknown')) empty()
    throw error
  }
}
