import { randomUUID } from 'node:crypto'
import { AppError } from '../../../domain/errors.ts'
import { detectColumns } from '../../../domain/import/columns.ts'
import type { ImportField } from '../../../domain/import/headerWords.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { parseFile } from '../../parse/parseFile.ts'
import { insertJob } from '../../store/jobTable.ts'
import type { Parts } from '../parts.ts'
import { columnNames } from './columnNames.ts'
import { type ImportProblem, type ImportSettings, readImport } from './readImport.ts'

/** Rows looked at to guess what the columns are, and shown in the preview. */
const sampled = 300
const previewed = 20

export type Staged = {
  id: string
  columns: { name: string; samples: string[] }[]
  mapping: Record<string, ImportField | null>
  preview: { row: number; values: Record<string, unknown> | null; problems: ImportProblem[] }[]
  encoding: string | null
  rows: number
}

type Survey = { header: string[]; sample: string[][]; encoding: string | null; rows: number }

// A first pass over the whole file: it is readable to the end, and how long it is.
const survey = async (kind: 'csv' | 'vcard', bytes: Uint8Array): Promise<Survey> => {
  const found: Survey = { header: [], sample: [], encoding: null, rows: 0 }
  for await (const event of parseFile({ kind, options: {}, bytes: oneChunk(bytes) })) {
    if (event.type === 'header') Object.assign(found, { header: event.columns, encoding: event.encoding })
    if (event.type === 'rows') {
      found.rows += event.rows.length
      if (found.sample.length < sampled) found.sample.push(...event.rows.slice(0, sampled - found.sample.length).map((row) => row.cells))
    }
    if (event.type === 'cards') found.rows += event.cards.length
    if (event.type === 'refused') found.rows += 1
  }
  return found
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const size = 1 << 18
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

// A refused row is shown as it stands, so that one sees whose it is and what is wrong with it.
const asItStands = ({ fields }: ImportSettings, cells: readonly string[]): Record<string, string> => {
  if (fields === null) return { name: cells.join(' · ') }
  const values: Record<string, string> = {}
  for (const [i, field] of fields.entries()) {
    const text = cells[i]?.slice(0, 200) ?? ''
    if (field && text !== '') values[field] = values[field] === undefined ? text : `${values[field]} ${text}`
  }
  return values
}

const previewOf = async (bytes: Uint8Array, settings: ImportSettings): Promise<Staged['preview']> => {
  const shown: Staged['preview'] = []
  for await (const items of readImport(oneChunk(bytes), settings)) {
    for (const { line, cells, input, problems } of items)
      if (shown.length < previewed) shown.push({ row: line, values: input ?? asItStands(settings, cells), problems: problems ?? [] })
    if (shown.length >= previewed) break
  }
  return shown
}

/**
 * Takes an uploaded list: reads it once to the end, seals it to disk, guesses its columns and returns a preview. Nothing is imported yet.
 * Throws `file_unreadable`, `file_encoding`, `parser_failed`, `disk_full`.
 */
export const stageImport = async (
  parts: Pick<Parts, 'staging' | 'pool'>,
  actor: Actor,
  kind: 'csv' | 'vcard',
  bytes: Uint8Array,
): Promise<Staged> => {
  if (bytes.length === 0) throw new AppError('file_unreadable', { reason: 'empty', line: 1 })
  const { header, sample, encoding, rows } = await survey(kind, bytes)
  const { columns: guesses, headerIsData } = kind === 'csv' ? detectColumns(header, sample) : { columns: [], headerIsData: false }
  const names = columnNames(header, headerIsData)
  const settings: ImportSettings = { kind, fields: kind === 'csv' ? guesses.map((guess) => guess.field) : null, headerIsData }
  const preview = await previewOf(bytes, settings)
  const id = randomUUID()
  const wrapped = await parts.staging.put(id, bytes)
  await insertJob(parts.pool, {
    id,
    kind: 'import',
    state: 'staged',
    total: rows + (headerIsData ? 1 : 0),
    cursor: { wrapped, settings },
    startedBy: actor.staffId,
  })
  const shownRows = headerIsData ? [header, ...sample] : sample
  const columns = names.map((name, i) => ({ name, samples: shownRows.slice(0, 5).map((cells) => (cells[i] ?? '').slice(0, 80)) }))
  return {
    id,
    columns,
    mapping: Object.fromEntries(names.map((name, i) => [name, guesses[i]?.field ?? null])),
    preview,
    encoding,
    rows: rows + (headerIsData ? 1 : 0),
  }
}
