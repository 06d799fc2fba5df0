import type { Word } from './parseQuery.ts'
import type { Needle } from './scanColumn.ts'
import type { SearchField } from './searchFields.ts'
import { splitSyllables } from './splitSyllables.ts'

/** One place to look for a word: a column of the field, and which right opens it: `filter` for a part, `exact` for a complete value. */
export type Probe = { readonly column: number; readonly needle: Needle; readonly right: 'filter' | 'exact'; readonly ranked: boolean }

/**
 * How many columns a field has: its values; a name also its marked pinyin, its initials, and the marked pinyin of names that mix Han with letters
 * ('李Tom': 'LiTom'), which cannot be searched by syllables and stand apart because there are few.
 */
export const columnsOf = (field: SearchField): number => (field.how === 'name' ? 4 : 1)

/** More readings than this are not tried one by one. Own choice: each costs a scan of the pinyin column. */
const mostReadings = 6

/** Returns where a word may be found in a field whose first column is `column`. */
export function probesFor(word: Word, field: SearchField, column: number): Probe[] {
  const part = (at: number, needle: Needle, ranked = false): Probe => ({ column: at, needle, right: 'filter', ranked })
  const whole = (needle: Needle): Probe => ({ column, needle, right: 'exact', ranked: false })
  switch (field.how) {
    case 'name':
      return [
        part(column, needleOf(word.text), true),
        ...pinyinNeedles(word.text).map((needle) => part(column + 1, needle, true)),
        ...(/^[a-z]+$/.test(word.text) ? [part(column + 2, needleOf(word.text), true)] : []),
        ...(/^[a-z][a-z0-9]*$/.test(word.text) ? [part(column + 3, anySplit(word.text), true)] : []),
      ]
    case 'phone': {
      if (word.digits === null) return []
      // A domestic number is typed with a trunk 0 that E.164 does not have: 010… is 8610….
      const trunk = word.digits.length > 3 && word.digits.startsWith('0') ? [needleOf(`86${word.digits.slice(1)}`, { start: true })] : []
      return [
        ...(field.fragment ? [needleOf(word.digits), ...trunk].map((needle) => part(column, needle)) : []),
        ...(field.lastFour && word.digits.length === 4 ? [whole(needleOf(word.digits, { end: true }))] : []),
        ...(field.whole && word.phone !== null ? [whole(needleOf(word.phone, { start: true, end: true }))] : []),
      ]
    }
    case 'text':
      return [
        ...(field.fragment ? [part(column, needleOf(word.text))] : []),
        ...(field.whole ? [whole(needleOf(word.text, { start: true, end: true }))] : []),
      ]
  }
}

/** Returns the needle for a text; `start`, `end`: only where a value begins or ends. */
export function needleOf(text: string, anchors: { start?: boolean; end?: boolean } = {}): Needle {
  return { bytes: Buffer.from(text), start: anchors.start ?? false, end: anchors.end ?? false, tail: null }
}

function pinyinNeedles(text: string): Needle[] {
  if (!/^[a-z]+$/.test(text)) return []
  const ways = splitSyllables(text, mostReadings + 1)
  return ways.length > mostReadings ? [anySplit(text)] : ways.map((way) => needleOf(way))
}

/** The first letter where a syllable begins, the others in either case. */
function anySplit(text: string): Needle {
  return { bytes: Buffer.from(text.charAt(0).toUpperCase()), start: false, end: false, tail: Buffer.from(text.slice(1)) }
}
