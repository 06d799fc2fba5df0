import { addHit, type HitSet } from './hitSet.ts'
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

// Measured on 1 M names, Node 26: a call into native code for a hit costs about as much as 85 bytes looked at in JavaScript.
const bytesPerCall = 85

/**
 * Adds the records of one segment (its first slot is `base`) whose text holds the needle. Returns whether hits were so dense that a loop in
 * JavaScript beats a native search; pass that for the next segment.
 */
export function scanColumn(column: TextColumn, base: number, needle: Needle, sieve: Sieve, dense: boolean): boolean {
  // Nothing was ever written but record ends: nobody has such a value.
  if ((column.ascii && !needle.ascii) || column.used === column.records + 1) return dense
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
  const find = dense ? findByLoop : findNative
  const { group, table, found, ranked } = sieve
  const mask = sieve.mask?.marks
  let calls = 0
  for (let hit = find(bytes, wanted, 1 - lead); hit !== -1; calls++) {
    const at = hit + lead
    if (!fits(bytes, at, needle)) {
      hit = find(bytes, wanted, hit + 1)
      continue
    }
    const slot = base + recordAt(at)
    if (table[group[slot]!] === 1 && (mask === undefined || mask[slot] !== 0)) addHit(found, slot, ranked ? matchAt(bytes, at, needle) : 1)
    hit = find(bytes, wanted, recordEnd(column, at))
  }
  return calls * bytesPerCall > column.used
}

/** Adds one record if its text holds the needle. For few candidates: costs a short walk instead of a scan of everything. */
export function scanRecord(column: TextColumn, record: number, slot: number, needle: Needle, { found, ranked }: Sieve): void {
  const at = findInRecord(column, record, needle)
  if (at !== -1) addHit(found, slot, ranked ? matchAt(column.bytes, at, needle) : 1)
}

/** Returns where in the column's bytes a record first holds the needle, or -1. */
export function findInRecord(column: TextColumn, record: number, needle: Needle): number {
  const { bytes } = column
  if (column.ascii && !needle.ascii) return -1
  const ahead = needle.bytes.length - 1
  const sign = needle.bytes[ahead]
  for (let last = recordStart(column, record); bytes[last] !== RECORD_END; last++) {
    const at = last - ahead
    // A needle holds no record end, so one that fits lies within the record.
    if (bytes[last] === sign && startsAt(bytes, at, needle.bytes) && fits(bytes, at, needle)) return at
  }
  return -1
}

function findNative(bytes: Buffer, needle: Buffer, from: number): number {
  return bytes.indexOf(needle, from)
}

function findByLoop(bytes: Buffer, needle: Buffer, from: number): number {
  // The last byte is looked at first: in UTF-8 Han shares first bytes, not last ones.
  const ahead = needle.length - 1
  const sign = needle[ahead]!
  for (let at = from + ahead; at < bytes.length; at++) {
    if (bytes[at] === sign && startsAt(bytes, at - ahead, needle)) return at - ahead
  }
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

function matchAt(bytes: Buffer, at: number, needle: Needle): 1 | 2 | 3 {
  const next = at + needle.bytes.length + (needle.tail?.length ?? 0)
  return bytes[at - 1]! > RECORD_END ? 1 : bytes[next]! > RECORD_END ? 2 : 3
}
