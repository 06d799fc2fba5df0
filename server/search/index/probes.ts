import { spellOutDivisions } from '../../../domain/text/spellOut.ts'
import type { Word } from './parseQuery.ts'
import type { Needle } from './scanColumn.ts'
import type { SearchField } from './searchFields.ts'
import { backwards } from './textsOf.ts'
import { type SyllableNeedle, syllableNeedle } from './syllables.ts'

/** One place to look for a word: a column of the field, and which right opens it: `filter` for a part, `exact` for a complete value. */
export type Probe = {
  readonly column: number
  readonly needle: Needle | SyllableNeedle
  readonly right: 'filter' | 'exact'
  readonly ranked: boolean
}

/** Returns where a word may be found in a field whose first column is `column`. */
export function probesFor(word: Word, field: SearchField, column: number): Probe[] {
  const part = (at: number, needle: Needle | SyllableNeedle, ranked = false): Probe => ({ column: at, needle, right: 'filter', ranked })
  const whole = (needle: Needle): Probe => ({ column, needle, right: 'exact', ranked: false })
  switch (field.how) {
    case 'name': {
      // One letter is an initial, and found as such.
      const syllables = /^[a-z]{2,}$/.test(word.text) ? syllableNeedle(word.text) : null
      return [
        part(column, needleOf(word.text), true),
        ...(syllables ? [part(column + 1, syllables, true)] : []),
        ...(/^[a-z]+$/.test(word.text) ? [part(column + 2, needleOf(word.text), true)] : []),
        ...(/^[a-z][a-z0-9]*$/.test(word.text) ? [part(column + 3, anySplit(word.text), true)] : []),
      ]
    }
    case 'phone': {
      if (word.digits === null) return []
      // A domestic number is typed with a trunk 0 that E.164 does not have: 010… is 8610….
      const trunk =
        word.digits.length > 3 && word.digits.startsWith('0') ? [needleOf(backwards(`86${word.digits.slice(1)}`), { end: true })] : []
      const digits = needleOf(backwards(word.digits))
      return [
        ...(field.fragment ? [digits, ...trunk].map((needle) => part(column, needle)) : []),
        ...(field.lastFour && word.digits.length === 4 ? [whole({ ...digits, start: true })] : []),
        ...(field.whole && word.phone !== null ? [whole(needleOf(backwards(word.phone), { start: true, end: true }))] : []),
      ]
    }
    case 'text':
      return [
        ...(field.fragment ? [part(column, field.kind === 'address' ? placeNeedle(word.text) : needleOf(word.text))] : []),
        ...(field.whole && mayBeWhole(word.text, field) ? [whole(needleOf(word.text, { start: true, end: true }))] : []),
      ]
  }
}

/**
 * Addresses are stored with the full names of their divisions, and people search by the short ones: the word as it is typed, or one of the ways it may be
 * written there. One scan for what all of them begin with, as for a word by itself.
 */
function placeNeedle(text: string): Needle {
  const written = [text, ...spellOutDivisions(text)]
  const shared = sharedStart(written)
  if (written.length === 1 || shared === 0) return needleOf(text)
  return { ...needleOf(text.slice(0, shared)), ways: written.map((one) => Buffer.from(one.slice(shared))) }
}

/**
 * Whether a word is taken for a complete value of the field. An address has an @; shorter values than six (WeChat ids have 6 to 20 characters) could be
 * guessed by trying, which is what a mask is against.
 */
const mayBeWhole = (text: string, field: SearchField): boolean => (field.kind === 'email' ? text.includes('@') : text.length >= 6)

/** Returns the needle for a text; `start`, `end`: only where a value begins or ends. */
export function needleOf(text: string, anchors: { start?: boolean; end?: boolean } = {}): Needle {
  const bytes = Buffer.from(text)
  return { bytes, ascii: bytes.length === text.length, start: anchors.start ?? false, end: anchors.end ?? false, tail: null, ways: null }
}

function sharedStart(ways: readonly string[]): number {
  let length = 0
  while (length < (ways[0]?.length ?? 0) && ways.every((way) => way[length] === ways[0]![length])) length++
  return length
}

/** Where a syllable or word begins, whatever the case of the letters after the first. */
function anySplit(text: string): Needle {
  return { ...needleOf(text.charAt(0).toUpperCase()), tail: Buffer.from(text.slice(1)) }
}
