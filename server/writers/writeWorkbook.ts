import { writeXlsxStream } from 'hucre/xlsx'
import { neutralise } from '../../domain/export/neutralise.ts'

// Own choice: wide enough for what most cells hold, narrow enough that a page shows most columns.
const width = 20

// XML 1.0 has no other characters below the blank, and no lone halves of a pair.
// oxlint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g
const cell = (text: string): string => neutralise(text.replace(forbidden, '').toWellFormed())

/**
 * Yields a table as an Excel workbook: the watermark in the first row and the header in the second, both of which stay in sight. Every cell is a text, so
 * no number is rounded, and none is a formula. Memory does not grow with the rows (docs/decisions/0011).
 */
export async function* writeWorkbook(
  header: readonly string[],
  rows: AsyncIterable<readonly (readonly string[])[]>,
  { watermark, sheet }: { watermark: string; sheet: string },
): AsyncGenerator<Uint8Array> {
  async function* all(): AsyncGenerator<string[]> {
    yield [watermark]
    yield header.map(cell)
    for await (const batch of rows) for (const row of batch) yield row.map(cell)
  }
  const stream = writeXlsxStream(all(), { name: sheet, columns: header.map(() => ({ width })), freezePane: { rows: 2 } })
  yield* stream as AsyncIterable<Uint8Array>
}
