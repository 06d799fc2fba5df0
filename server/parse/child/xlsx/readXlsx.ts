import type { ParseEvent, ParseOptions } from '../../events.ts'
import { parseLimits } from '../../limits.ts'
import { checkCells } from '../checkRow.ts'
import { openTableOut, type Row } from '../tableOut.ts'
import { type Archive, openArchive, refuseWorkbook } from './openArchive.ts'
import { openWorkbook, type Workbook } from './openWorkbook.ts'
import { sheetRows } from './sheetRows.ts'

/** Files that hold others in the Compound File format (MS-CFB 2.2): Excel before 2007, and workbooks with a password. */
const compound = Buffer.from('d0cf11e0a1b11ae1', 'hex')
/** The stream that an encrypted workbook lies in (MS-OFFCRYPTO 2.3.4.4); names there are UTF-16. */
const encryptedPackage = Buffer.from('EncryptedPackage', 'utf16le')

/**
 * Reads one sheet of an Excel workbook and hands each event to `emit`. A ZIP archive has its directory at the end, so the file is held in memory as it is
 * packed; what comes out of it is not. Throws FileFailure when the file as a whole is unreadable.
 */
export async function readXlsx(
  bytes: AsyncIterable<Uint8Array>,
  options: ParseOptions,
  emit: (event: ParseEvent) => Promise<void>,
): Promise<void> {
  const file = await holdFile(bytes)
  if (file.length === 0) throw refuseWorkbook('empty')
  if (file.subarray(0, 8).equals(compound)) throw refuseWorkbook(file.includes(encryptedPackage) ? 'is_encrypted' : 'is_old_excel')
  const archive = await openArchive(file)
  const workbook = await openWorkbook(archive)
  const sheet = options.sheet ?? (await firstWithData(archive, workbook))
  const chosen = workbook.sheets[sheet]
  if (!chosen) throw refuseWorkbook('empty')
  const out = openTableOut(options, {
    check: checkCells,
    isWide: true,
    header: (line, columns) => ({
      type: 'header',
      line,
      columns,
      encoding: null,
      delimiter: null,
      sheet,
      sheets: workbook.sheets.map(({ name }) => name),
    }),
  })
  for await (const rows of sheetRows(archive, chosen.part, workbook)) {
    await out.take(rows, emit)
    if (out.isFull()) return await emit({ type: 'end', rows: out.passed(), complete: false })
  }
  await out.end(emit)
}

async function holdFile(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let held = 0
  for await (const part of bytes) {
    parts.push(part)
    held += part.length
    if (held > parseLimits.workbook) throw refuseWorkbook('workbook_too_large')
  }
  return Buffer.concat(parts.splice(0), held)
}

/** Returns the first visible sheet with a row beneath its header, else the first with anything in it, else the first. */
async function firstWithData(archive: Archive, workbook: Workbook): Promise<number> {
  const visible = workbook.sheets.flatMap(({ hidden }, i) => (hidden ? [] : [i]))
  let filled: number | null = null
  for (const i of visible) {
    let count = 0
    for await (const rows of sheetRows(archive, workbook.sheets[i]!.part, workbook)) {
      count += rows.filter(hasText).length
      if (count > 1) return i
    }
    if (count > 0) filled ??= i
  }
  return filled ?? visible[0] ?? 0
}

const hasText = ({ cells }: Row): boolean => cells.some((cell) => cell.trim() !== '')
