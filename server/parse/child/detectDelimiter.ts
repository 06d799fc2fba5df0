import { delimiters, type Delimiter } from '../events.ts'

/**
 * Returns the delimiter of a table from its first lines: the one that stands outside quotes equally often on most lines, the more
 * columns the better; comma when none does (a list of one column).
 */
export function detectDelimiter(text: string): Delimiter {
  const lines = unquotedLines(text).slice(0, 20)
  let best: { delimiter: Delimiter; score: number } = { delimiter: ',', score: 0 }
  for (const delimiter of delimiters) {
    const counts = lines.map((line) => line.split(delimiter).length - 1)
    const usual = mostFrequent(counts.filter((count) => count > 0))
    if (usual === 0) continue
    const agreeing = counts.filter((count) => count === usual).length / lines.length
    // Agreement decides; the number of columns only between delimiters that agree alike.
    const score = agreeing * 1_000 + Math.min(usual, 200)
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

/** Returns the delimiter that Excel's own first line `sep=;` names, or null. */
export function namedDelimiter(firstLine: string): Delimiter | null {
  const named = /^"?sep=(.)"?$/i.exec(firstLine)?.[1]
  return delimiters.find((delimiter) => delimiter === named) ?? null
}

function unquotedLines(text: string): string[] {
  return text
    .replace(/"(?:[^"]|"")*(?:"|$)/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
}

function mostFrequent(counts: number[]): number {
  const seen = new Map<number, number>()
  for (const count of counts) seen.set(count, (seen.get(count) ?? 0) + 1)
  return [...seen].toSorted(([a, timesA], [b, timesB]) => timesB - timesA || b - a)[0]?.[0] ?? 0
}
