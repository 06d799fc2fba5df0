import { parseLimits } from '../../limits.ts'
import type { Row } from '../tableOut.ts'
import type { Archive } from './openArchive.ts'
import { cellText, type RawCell } from './cellText.ts'
import type { Workbook } from './openWorkbook.ts'
import { readXml } from './readXml.ts'
import { openStringSink } from './stringSink.ts'

/** Cells beyond the first column that no list may have are counted, not kept. */
const mostColumns = parseLimits.columns + 1

/**
 * Yields the rows of a sheet as they come out of the archive, some at a time, without those that hold nothing. A row's line is its number in Excel; a cell
 * that is merged with others has its value in the first, as Excel keeps it, and the others are empty.
 */
export async function* sheetRows(archive: Archive, part: string, workbook: Workbook): AsyncGenerator<Row[]> {
  let ready: Row[] = []
  let line = 0
  let cells: string[] = []
  let column = 0
  let cell: RawCell | null = null
  let into: 'value' | 'formula' | 'inline' | null = null
  const inline = openStringSink()
  const reader = readXml(archive.read(part), {
    open: (name, attributes) => {
      if (cell && into === 'inline') return inline.open(name)
      switch (name) {
        case 'row': {
          const given = Number(attributes['r'])
          line = Number.isSafeInteger(given) && given > 0 ? given : line + 1
          cells = []
          column = 0
          break
        }
        case 'c':
          column = columnOf(attributes['r']) ?? column
          cell = { type: attributes['t'] ?? 'n', style: Number(attributes['s'] ?? 0), value: null, inline: '', formula: null }
          break
        case 'v':
          if (!cell) break
          cell.value = ''
          into = 'value'
          break
        case 'f':
          if (!cell) break
          cell.formula = ''
          into = 'formula'
          break
        case 'is':
          if (!cell) break
          inline.begin()
          into = 'inline'
          break
      }
    },
    text: (text) => {
      if (!cell || into === null) return
      if (into === 'inline') inline.text(text)
      else if ((cell[into] ?? '').length <= parseLimits.cell) cell[into] = (cell[into] ?? '') + text.slice(0, parseLimits.cell + 1)
    },
    close: (name) => {
      if (name === 'is' && cell) {
        cell.inline = inline.end()
        into = null
      } else if (into === 'inline') inline.close(name)
      else if (name === 'v' || name === 'f') into = null
      else if (name === 'c' && cell) {
        const text = cellText(cell, workbook)
        if (text !== '') cells[Math.min(column, mostColumns - 1)] = text
        column++
        cell = null
      } else if (name === 'row' && cells.length > 0) ready.push({ line, cells: Array.from(cells, (text) => text ?? '') })
    },
  })
  for await (const _ of reader) {
    if (ready.length === 0) continue
    yield ready
    ready = []
  }
  if (ready.length > 0) yield ready
}

/** Returns the column of a reference such as `AB12`, counted from 0, or null where there is none. */
export function columnOf(reference: string | undefined): number | null {
  const letters = /^([A-Za-z]{1,3})\d*$/.exec(reference ?? '')?.[1]?.toUpperCase()
  if (letters === undefined) return null
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}
