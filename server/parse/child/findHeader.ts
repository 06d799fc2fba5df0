import { lookUpHeader } from '../../../domain/import/headerWords.ts'

/** Rows looked at to find the header. */
export const headerSearch = 20

/**
 * Returns which of a table's first rows is its header: the first that is made of known words, else the first that is filled as most are, so that a title
 * and a date of printing above the table are passed over (管家婆 prints both).
 */
export function findHeader(rows: readonly { cells: readonly string[] }[]): number {
  const filled = rows.map(({ cells }) => cells.filter((cell) => cell.trim() !== ''))
  const known = filled.findIndex((cells) => {
    const words = cells.filter((cell) => cell.length <= 40 && lookUpHeader(cell)).length
    return words >= 2 && words * 2 >= cells.length
  })
  if (known >= 0) return known
  const usual = filled.map((cells) => cells.length).toSorted((a, b) => a - b)[Math.floor(filled.length / 2)] ?? 0
  return Math.max(
    0,
    filled.findIndex((cells) => cells.length * 2 >= usual),
  )
}
