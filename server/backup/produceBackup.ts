import { createHash } from 'node:crypto'
import { pipeline, Readable } from 'node:stream'
import { constants, createZstdCompress } from 'node:zlib'
import type pg from 'pg'
import { AppError } from '../../domain/errors.ts'
import type { Keyring } from '../crypto/keyring.ts'
import { readKeyringFile } from '../crypto/keyringFile.ts'
import { kitIdOf } from '../crypto/kitShare.ts'
import { sealToKit } from '../crypto/sealToKit.ts'
import { databaseError } from '../store/databaseError.ts'
import { openSnapshot, type Snapshot } from '../store/snapshot.ts'
import { dump, dumpLine, keyringMark } from './dump.ts'
import { backupFormat, dataFile, formatManifest, keysFile, manifestFile, type SealedFile, sealManifest } from './manifest.ts'
import type { Piece } from './piece.ts'

export type Source = {
  readonly connect: (name: string) => Promise<pg.Client>
  readonly keyring: Keyring
  /** Version of the product. */
  readonly version: string
}

export type Watch = {
  /** Told how many rows are through, of how many. */
  readonly onRows?: (done: number, total: number) => void
}

/** Most looks at a keyring that keeps changing; each change takes a job of seconds at least. */
const mostLooks = 5

/** A snapshot and the keyring of the same moment: read before and after, and unchanged between. Throws `busy` while keys are being turned over. */
const openBoth = async ({ connect, keyring }: Source): Promise<{ snapshot: Snapshot; keyringText: string; takenAt: Date }> => {
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const before = await readKeyringFile(keyring.file)
    const takenAt = new Date()
    const snapshot = await openSnapshot(connect)
    const after = await readKeyringFile(keyring.file).catch((error: unknown) => {
      snapshot.close()
      throw error
    })
    if (before.text === after.text) return { snapshot, keyringText: after.text, takenAt }
    snapshot.close()
  }
  throw new AppError('busy', { job: 'rotateEpoch' })
}

async function* seal(
  recipient: string,
  name: string,
  plain: AsyncIterable<Buffer>,
  done: (file: SealedFile) => void,
): AsyncGenerator<Piece> {
  const hash = createHash('sha256')
  let bytes = 0
  // Bytea comes as hex: zstd takes that back, as fast as the database sends it.
  const packed = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 } })
  let broke: unknown
  pipeline(Readable.from(plain, { objectMode: false }), packed, (error) => (broke = error))
  try {
    for await (const chunk of sealToKit(recipient, packed)) {
      hash.update(chunk)
      bytes += chunk.length
      yield { file: name, bytes: chunk }
    }
  } catch (error) {
    throw broke ?? error
  } finally {
    packed.destroy()
  }
  done({ name, bytes, sha256: hash.digest('hex') })
}

/**
 * Yields a backup of the whole installation at one moment, sealed to the recovery kit as it is read: the key copy (key tables and keyring), the data,
 * the manifest. Bounded in memory whatever the size. Throws `busy`, `key_unavailable`, `database_unavailable`; what came before is then worth nothing.
 */
export async function* produceBackup(source: Source, { onRows = () => {} }: Watch = {}): AsyncGenerator<Piece> {
  const { keyring, version } = source
  const macKey = await keyring.key('mac/1')
  const { snapshot, keyringText, takenAt } = await openBoth(source)
  try {
    const recipient = keyring.recoveryRecipient
    const total = snapshot.tables.reduce((sum, { rows }) => sum + rows, 0)
    let done = 0
    const count = (rows: number): void => onRows((done += rows), total)
    const keyTables = snapshot.tables.filter(({ schema }) => schema === 'keys')
    // The shred list first: a restore of an older backup reads no further than that.
    const keys = keyTables.toSorted((a, b) => Number(b.table === 'tombstone') - Number(a.table === 'tombstone'))
    const data = snapshot.tables.filter(({ schema }) => schema !== 'keys')
    const files: SealedFile[] = []
    const keyring64 = Buffer.from(keyringText).toString('base64')
    const inKeys = dump(snapshot, keys, [dumpLine('keys'), `${keyringMark}${keyring64}`], count)
    yield* seal(recipient, keysFile, inKeys, (file) => files.push(file))
    yield* seal(recipient, dataFile, dump(snapshot, data, [dumpLine('data')], count), (file) => files.push(file))
    const manifest = sealManifest(
      {
        format: `anechoic-backup/${backupFormat}`,
        product: version,
        migration: snapshot.migration,
        schema: snapshot.schemaHash,
        createdAt: takenAt.toISOString(),
        installation: keyring.id,
        kit: kitIdOf(recipient),
        postgres: snapshot.serverVersion,
        files,
        tables: Object.fromEntries(snapshot.tables.map(({ schema, table, rows }) => [`${schema}.${table}`, rows])),
        audit: snapshot.auditSize,
      },
      macKey,
    )
    yield { file: manifestFile, bytes: Buffer.from(formatManifest(manifest)) }
  } catch (error) {
    throw databaseError(error)
  } finally {
    snapshot.close()
  }
}
