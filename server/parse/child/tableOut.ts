import type { RowProblem } from '../../../domain/import/problems.ts'
import type { ParseEvent, ParseOptions } from '../events.ts'
import { parseLimits } from '../limits.ts'
import { FileFailure } from './fileFailure.ts'
import { findHeader, headerSearch } from './findHeader.ts'

export type Row = { line: number; cells: string[] }
type Emit = (event: ParseEvent) => Promise<void>

/** What a kind of table adds: how a row's cells are made as many as the header's, or refused, and its header event. */
type TableKind = {
  check(cells: string[], columns: number): string[] | RowProblem
  header(line: number, columns: string[]): Extract<ParseEvent, { type: 'header' }>
  /** Cells of the first rows beyond the header's are columns without a name; else such rows are refused. */
  isWide?: true
}

/** Takes the rows of a table, finds its header, and emits what follows in batches. Rows without text are passed over. */
export function openTableOut(options: ParseOptions, kind: TableKind) {
  const limit = options.limitRows ?? Infinity
  const sampled = options.sampleRows ?? Infinity
  const waiting: Row[] = []
  let columns = 0
  let headerLine: number | null = null
  let passed = 0
  let refused = 0

  const take = async (rows: readonly Row[], emit: Emit): Promise<void> => {
    for (const row of rows) if (row.cells.some((cell) => cell.trim() !== '')) waiting.push(row)
    await flush(emit, false)
  }

  const end = async (emit: Emit): Promise<void> => {
    await flush(emit, true)
    if (headerLine === null) throw new FileFailure({ type: 'failed', code: 'file_unreadable', reason: 'empty', line: 1 })
    if (passed + refused === 0) throw new FileFailure({ type: 'failed', code: 'file_unreadable', reason: 'header_only', line: headerLine })
    await emit({ type: 'end', rows: passed, complete: true })
  }

  const flush = async (emit: Emit, last: boolean): Promise<void> => {
    if (headerLine === null && !(await openHeader(emit, last))) return
    let rows: Row[] = []
    let size = 0
    const send = async (): Promise<void> => {
      // Of rows beyond the sample only the number is told, so that a list is surveyed without all of it passing through the pipe.
      if (rows.length > 0) await emit(passed > sampled + rows.length ? { type: 'counted', rows: rows.length } : { type: 'rows', rows })
      rows = []
      size = 0
    }
    for (const { line, cells } of waiting.splice(0)) {
      if (passed >= limit) break
      const checked = kind.check(cells, columns)
      if (typeof checked === 'string') {
        refused++
        await send()
        await emit({ type: 'refused', line, problem: checked })
        continue
      }
      passed++
      rows.push({ line, cells: checked })
      for (const cell of checked) size += cell.length
      if (rows.length >= parseLimits.batchRows || size >= parseLimits.batchText) await send()
    }
    await send()
  }

  const openHeader = async (emit: Emit, last: boolean): Promise<boolean> => {
    const { headerLine: told } = options
    if (!last && (told === undefined ? waiting.length < headerSearch : (waiting.at(-1)?.line ?? 0) < told)) return false
    const first = waiting.slice(0, headerSearch)
    const at = told === undefined ? findHeader(first) : waiting.findIndex(({ line }) => line >= told)
    const header = waiting[at]
    if (!header) return false
    const refuse = (reason: 'too_many_columns' | 'cell_too_long' | 'nul_byte') =>
      new FileFailure({ type: 'failed', code: 'file_unreadable', reason, line: header.line })
    const named = widthOf(header.cells)
    if (named > parseLimits.columns) throw refuse('too_many_columns')
    const beside = kind.isWide ? waiting.slice(at, at + headerSearch).map(({ cells }) => widthOf(cells)) : []
    const width = Math.max(named, ...beside.filter((one) => one <= parseLimits.columns))
    if (header.cells.some((cell) => cell.length > parseLimits.cell)) throw refuse('cell_too_long')
    if (header.cells.some((cell) => cell.includes('\0'))) throw refuse('nul_byte')
    if (options.head) await emit({ type: 'head', rows: first.map(shorten) })
    waiting.splice(0, at + 1)
    columns = width
    headerLine = header.line
    const names = Array.from({ length: width }, (_, i) => (header.cells[i] ?? '').trim())
    await emit(kind.header(header.line, names))
    return true
  }

  return { take, flush, end, passed: () => passed, isFull: () => passed >= limit, isOpen: () => headerLine !== null }
}

function widthOf(cells: readonly string[]): number {
  let width = cells.length
  while (width > 1 && cells[width - 1]?.trim() === '') width--
  return width
}

/** Shown so that somebody can say which row is the header. */
const shorten = ({ line, cells }: Row): Row => ({ line, cells: cells.slice(0, 30).map((cell) => cell.slice(0, 60).trim()) })
