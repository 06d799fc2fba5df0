import { uncachedFormula } from '../../../../domain/import/uncachedFormula.ts'
import { unescapeText } from './stringSink.ts'
import type { Workbook } from './openWorkbook.ts'

/** A cell as it stands in a sheet (ISO/IEC 29500-1, 18.3.1.4). `value` is null where none is written, `formula` where it is no formula. */
export type RawCell = { type: string; style: number; value: string | null; inline: string; formula: string | null }

/**
 * Returns a cell's value as text: strings as they are, numbers with all their digits (13800138000, never 1.38E+10), dates as 2024-03-15 or 2024-03-15
 * 14:30, errors as Excel writes them. Of a formula the value it last had; one that never had any comes marked, since we do not calculate.
 */
export function cellText(cell: RawCell, { strings, formats, date1904 }: Workbook): string {
  if (cell.formula !== null && cell.value === null && cell.inline === '') return uncachedFormula(cell.formula)
  const value = cell.value ?? ''
  switch (cell.type) {
    case 's':
      return strings[Number(value)] ?? ''
    case 'inlineStr':
      return cell.inline
    case 'str':
      return unescapeText(value)
    case 'b':
      return value === '1' || value === 'true' ? 'TRUE' : 'FALSE'
    case 'e':
      return value
    case 'd':
      return value.replace('T', ' ').replace(/(?: 00:00:00(?:\.0+)?)?Z?$/, '')
    default:
      return numberText(value, formats[cell.style] ?? null, date1904)
  }
}

function numberText(value: string, format: Workbook['formats'][number], date1904: boolean): string {
  if (value.trim() === '') return ''
  const number = Number(value)
  if (!Number.isFinite(number)) return value
  if (format === 'date') return dateText(number, date1904) ?? plain(number)
  const text = plain(number)
  return format !== null && /^\d+$/.test(text) ? text.padStart(format.digits, '0') : text
}

/** Excel keeps 15 digits; what a binary fraction adds behind them is noise (0.1 + 0.2). */
function plain(number: number): string {
  if (Number.isSafeInteger(number)) return String(number)
  return Number.isInteger(number) ? BigInt(number).toString() : String(Number(number.toPrecision(15)))
}

const dayMs = 86_400_000

/**
 * Returns the date of a serial number (ISO/IEC 29500-1, 18.17.4), or null if it has none. In the 1900 system day 60 is a 29 February that never was, so
 * days before it count from one day later.
 */
export function dateText(serial: number, date1904: boolean): string | null {
  // 9999-12-31 is the last day of either system.
  if (serial < 0 || serial >= (date1904 ? 2_957_004 : 2_958_466)) return null
  const seconds = Math.round(serial * 86_400)
  const days = Math.floor(seconds / 86_400)
  const time = new Date((seconds % 86_400) * 1_000).toISOString().slice(11, 19)
  const clock = time.endsWith(':00') ? time.slice(0, 5) : time
  if (!date1904 && days === 0) return clock
  if (!date1904 && days === 60) return null
  const epoch = date1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < 60 ? 31 : 30)
  const date = new Date(epoch + days * dayMs).toISOString().slice(0, 10)
  return clock === '00:00' ? date : `${date} ${clock}`
}
