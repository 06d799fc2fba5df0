import { findPair, type PairSet, setOfOne } from './findPair.ts'
import { addHit, type HitSet, type Match } from './hitSet.ts'
import { findSyllables, scanSyllables, type SyllableNeedle } from './syllables.ts'
import { createRecordCursor, PART_END, RECORD_END, recordEnd, recordStart, type TextColumn, VALUE_END } from './textColumn.ts'

/** What is looked for: bytes, whether a value must begin or end with them, letters that must follow whatever their case, and texts one of which must follow. */
export type Needle = {
  readonly bytes: Buffer
  readonly ascii: boolean
  readonly start: boolean
  readonly end: boolean
  readonly tail: Buffer | null
  readonly ways: readonly Buffer[] | null
}

/** Which records count: those whose group `table` marks and, where there is a `mask`, that were found before. `ranked`: the place in the value counts. */
export type Sieve = {
  readonly group: Uint32Array
  readonly table: Uint8Array
  readonly mask: HitSet | null
  readonly found: HitSet
  readonly ranked: boolean
}

// Measured on 1 M names, Node 26: a call into native code for a hit costs about as much as 400 bytes looked at in JavaScript, four at a time.
const bytesPerCall = 400

/**
 * Adds the records of one segment (its first slot is `base`) whose text holds the needle. Returns whether hits were so dense that a loop in
 * JavaScript beats a native search; pass that for the next segment.
 */
export function scanColumn(column: TextColumn, base: number, needle: Needle | SyllableNeedle, sieve: Sieve, dense: boolean): boolean {
  // Nothing was ever written but record ends: nobody has such a value.
  if (column.used === column.records + 1) return dense
  if ('next' in needle) {
    scanSyllables(column, base, needle, sieve)
    return dense
  }
  if (column.ascii && !needle.ascii) return dense
  // From seven bytes on Node searches by skipping (Boyer-Moore-Horspool), and a mark in front gains nothing.
  if (!needle.start || needle.bytes.length > 6) return scanFor(column, base, needle, needle.bytes, sieve, dense)
  // Together with the mark before a value's beginning the native search has few places to look at; there are three such marks.
  const marks = [RECORD_END, ...(column.many ? [VALUE_END] : []), ...(column.parts ? [PART_END] : [])]
  return marks.map((mark) => scanFor(column, base, needle, after(mark, needle.bytes), sieve, dense)).includes(true)
}

function after(mark: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([mark]), bytes])
}

function scanFor(column: TextColumn, base: number, needle: Needle, wanted: Buffer, sieve: Sieve, dense: boolean): boolean {
  const bytes = column.bytes.subarray(0, column.used)
  const lead = wanted.length - needle.bytes.length
  const recordAt = createRecordCursor(column)
  const pairs = dense && wanted.length > 1 ? setOfOne(wanted[0]!, wanted[1]!) : null
  const find = (from: number): number => (pairs ? findByLoop(bytes, wanted, from, pairs) : bytes.indexOf(wanted, from))
  const { group, table, found, ranked } = sieve
  const mask = sieve.mask?.marks
  let calls = 0
  for (let hit = find(1 - lead); hit !== -1; calls++) {
    const at = hit + lead
    if (!fits(bytes, at, needle)) {
      hit = find(hit + 1)
      continue
    }
    const slot = base + recordAt(at)
    if (table[group[slot]!] === 1 && (mask === undefined || mask[slot] !== 0)) addHit(found, slot, ranked ? matchAt(bytes, at, needle) : 1)
    hit = find(recordEnd(column, at))
  }
  return calls * bytesPerCall > column.used
}

/** Adds one record if its text holds the needle. For few candidates: costs a short walk instead of a scan of everything. */
export function scanRecord(column: TextColumn, record: number, slot: number, needle: Needle | SyllableNeedle, sieve: Sieve): void {
  const hit = findInRecord(column, record, needle)
  if (hit) addHit(sieve.found, slot, sieve.ranked ? hit.match : 1)
}

/** Returns where in the column's bytes a record first holds the needle, and how well it matches there; null where it does not. */
export function findInRecord(column: TextColumn, record: number, needle: Needle | SyllableNeedle): { at: number; match: Match } | null {
  const { bytes } = column
  if ('next' in needle) return findSyllables(column, record, needle)
  if (column.ascii && !needle.ascii) return null
  const ahead = needle.bytes.length - 1
  const sign = needle.bytes[ahead]
  for (let last = recordStart(column, record); bytes[last] !== RECORD_END; last++) {
    const at = last - ahead
    // A needle holds no record end, so one that fits lies within the record.
    if (bytes[last] === sign && startsAt(bytes, at, needle.bytes) && fits(bytes, at, needle))
      return { at, match: matchAt(bytes, at, needle) }
  }
  return null
}

/** Looks for a needle of two bytes or more by its first two. */
function findByLoop(bytes: Buffer, needle: Buffer, from: number, pairs: PairSet): number {
  const end = bytes.length - needle.length
  for (let at = findPair(bytes, pairs, from, end); at < end; at = findPair(bytes, pairs, at + 1, end)) {
    if (startsAt(bytes, at, needle)) return at
  }
  // The last byte of a column ends a record: no needle reaches it.
  return -1
}

function startsAt(bytes: Buffer, at: number, needle: Buffer): boolean {
  let i = needle.length - 1
  while (i >= 0 && bytes[at + i] === needle[i]) i--
  return i < 0
}

function fits(bytes: Buffer, at: number, { bytes: needle, start, end, tail, ways }: Needle): boolean {
  if (start && bytes[at - 1]! > RECORD_END) return false
  let next = at + needle.length
  if (tail !== null) for (let i = 0; i < tail.length; i++) if ((bytes[next++]! | 0x20) !== tail[i]) return false
  if (ways !== null && !ways.some((way) => startsAt(bytes, next, way))) return false
  return !end || bytes[next]! <= RECORD_END
}

function matchAt(bytes: Buffer, at: number, needle: Needle): Match {
  const next = at + needle.bytes.length + (needle.tail?.length ?? 0)
  return bytes[at - 1]! > RECORD_END ? 1 : bytes[next]! > RECORD_END ? 2 : 3
}
