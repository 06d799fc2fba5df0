import { randomUUID } from 'node:crypto'
import { AppError } from '../../../domain/errors.ts'
import { detectColumns } from '../../../domain/import/columns.ts'
import type { ImportField } from '../../../domain/import/headerWords.ts'
import { readableCell } from '../../../domain/import/uncachedFormula.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { cutCodePoints } from '../../../domain/text/normalise.ts'
import type { Delimiter, Encoding, Format } from '../../parse/events.ts'
import { insertJob, restageJob } from '../../store/jobTable.ts'
import type { Parts } from '../parts.ts'
import { columnNames } from './columnNames.ts'
import { mappedFields } from './mappedFields.ts'
import { type Preview, previewRows } from './previewRows.ts'
import type { ImportSettings, Reading } from './readImport.ts'
import { stagedImportOf } from './stagedImportOf.ts'
import { surveyFile } from './surveyFile.ts'

/** A list that waits to be started: how it was read, its columns and what they were taken for, and what its first rows would become. */
export type Staged = Preview & {
  id: string
  format: Format
  columns: { name: string; samples: string[] }[]
  mapping: Record<string, ImportField | null>
  encoding: Encoding | null
  delimiter: Delimiter | null
  /** Of a workbook: the names of its sheets, and which one is read. */
  sheets: string[]
  sheet: number | null
  headerLine: number | null
  /** The first rows as they stand, for whoever says that another of them is the header. */
  head: { line: number; cells: string[] }[]
  rows: number
}

type StagingParts = Pick<Parts, 'staging' | 'pool'>
type Read = { settings: ImportSettings; staged: Omit<Staged, 'id'> }

const readStaged = async (
  { staging }: StagingParts,
  id: string,
  wrapped: string,
  format: Format | null,
  reading: Reading,
): Promise<Read> => {
  const { header, sample, head, rows, ...facts } = await surveyFile(await staging.read(id, wrapped), format, reading)
  const isTable = facts.format !== 'vcard'
  const { columns: guesses, headerIsData } = isTable ? detectColumns(header, sample) : { columns: [], headerIsData: false }
  const names = columnNames(header, headerIsData)
  // Pinned where it was found: later passes need not look for it again.
  const sheet = facts.sheet === null ? {} : { sheet: facts.sheet }
  const settings: ImportSettings = {
    kind: facts.format,
    reading: { ...reading, ...sheet },
    fields: isTable ? guesses.map((guess) => guess.field) : null,
    headerIsData,
  }
  const shownRows = headerIsData ? [header, ...sample] : sample
  const preview = await previewRows(await staging.read(id, wrapped), settings)
  return {
    settings,
    staged: {
      ...facts,
      ...preview,
      columns: names.map((name, i) => ({
        name,
        samples: shownRows
          .map((cells) => cutCodePoints(readableCell(cells[i] ?? '').trim(), 80))
          .filter((text) => text !== '')
          .slice(0, 5),
      })),
      mapping: Object.fromEntries(names.map((name, i) => [name, guesses[i]?.field ?? null])),
      head: head.map(({ line, cells }) => ({ line, cells: cells.map(readableCell) })),
      rows: rows + (headerIsData ? 1 : 0),
    },
  }
}

/**
 * Takes an uploaded list as it comes in: seals it to disk, reads it once to the end, guesses its columns and returns a preview. Nothing is imported yet.
 * Throws `file_unreadable`, `file_encoding`, `parser_failed`, `disk_full`, and what `bytes` throws; nothing stays on disk then.
 */
export const stageImport = async (
  parts: StagingParts,
  actor: Actor,
  { format, ...reading }: { format: Format | null; encoding?: Encoding },
  bytes: AsyncIterable<Uint8Array>,
): Promise<Staged> => {
  const id = randomUUID()
  const wrapped = await parts.staging.put(id, bytes)
  try {
    const { settings, staged } = await readStaged(parts, id, wrapped, format, reading)
    await insertJob(parts.pool, {
      id,
      kind: 'import',
      state: 'staged',
      total: staged.rows,
      cursor: { wrapped, settings },
      startedBy: actor.staffId,
    })
    return { id, ...staged }
  } catch (error) {
    await parts.staging.remove(id)
    throw error
  }
}

/**
 * Reads a staged list again as somebody says it is to be read: another sheet, header, encoding or delimiter. Throws `not_found`, `staging_expired`,
 * `input_invalid` once it was started, and what reading throws; the list stays as it was read before then.
 */
export const rereadImport = async (parts: StagingParts, actor: Actor, id: string, reading: Reading): Promise<Staged> => {
  const { wrapped, settings } = await stagedImportOf(parts, actor, id)
  const read = await readStaged(parts, id, wrapped, settings.kind, reading)
  if (!(await restageJob(parts.pool, id, { total: read.staged.rows, cursor: { wrapped, settings: read.settings } })))
    throw new AppError('input_invalid', { problem: 'started' })
  return { id, ...read.staged }
}

/** Returns what the first rows of a staged list would become with these columns. Throws as `rereadImport` does, and `input_invalid` for columns it has not. */
export const previewImport = async (
  parts: StagingParts,
  actor: Actor,
  id: string,
  mapping: Readonly<Record<string, string | null>>,
): Promise<Preview> => {
  const { wrapped, settings } = await stagedImportOf(parts, actor, id)
  const fields = await mappedFields(parts, id, wrapped, settings, mapping)
  return previewRows(await parts.staging.read(id, wrapped), { ...settings, fields })
}
