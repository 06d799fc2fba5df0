import { parse } from 'csv-parse'
import type { Delimiter, Encoding, ParseEvent, ParseOptions } from '../events.ts'
import { parseLimits } from '../limits.ts'
import { checkRow } from './checkRow.ts'
import { countLines, decodeBlocks } from './decodeBlocks.ts'
import { detectDelimiter, namedDelimiter } from './detectDelimiter.ts'
import { FileFailure } from './fileFailure.ts'

/** The facts of csv-parse's own state that tell where a quote opened; it keeps them public for its callers. */
type QuoteState = { quoting: boolean; wasRowDelimiter: boolean; field: { toString(): string } }
type Row = { line: number; cells: string[] }

/**
 * Reads a table and hands each event to `emit`, which resolves when there is room for more. Throws FileFailure when the file as a whole is
 * unreadable. The first row with at least two cells (or the first row of a one-column list) is the header; a title above it is passed over.
 */
export async function readCsv(
  bytes: AsyncIterable<Uint8Array>,
  options: ParseOptions,
  emit: (event: ParseEvent) => Promise<void>,
): Promise<void> {
  const limit = options.limitRows ?? Infinity
  let table: Table | null = null
  let skipped = 0
  try {
    for await (const { text, encoding } of decodeBlocks(bytes, options.encoding)) {
      let rest = text
      if (!table) {
        const firstLine = text.slice(0, text.indexOf('\n') + 1)
        const named = namedDelimiter(firstLine.trim())
        if (named) {
          rest = text.slice(firstLine.length)
          skipped = 1
        }
        table = openTable(options.delimiter ?? named ?? detectDelimiter(rest.slice(0, parseLimits.sample)), encoding, skipped)
      }
      const fault = await table.write(rest)
      await table.flush(emit, limit, fault !== null)
      if (fault) return await stopAt(table, fault, emit)
      if (table.passed >= limit) return await emit({ type: 'end', rows: limit, complete: false })
    }
    if (!table) return
    const fault = await table.end()
    await table.flush(emit, limit, true)
    if (fault) return await stopAt(table, fault, emit)
    if (!table.opened) throw new FileFailure({ type: 'failed', code: 'file_unreadable', reason: 'empty', line: 1 })
    if (table.passed + table.refused === 0)
      throw new FileFailure({ type: 'failed', code: 'file_unreadable', reason: 'header_only', line: table.headerLine })
    await emit({ type: 'end', rows: table.passed, complete: true })
  } catch (error) {
    if (
      table?.opened &&
      error instanceof FileFailure &&
      error.failure.code === 'file_unreadable' &&
      error.failure.reason === 'row_too_long'
    )
      return await stopAt(table, { line: error.failure.line, problem: 'row_too_long' }, emit)
    throw error
  }
}

type Fault = { line: number; problem: 'quote_unclosed' | 'row_too_long' }

/** What cannot be read to its end: before the header the whole file is refused, after it the rows so far stand. */
async function stopAt(table: Table, fault: Fault, emit: (event: ParseEvent) => Promise<void>): Promise<void> {
  if (!table.opened) throw new FileFailure({ type: 'failed', code: 'file_unreadable', reason: fault.problem, line: fault.line })
  await emit({ type: 'refused', line: fault.line, problem: fault.problem, stopped: true })
  await emit({ type: 'end', rows: table.passed, complete: false })
}

type Table = ReturnType<typeof openTable>

function openTable(delimiter: Delimiter, encoding: Encoding, skippedLines: number) {
  const waiting: Row[] = []
  const lineOf = () => parser.info.lines + skippedLines
  const parser = parse({
    delimiter,
    record_delimiter: '\n',
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: parseLimits.row,
    on_record: (cells: string[]) => {
      let inner = 0
      for (const cell of cells) inner += cell.includes('\n') ? countLines(cell) : 0
      waiting.push({ line: lineOf() - inner, cells })
      return null
    },
  })
  const table = { opened: false, headerLine: 0, passed: 0, refused: 0, write, end, flush }
  let columns = 0
  // Errors are taken from the callbacks; without a listener the stream would throw them a second time.
  parser.on('error', () => {})
  parser.resume()
  return table

  function write(text: string): Promise<Fault | null> {
    return new Promise((resolve) => parser.write(text, (error) => resolve(error ? explain() : null)))
  }

  function end(): Promise<Fault | null> {
    return new Promise((resolve) => {
      parser.once('error', () => resolve(explain()))
      parser.once('end', () => resolve(null))
      parser.end()
    })
  }

  function explain(): Fault {
    const state = (parser as unknown as { state: QuoteState }).state
    if (!state.quoting) return { line: lineOf(), problem: 'row_too_long' }
    // csv-parse counts a line when it meets the byte after its end.
    return { line: lineOf() - countLines(state.field.toString()) + (state.wasRowDelimiter ? 1 : 0), problem: 'quote_unclosed' }
  }

  async function flush(emit: (event: ParseEvent) => Promise<void>, limit: number, last = false): Promise<void> {
    if (!table.opened && !(await openHeader(emit, last))) return
    let rows: Row[] = []
    let size = 0
    for (const { line, cells } of waiting.splice(0)) {
      if (table.passed >= limit) break
      if (cells.every((cell) => cell.trim() === '')) continue
      const checked = checkRow(cells, columns, delimiter)
      if (typeof checked === 'string') {
        table.refused++
        if (rows.length > 0) await emit({ type: 'rows', rows })
        rows = []
        size = 0
        await emit({ type: 'refused', line, problem: checked })
        continue
      }
      table.passed++
      rows.push({ line, cells: checked })
      for (const cell of checked) size += cell.length
      if (rows.length < parseLimits.batchRows && size < parseLimits.batchText) continue
      await emit({ type: 'rows', rows })
      rows = []
      size = 0
    }
    if (rows.length > 0) await emit({ type: 'rows', rows })
  }

  async function openHeader(emit: (event: ParseEvent) => Promise<void>, last: boolean): Promise<boolean> {
    const filled = (row: Row | undefined) => row?.cells.filter((cell) => cell.trim() !== '').length ?? 0
    while (waiting.length > 0 && filled(waiting[0]) === 0) waiting.shift()
    if (waiting.length < 2 && !last) return false
    // A title over the table (管家婆 prints one): a single filled cell above a row of several.
    if (filled(waiting[0]) === 1 && filled(waiting[1]) > 2) waiting.shift()
    const header = waiting.shift()
    if (!header) return false
    let width = header.cells.length
    while (width > 1 && header.cells[width - 1]?.trim() === '') width--
    const refuse = (reason: 'too_many_columns' | 'cell_too_long' | 'nul_byte') =>
      new FileFailure({ type: 'failed', code: 'file_unreadable', reason, line: header.line })
    if (width > parseLimits.columns) throw refuse('too_many_columns')
    if (header.cells.some((cell) => cell.length > parseLimits.cell)) throw refuse('cell_too_long')
    if (header.cells.some((cell) => cell.includes('\0'))) throw refuse('nul_byte')
    columns = width
    table.opened = true
    table.headerLine = header.line
    await emit({ type: 'header', line: header.line, columns: header.cells.slice(0, width).map((cell) => cell.trim()), encoding, delimiter })
    return true
  }
}
