import { readWholeXml } from './readXml.ts'

/** What a cell's number stands for, as its format says: a date, digits filled up with noughts to a length, or just a number (null). */
export type ValueFormat = 'date' | { digits: number } | null

/** Formats that are dates without being written down (ISO/IEC 29500-1, 18.8.30; 27 to 36 and 50 to 58 in Chinese, Japanese and Korean Excel). */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)

/** Returns the format of each style that a cell may have, by its number (`cellXfs`). */
export async function readFormats(bytes: AsyncIterable<Buffer>): Promise<ValueFormat[]> {
  const own = new Map<number, ValueFormat>()
  const formats: ValueFormat[] = []
  let inCells = false
  await readWholeXml(bytes, {
    open: (name, attributes) => {
      if (name === 'numFmt') own.set(Number(attributes['numFmtId']), formatOf(attributes['formatCode'] ?? ''))
      if (name === 'cellXfs') inCells = true
      if (name === 'xf' && inCells) {
        const id = Number(attributes['numFmtId'] ?? 0)
        formats.push(own.get(id) ?? (isBuiltInDate(id) ? 'date' : null))
      }
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false
    },
  })
  return formats
}

function formatOf(code: string): ValueFormat {
  if (/^0{2,20}$/.test(code)) return { digits: code.length }
  // What is quoted, escaped, spaced or in brackets is no part of a date; [h] counts hours and is none either.
  const bare = code
    .split(';')[0]!
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[[^\]]*\]/g, '')
  return /[ymd]/i.test(bare) && !/general/i.test(bare) ? 'date' : /h/i.test(bare) && /m/i.test(bare) ? 'date' : null
}
