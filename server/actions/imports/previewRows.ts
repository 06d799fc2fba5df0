import { readableCell } from '../../../domain/import/uncachedFormula.ts'
import { cutCodePoints } from '../../../domain/text/normalise.ts'
import { type ImportItem, type ImportProblem, type ImportSettings, readImport } from './readImport.ts'

/** Rows tried, and shown: the first ones, and those with problems among the tried. */
const tried = 1_000
const shownFirst = 8
const shownAtMost = 20

export type Preview = {
  preview: { row: number; values: Record<string, unknown> | null; problems: ImportProblem[] }[]
  /** Rows that were tried, and how many of them have each problem. */
  checked: number
  problems: { problem: string; count: number }[]
}

// A refused row is shown as it stands, so that one sees whose it is and what is wrong with it.
const asItStands = ({ fields }: ImportSettings, cells: readonly string[]): Record<string, string> => {
  if (fields === null) return { name: cells.join(' · ') }
  const values: Record<string, string> = {}
  for (const [i, field] of fields.entries()) {
    const text = cutCodePoints(readableCell(cells[i] ?? ''), 200)
    if (field && text !== '') values[field] = values[field] === undefined ? text : `${values[field]} ${text}`
  }
  return values
}

/** Returns what the first rows of a list would become, and what is wrong with those that would be refused. Throws what reading the file throws. */
export const previewRows = async (bytes: AsyncIterable<Uint8Array>, settings: ImportSettings): Promise<Preview> => {
  const shown: ImportItem[] = []
  const counts = new Map<string, number>()
  let checked = 0
  let first = 0
  for await (const items of readImport(bytes, settings, { limitRows: tried })) {
    for (const item of items) {
      checked += 1
      for (const problem of new Set((item.problems ?? []).map((one) => one.problem))) counts.set(problem, (counts.get(problem) ?? 0) + 1)
      if (!item.problems && first < shownFirst) first += 1
      else if (!item.problems || shown.length - first >= shownAtMost - shownFirst) continue
      shown.push(item)
    }
    if (checked >= tried) break
  }
  return {
    preview: shown.map(({ line, cells, input, problems }) => ({
      row: line,
      values: input ?? asItStands(settings, cells),
      problems: problems ?? [],
    })),
    checked,
    problems: [...counts].map(([problem, count]) => ({ problem, count })).toSorted((a, b) => b.count - a.count),
  }
}
