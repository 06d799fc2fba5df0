import type { RowProblem } from '../../../domain/import/problems.ts'
import type { Delimiter } from '../events.ts'
import { parseLimits } from '../limits.ts'

/**
 * Returns the row's cells made as many as the header's (short rows filled, empty extra cells dropped), or why the row is refused.
 * `swallowed` rows, where a stray quote joined several lines into one cell, are `quote_unclosed`.
 */
export function checkRow(cells: string[], columns: number, delimiter: Delimiter): string[] | RowProblem {
  let width = cells.length
  while (width > columns && cells[width - 1]?.trim() === '') width--
  if (cells.some((cell) => cell.includes('\n') && swallowsRows(cell, columns, delimiter, width !== columns))) return 'quote_unclosed'
  return checkWidth(cells, width, columns)
}

/** The same for the row of a workbook, where no quote can be astray. */
export function checkCells(cells: string[], columns: number): string[] | RowProblem {
  let width = cells.length
  while (width > columns && cells[width - 1]?.trim() === '') width--
  let size = 0
  for (const cell of cells) size += cell.length
  return size > parseLimits.row ? 'row_too_long' : checkWidth(cells, width, columns)
}

function checkWidth(cells: string[], width: number, columns: number): string[] | RowProblem {
  if (width > parseLimits.columns) return 'too_many_columns'
  if (width > columns) return 'columns_mismatch'
  for (const cell of cells) {
    if (cell.length > parseLimits.cell) return 'cell_too_long'
    if (cell.includes('\0')) return 'nul_byte'
  }
  if (width === columns && cells.length === columns) return cells
  return [...cells.slice(0, width), ...Array<string>(columns - width).fill('')]
}

/**
 * True if a many-line cell looks like rows of this very table. csv-parse leaves the quote in front of a cell whose closing quote was no
 * closing quote; a cell that swallowed n line ends then holds n rows' worth of delimiters.
 */
function swallowsRows(cell: string, columns: number, delimiter: Delimiter, odd: boolean): boolean {
  const perRow = columns - 1
  if (perRow < 1) return false
  const found = cell.split(delimiter).length - 1
  const lines = cell.split('\n').length - 1
  if (odd) return found >= perRow
  return found === lines * perRow && (cell.startsWith('"') || perRow >= 3)
}
