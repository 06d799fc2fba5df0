import { createRecordCursor, RECORD_END, recordEnd, recordStart, type TextColumn } from './textColumn.ts'

/** What is looked for: bytes, whether a value must begin or end with them, and letters that must follow whatever their case. */
export type Needle = { readonly bytes: Buffer; readonly start: boolean; readonly end: boolean; readonly tail: Buffer | null }

/** How well a record matches: 0 not, 1 somewhere, 2 at the beginning of a ranked field, 3 a ranked field's whole value. */
export type Match = 0 | 1 | 2 | 3

/** Which records count: those whose group `table` marks and, where there is a `mask`, that it marks too. `found` takes the best match by slot. */
export type Sieve = {
  readonly group: Uint32Array
  readonly table: Uint8Array
  readonly mask: Uint8Array | null
  readonly found: Uint8Array
  readonly ranked: boolean
}

/**
 * Marks the records of one segment (its first slot is `base`) whose text holds the needle; returns how many hits it stopped at.
 * `dense`: many hits are expected; then a loop in JavaScript beats a call into native code for each hit.
 */
export function scanColumn(column: TextColumn, base: number, needle: Needle, sieve: Sieve, dense: boolean): number {
  const bytes = column.bytes.subarray(0, column.used)
  const recordAt = createRecordCursor(column)
  const find = dense ? findByLoop : findNative
  const { group, table, mask } = sieve
  let hits = 0
  for (let at = find(bytes, needle.bytes, 1); at !== -1; hits++) {
    if (!fits(bytes, at, needle)) {
      at = find(bytes, needle.bytes, at + 1)
      continue
    }
    const slot = base + recordAt(at)
    if (table[group[slot]!] === 1 && (mask === null || mask[slot] !== 0)) keepBest(sieve, slot, bytes, at, needle)
    at = find(bytes, needle.bytes, recordEnd(column, at))
  }
  return hits
}

/** Marks one record if its text holds the needle. For few candidates: costs a walk of at most 16 records instead of a scan of all. */
export function scanRecord(column: TextColumn, record: number, slot: number, needle: Needle, sieve: Sieve): void {
  if (sieve.table[sieve.group[slot]!] !== 1) return
  const { bytes } = column
  const start = recordStart(column, record)
  const last = recordEnd(column, start) - needle.bytes.length
  for (let at = start; at <= last; at++) {
    if (!startsAt(bytes, at, needle.bytes) || !fits(bytes, at, needle)) continue
    keepBest(sieve, slot, bytes, at, needle)
    return
  }
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

function fits(bytes: Buffer, at: number, { bytes: needle, start, end, tail }: Needle): boolean {
  if (start && bytes[at - 1]! > RECORD_END) return false
  let after = at + needle.length
  if (tail !== null) for (const letter of tail) if ((bytes[after++]! | 0x20) !== letter) return false
  return !end || (after < bytes.length && bytes[after]! <= RECORD_END)
}

function keepBest({ found, ranked }: Sieve, slot: number, bytes: Buffer, at: number, needle: Needle): void {
  const after = at + needle.bytes.length + (needle.tail?.length ?? 0)
  const match = !ranked || bytes[at - 1]! > RECORD_END ? 1 : bytes[after]! > RECORD_END ? 2 : 3
  if (found[slot]! < match) found[slot] = match
}
