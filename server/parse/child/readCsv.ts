import { parse } from 'csv-parse'
import type { Delimiter, Encoding, ParseEvent, ParseOptions } from '../events.ts'
import { parseLimits } from '../limits.ts'
import { checkRow } from './checkRow.ts'
import { countLines, decodeBlocks } from './decodeBlocks.ts'
import { detectDelimiter, namedDelimiter } from './detectDelimiter.ts'
import { FileFailure } from './fileFailure.ts'
import { openTableOut, type Row } from './tableOut.ts'

/** The facts of csv-parse's own state that tell where a quote opened; it keeps them public for its callers. */
type QuoteState = { quoting: boolean; wasRowDelimiter: boolean; field: { toString(): string } }
type Emit = (event: ParseEvent) => Promise<void>

/**
 * Reads a table and hands each event to `emit`, which resolves when there is room for more. Throws FileFailure when the file as a whole is
 * unreadable.
 */
export async function readCsv(bytes: AsyncIterable<Uint8Array>, options: ParseOptions, emit: Emit): Promise<void> {
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
        const delimiter = options.delimiter ?? named ?? detectDelimiter(rest.slice(0, parseLimits.sample))
        table = openTable(delimiter, encoding, skipped, options)
      }
      const fault = await table.write(rest)
      await table.out.take(table.parsed(), emit)
      if (fault) return await stopAt(table, fault, emit)
      if (table.out.isFull()) return await emit({ type: 'end', rows: table.out.passed(), complete: false })
    }
    if (!table) return
    const fault = await table.end()
    await table.out.take(table.parsed(), emit)
    if (fault) return await stopAt(table, fault, emit)
    await table.out.end(emit)
  } catch (error) {
    if (
      table?.out.isOpen() &&
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
async function stopAt({ out }: Table, fault: Fault, emit: Emit): Promise<void> {
  await out.flush(emit, true)
  if (!out.isOpen()) throw new FileFailure({ type: 'failed', code: 'file_unreadable', reason: fault.problem, line: fault.line })
  await emit({ type: 'refused', line: fault.line, problem: fault.problem, stopped: true })
  await emit({ type: 'end', rows: out.passed(), complete: false })
}

type Table = ReturnType<typeof openTable>

function openTable(delimiter: Delimiter, encoding: Encoding, skippedLines: number, options: ParseOptions) {
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
  const out = openTableOut(options, {
    check: (cells, columns) => checkRow(cells, columns, delimiter),
    header: (line, columns) => ({ type: 'header', line, columns, encoding, delimiter }),
  })
  // Errors are taken from the callbacks; without a listener the stream would throw them a second time.
  parser.on('error', () => {})
  parser.resume()
  return { out, write, end, parsed: () => waiting.splice(0) }

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
}
