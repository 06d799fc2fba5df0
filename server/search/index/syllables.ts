import { addHit, type Match } from './hitSet.ts'
import { findPair, type PairSet, pairSet } from './findPair.ts'
import type { Sieve } from './scanColumn.ts'
import { createRecordCursor, RECORD_END, recordStart, type TextColumn } from './textColumn.ts'

// Initials and finals of Hanyu Pinyin (GB/T 16159), ü typed as v or u. Pairs that no character has do no harm: they match nothing.
// The vowelless m, n and ng (呣, 嗯) are left out: they occur in no name and would double the readings of many.
const initials = ['', ...'b p m f d t n l g k h j q x zh ch sh r z c s y w'.split(' ')]
const finals =
  'a o e i u v ai ei ui ao ou iu ie ve ue er an en in un vn ang eng ing ong ia ian iang iao iong ua uo uai uan uang ueng van'.split(' ')
const syllables = [...new Set(initials.flatMap((initial) => finals.map((final) => initial + final)))]
/** Numbers begin at 1; 0 is any syllable that is none of these. */
const numbers = new Map(syllables.map((syllable, i) => [syllable, i + 1]))
const count = syllables.length + 1

/**
 * A syllable is two characters, plain ASCII and above the marks of a column: its number's lower six bits, from here on, and the upper ones. The ranges do not
 * meet, so a pair of bytes that looks like a syllable is one; and the first byte is the rarer, which a native search looks for.
 */
const [LOW, HIGH] = [64, 48]
const bytesOf = (number: number): [number, number] => [LOW + (number & 63), HIGH + (number >> 6)]
const numberAt = (bytes: Buffer, at: number): number => bytes[at]! - LOW + ((bytes[at + 1]! - HIGH) << 6)

/** More letters than any name has. */
const mostLetters = 200

/**
 * What letters may stand for: `next[at * count + syllable]` says how far the letters are used up when that syllable stands where `at` of them are: 0 for
 * nowhere, PART within the syllable, WHOLE at its end. So one walk over a name tries every way to read the letters. `starts`: the pairs of bytes that
 * may begin it.
 */
export type SyllableNeedle = { readonly next: Uint16Array; readonly starts: PairSet }
const PART = 0xfffe
const WHOLE = 0xffff

/** Returns marked pinyin ('ShenZhiYuan') as it stands in the index, two characters for a syllable. */
export const encodeSyllables = (marked: string): string =>
  (marked.match(/[A-Z][a-z]*/g) ?? [])
    .map((syllable) => {
      const number = numbers.get(syllable.toLowerCase()) ?? 0
      return String.fromCharCode(...bytesOf(number))
    })
    .join('')

// Each field that is found by name asks for the same letters, and so does whoever explains what was found: a needle takes up to a millisecond to make.
let latest: { letters: string; needle: SyllableNeedle | null } | null = null

/** Returns a needle for lower-case letters read as syllables of which the last may be unfinished ('xian': xian, xi an, xi a n…); null where they cannot be read so. */
export const syllableNeedle = (letters: string): SyllableNeedle | null => {
  if (latest?.letters !== letters) latest = { letters, needle: makeNeedle(letters) }
  return latest.needle
}

const makeNeedle = (letters: string): SyllableNeedle | null => {
  if (letters.length > mostLetters) return null
  const next = new Uint16Array(letters.length * count)
  const reached = new Set([0])
  let ends = false
  // What is added while it is walked over is walked over too.
  for (const at of reached) {
    const rest = letters.slice(at)
    for (const [syllable, number] of numbers) {
      const isEnd = syllable.startsWith(rest)
      if (!isEnd && !rest.startsWith(syllable)) continue
      const to = at + syllable.length
      next[at * count + number] = isEnd ? (syllable === rest ? WHOLE : PART) : to
      if (isEnd) ends = true
      else reached.add(to)
    }
  }
  if (!ends) return null
  // From the end: a syllable after which the letters cannot be used up begins nothing.
  const leads = new Set<number>()
  for (const at of [...reached].toSorted((a, b) => b - a)) {
    const row = next.subarray(at * count, (at + 1) * count)
    row.forEach((to, number) => {
      if (to !== 0 && to < PART && !leads.has(to)) row[number] = 0
    })
    if (row.some((to) => to !== 0)) leads.add(at)
  }
  const begins = [...numbers.values()].filter((number) => next[number] !== 0)
  return { next, starts: pairSet(begins.map(bytesOf)) }
}

/** Returns how well letters match that begin with the syllable at byte `at`: 3 a whole value, 2 its beginning, 1 within, 0 where they do not fit. */
const matchAt = (bytes: Buffer, at: number, { next }: SyllableNeedle): Match | 0 => {
  let used = 0
  let to = at
  do {
    if (bytes[to]! < LOW) return 0
    used = next[used * count + numberAt(bytes, to)]!
    to += 2
  } while (used > 0 && used < PART)
  if (used === 0) return 0
  if (bytes[at - 1]! > RECORD_END) return 1
  return used === WHOLE && bytes[to]! <= RECORD_END ? 3 : 2
}

/** Adds the records of one segment (its first slot is `base`) whose names can be read as the letters. */
export const scanSyllables = (column: TextColumn, base: number, needle: SyllableNeedle, sieve: Sieve): void => {
  const { bytes, used } = column
  const { group, table, found, ranked } = sieve
  const mask = sieve.mask?.marks
  const recordAt = createRecordCursor(column)
  const end = used - 1
  for (let at = findPair(bytes, needle.starts, 0, end); at < end; at = findPair(bytes, needle.starts, at + 2, end)) {
    const match = matchAt(bytes, at, needle)
    if (match === 0) continue
    const slot = base + recordAt(at)
    if (table[group[slot]!] === 1 && (mask === undefined || mask[slot] !== 0)) addHit(found, slot, ranked ? match : 1)
  }
}

/** Returns where a record's names can best be read as the letters, and how well; null where they cannot. */
export const findSyllables = (column: TextColumn, record: number, needle: SyllableNeedle): { at: number; match: Match } | null => {
  const { bytes } = column
  let best: { at: number; match: Match } | null = null
  for (let at = recordStart(column, record); bytes[at] !== RECORD_END; at++) {
    const match = bytes[at]! < LOW ? 0 : matchAt(bytes, at, needle)
    if (match > (best?.match ?? 0)) best = { at, match: match as Match }
  }
  return best
}
