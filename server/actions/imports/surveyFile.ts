import type { Delimiter, Encoding, Format } from '../../parse/events.ts'
import { parseFile } from '../../parse/parseFile.ts'
import type { Reading } from './readImport.ts'

/** Rows looked at to guess what the columns are. */
const sampled = 300

/** What a first pass over a file finds. */
export type Survey = {
  format: Format
  header: string[]
  headerLine: number | null
  sample: string[][]
  head: { line: number; cells: string[] }[]
  encoding: Encoding | null
  delimiter: Delimiter | null
  sheet: number | null
  sheets: string[]
  rows: number
}

/**
 * Reads a file to its end: so it is readable, and how long it is. Without `format` that is found out. Throws `file_unreadable`, `file_encoding`,
 * `parser_failed`, and what `bytes` throws.
 */
export const surveyFile = async (bytes: AsyncIterable<Uint8Array>, format: Format | null, reading: Reading): Promise<Survey> => {
  const found: Survey = {
    format: format ?? 'csv',
    header: [],
    headerLine: null,
    sample: [],
    head: [],
    encoding: null,
    delimiter: null,
    sheet: null,
    sheets: [],
    rows: 0,
  }
  for await (const event of parseFile({ kind: format ?? 'auto', options: { ...reading, sampleRows: sampled, head: true }, bytes })) {
    if (event.type === 'format') found.format = event.format
    if (event.type === 'head') found.head = event.rows
    if (event.type === 'header') {
      const { columns: header, line: headerLine, encoding, delimiter, sheet = null, sheets = [] } = event
      Object.assign(found, { header, headerLine, encoding, delimiter, sheet, sheets })
    }
    if (event.type === 'rows' && found.sample.length < sampled)
      found.sample.push(...event.rows.slice(0, sampled - found.sample.length).map((row) => row.cells))
    if (event.type === 'rows') found.rows += event.rows.length
    if (event.type === 'counted') found.rows += event.rows
    if (event.type === 'cards') found.rows += event.cards.length
    if (event.type === 'refused') found.rows += 1
  }
  return found
}
