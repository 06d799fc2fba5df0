import { stringify } from 'csv-stringify/sync'
import { neutralise } from '../../domain/export/neutralise.ts'

/** Names the column that holds the watermark; the importer passes over it (domain/import/headerWords.ts). */
const markHeader = { zh: '导出水印', en: 'Export watermark' } as const

const lines = (rows: readonly (readonly string[])[]): string =>
  stringify(
    rows.map((row) => row.map(neutralise)),
    // Half a line end within a cell would end the row for most readers.
    { record_delimiter: '\r\n', quoted_match: /[\r\n]/ },
  )

/**
 * Yields a table as CSV (RFC 4180), in UTF-8 with a BOM, by which Excel knows it. A line of its own would not be a row of the table for any other program,
 * so the watermark stands in a column, in every row: it stays when rows are sorted or copied. Cells that a spreadsheet would calculate are neutralised.
 */
export async function* writeCsv(
  header: readonly string[],
  rows: AsyncIterable<readonly (readonly string[])[]>,
  { watermark, language }: { watermark: string; language: 'zh' | 'en' },
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`\ufeff${lines([[...header, markHeader[language]]])}`, 'utf8')
  for await (const batch of rows) yield Buffer.from(lines(batch.map((row) => [...row, watermark])), 'utf8')
}
