import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'
import type { Entity } from '../../domain/catalogue/entity.ts'
import type { WorkerKeys } from '../crypto/broker.ts'
import { openStream, sealStream } from '../crypto/staging.ts'
import { deriveSubkey } from '../crypto/subkey.ts'
import type { Anchor } from './anchor.ts'
import { createIndex, type SearchIndex } from './index/createIndex.ts'
import { fingerprint, restoreSnapshot, type SnapshotMeta, takeSnapshot } from './index/snapshot.ts'

// magic 4 | epoch u32, then a sealed stream (docs/crypto.md): length u32 | JSON head | the snapshot's bytes
const magic = Buffer.from('ANSC')
const LEAD_BYTES = 8
const MOST_HEAD_BYTES = 64 * 1024 * 1024
const PIECE = 256 * 1024
/** Bytes a second that a write beside running requests may take: a disk of a shop's PC has others to serve. */
const PACE = 40 * 1024 * 1024

type Head = { fingerprint: string; anchor: Anchor; snapshot: SnapshotMeta }
type Place = { readonly file: string; readonly entity: Entity; readonly below?: Entity; readonly keys: WorkerKeys }

/**
 * Writes the index sealed under the current epoch (0600, whole or not at all, replacing the old file). `paced`: slowly, beside other work.
 * Fails when `signal` aborts; the old file then stays.
 */
export async function writeCache(
  { file, entity, below, keys }: Place,
  index: SearchIndex,
  anchor: Anchor,
  paced: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { meta, parts, release } = takeSnapshot(index.state)
  const head = Buffer.from(JSON.stringify({ fingerprint: fingerprint(entity, below), anchor, snapshot: meta } satisfies Head))
  const size = Buffer.alloc(4)
  size.writeUInt32BE(head.length)
  const lead = Buffer.concat([magic, Buffer.alloc(4)])
  lead.writeUInt32BE(keys.currentEpoch, 4)
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const out = createWriteStream(temporary, { flags: 'wx', mode: 0o600, flush: true })
    out.write(lead)
    await pipeline(
      Readable.from(inPieces([size, head, ...parts], paced), { objectMode: false }),
      seal(keys, keys.currentEpoch, entity),
      out,
      { signal },
    )
    await rename(temporary, file)
    await syncFolder(dirname(file))
  } catch (error) {
    await unlink(temporary).catch(() => {})
    throw error
  } finally {
    release()
  }
}

/**
 * Returns the index as the file holds it, and where in the log to go on; null when there is no file or any doubt about it: another layout, a destroyed
 * epoch, a changed or missing byte. `isKnown` says whether the log holds the anchor. A file that was refused is removed.
 */
export async function readCache(
  { file, entity, below, keys }: Place,
  isKnown: (anchor: Anchor) => Promise<boolean>,
): Promise<{ index: SearchIndex; anchor: Anchor } | null> {
  const handle = await open(file, 'r').catch(() => null)
  if (!handle) return null
  const lead = Buffer.alloc(LEAD_BYTES)
  await handle.read(lead, 0, LEAD_BYTES, 0).finally(() => handle.close())
  const key = keys.keys.get(`epoch/${lead.readUInt32BE(4)}`)
  if (lead.subarray(0, 4).equals(magic) && key) {
    const plain = openStream(deriveSubkey(key, 'search-cache'), labelOf(entity))
    const whole = pipeline(createReadStream(file, { start: LEAD_BYTES, highWaterMark: PIECE }), plain)
    whole.catch(() => {})
    try {
      const take = byteTaker(plain)
      const head = JSON.parse((await take(Math.min((await take(4)).readUInt32BE(0), MOST_HEAD_BYTES))).toString('utf8')) as Head
      if (head.fingerprint === fingerprint(entity, below) && (await isKnown(head.anchor))) {
        const index = createIndex(entity, below ? { below } : {})
        await restoreSnapshot(index.state, head.snapshot, take)
        // Only now is it known that nothing was cut off (STREAM), nor added.
        if ((await take.rest()) === 0) {
          await whole
          return { index, anchor: head.anchor }
        }
      }
    } catch {
      // Whatever is wrong with a cache has one cure, and the error may quote what it read.
    } finally {
      plain.destroy()
    }
  }
  await discardCache(file)
  return null
}

/** Removes the file, if there is one: it holds somebody who was erased, or cannot be trusted. */
export async function discardCache(file: string): Promise<void> {
  await unlink(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}

const labelOf = (entity: Entity): string => `search/${entity.name}`

function seal(keys: WorkerKeys, epoch: number, entity: Entity): Transform {
  return sealStream(deriveSubkey(keys.keys.get(`epoch/${epoch}`)!, 'search-cache'), labelOf(entity))
}

async function* inPieces(parts: readonly Uint8Array[], paced: boolean): AsyncGenerator<Buffer> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += PIECE) {
      const piece = Buffer.from(part.buffer, part.byteOffset + at, Math.min(PIECE, part.length - at))
      yield piece
      if (paced) await setTimeout((piece.length / PACE) * 1000)
    }
  }
}

type Taker = ((bytes: number) => Promise<Buffer>) & {
  /** Reads to the end and returns how many bytes were left. */ rest(): Promise<number>
}

/** Takes exactly so many bytes at a time from a stream, each time in a buffer of its own. Throws RangeError when the stream ends before. */
function byteTaker(stream: Readable): Taker {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let held = Buffer.alloc(0)
  const take = async (bytes: number): Promise<Buffer> => {
    const out = Buffer.allocUnsafeSlow(bytes)
    for (let at = 0; at < bytes;) {
      if (held.length === 0) {
        const next = await chunks.next()
        if (next.done === true) throw new RangeError('the cache ends early')
        held = next.value as Buffer<ArrayBuffer>
      }
      const piece = held.subarray(0, bytes - at)
      out.set(piece, at)
      at += piece.length
      held = held.subarray(piece.length)
    }
    return out
  }
  const rest = async (): Promise<number> => {
    let left = held.length
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) left += next.value.length
    return left
  }
  return Object.assign(take, { rest })
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
