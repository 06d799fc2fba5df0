import yauzl, { type Entry, type ZipFile } from 'yauzl'
import type { FileProblem } from '../../../../domain/import/problems.ts'
import { parseLimits } from '../../limits.ts'
import { FileFailure } from '../fileFailure.ts'

/** The parts of a ZIP archive, by name. `read` yields a part's bytes, never more than the limits allow. */
export type Archive = { has(name: string): boolean; read(name: string): AsyncGenerator<Buffer> }

/** Returns the failure of a workbook that cannot be read as a whole. */
export const refuseWorkbook = (reason: FileProblem): FileFailure =>
  new FileFailure({ type: 'failed', code: 'file_unreadable', reason, line: 1 })

/**
 * Opens a ZIP archive that stands in memory, by its directory at the end: what the directory does not name is not there, and what it says of sizes is
 * held against what comes out. Throws FileFailure `workbook_damaged` (cut off, or no ZIP), `unpacks_too_large`, `is_encrypted`.
 */
export async function openArchive(bytes: Buffer): Promise<Archive> {
  const zip = await yauzl.fromBufferPromise(bytes, { lazyEntries: true }).catch(() => {
    throw refuseWorkbook('workbook_damaged')
  })
  if (zip.entryCount > parseLimits.zipEntries) throw refuseWorkbook('unpacks_too_large')
  const entries = await listEntries(zip)
  let unpacked = 0
  for (const entry of entries.values()) unpacked += entry.uncompressedSize
  if (unpacked > parseLimits.unpacked) throw refuseWorkbook('unpacks_too_large')
  return {
    has: (name) => entries.has(partName(name)),
    read: (name) => readEntry(zip, entries.get(partName(name))),
  }
}

/** Names of parts know no capitals and may begin with a slash (ISO/IEC 29500-2, 6.2.2). */
const partName = (name: string): string => name.replace(/^\/+/, '').toLowerCase()

const listEntries = (zip: ZipFile): Promise<Map<string, Entry>> =>
  new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>()
    zip.on('entry', (entry: Entry) => {
      entries.set(partName(entry.fileName), entry)
      zip.readEntry()
    })
    zip.on('end', () => resolve(entries))
    zip.on('error', () => reject(refuseWorkbook('workbook_damaged')))
    zip.readEntry()
  })

async function* readEntry(zip: ZipFile, entry: Entry | undefined): AsyncGenerator<Buffer> {
  if (!entry) throw refuseWorkbook('workbook_damaged')
  if ((entry.generalPurposeBitFlag & 1) === 1) throw refuseWorkbook('is_encrypted')
  if (isBomb(entry.uncompressedSize, entry.compressedSize)) throw refuseWorkbook('unpacks_too_large')
  try {
    // Fails when more comes out than the directory says (yauzl's `validateEntrySizes`).
    for await (const chunk of await zip.openReadStreamPromise(entry)) yield chunk as Buffer
  } catch {
    throw refuseWorkbook('workbook_damaged')
  }
}

/** A sheet of text shrinks to a tenth, one that repeats itself to a fiftieth; 1,032 is the most that deflate can do (zlib manual). */
function isBomb(unpacked: number, packed: number): boolean {
  return unpacked > parseLimits.unpackedSurely && unpacked > packed * parseLimits.shrunk
}
