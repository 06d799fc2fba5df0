import { cellText, type ExportedCell } from '../../../domain/export/cells.ts'
import { customer } from '../../../domain/crm/customer.ts'
import { writeCsv } from '../../writers/writeCsv.ts'
import { type CardCells, writeVcards } from '../../writers/writeVcards.ts'
import { writeWorkbook } from '../../writers/writeWorkbook.ts'
import type { ExportRow } from '../../store/exportTable.ts'

type Cells = Record<string, ExportedCell>

async function* texts(rows: AsyncIterable<Cells[]>, fields: readonly string[]): AsyncGenerator<string[][]> {
  for await (const step of rows) yield step.map((cells) => fields.map((name) => cellText(cells[name]!)))
}

/** Returns the bytes of a file of the kind that was asked for. */
export const writeFile = (
  { format, fields, language }: Pick<ExportRow, 'format' | 'fields' | 'language'>,
  header: readonly string[],
  rows: AsyncIterable<Cells[]>,
  watermark: string,
): AsyncIterable<Uint8Array> => {
  switch (format) {
    case 'csv':
      return writeCsv(header, texts(rows, fields), { watermark, language })
    case 'xlsx':
      return writeWorkbook(header, texts(rows, fields), { watermark, sheet: customer.label[language] })
    case 'vcard':
      return writeVcards(rows as AsyncIterable<CardCells[]>, { watermark })
  }
}
