/** Ends a record. Values hold no control characters (foldText), so both marks are unambiguous. */
export const RECORD_END = 10
/** Separates the values of one record. */
export const VALUE_END = 9
/** Separates those that hang below one record, each with values of their own. */
export const PART_END = 8
/** Every so manyth record's start is remembered; the others are found by adding lengths: 1.25 bytes for a record instead of 4. */
const BLOCK = 16
/** A length that does not fit a byte: the record's end is looked for instead. */
const LONG = 255

/**
 * The texts of one field over one segment, one after the other in flat UTF-8: byte 0 is a record end, then per record its values and a
 * record end. No object and no string per record. `ascii`: nothing but ASCII was ever written, so a search for more need not look; `many`: some record
 * has more than one value; `parts`: some record has more than one below it.
 */
export type TextColumn = {
  bytes: Buffer
  used: number
  blocks: Uint32Array
  lengths: Uint8Array
  records: number
  ascii: boolean
  many: boolean
  parts: boolean
}

/** How many block starts so many records have. */
export const blockCount = (records: number): number => Math.ceil(records / BLOCK)

/** Returns an empty column with room for `records` records. */
export function createTextColumn(records: number): TextColumn {
  const bytes = Buffer.allocUnsafeSlow(256)
  bytes[0] = RECORD_END
  return {
    bytes,
    used: 1,
    blocks: new Uint32Array(blockCount(records)),
    lengths: new Uint8Array(records),
    records: 0,
    ascii: true,
    many: false,
    parts: false,
  }
}

/** Appends the next record's folded values. */
export function appendText(column: TextColumn, values: readonly string[]): void {
  const text = values.length === 1 ? (values[0] ?? '') : values.join('\t')
  column.many ||= values.length > 1 || text.includes('\t')
  column.parts ||= text.includes('\b')
  reserve(column, text.length * 3 + 1)
  const written = column.bytes.write(text, column.used, 'utf8')
  if (written !== text.length) column.ascii = false
  column.bytes[column.used + written] = RECORD_END
  count(column, written + 1)
}

/** Appends a record of another column byte by byte: how compaction moves it. */
export function copyText(to: TextColumn, from: TextColumn, record: number): void {
  const start = recordStart(from, record)
  const end = recordEnd(from, start) + 1
  reserve(to, end - start)
  from.bytes.copy(to.bytes, to.used, start, end)
  to.ascii &&= from.ascii
  to.many ||= from.many
  to.parts ||= from.parts
  count(to, end - start)
}

function count(column: TextColumn, length: number): void {
  if (column.records % BLOCK === 0) column.blocks[column.records / BLOCK] = column.used
  column.lengths[column.records++] = Math.min(length, LONG)
  column.used += length
}

/** Where a record's text begins. */
export function recordStart(column: TextColumn, record: number): number {
  const { lengths } = column
  const block = (record / BLOCK) | 0
  let at = column.blocks[block]!
  for (let i = block * BLOCK; i < record; i++) {
    const length = lengths[i]!
    at = length === LONG ? recordEnd(column, at) + 1 : at + length
  }
  return at
}

/** Where the record end of the record that holds byte `at` stands. */
export function recordEnd(column: TextColumn, at: number): number {
  const { bytes } = column
  while (bytes[at] !== RECORD_END) at++
  return at
}

/** Returns a record's values. */
export function readText(column: TextColumn, record: number): string[] {
  const start = recordStart(column, record)
  return column.bytes.toString('utf8', start, recordEnd(column, start)).split('\t')
}

/** Gives back the room a full column no longer needs. */
export function trimColumn(column: TextColumn): void {
  const exact = Buffer.allocUnsafeSlow(column.used)
  column.bytes.copy(exact, 0, 0, column.used)
  column.bytes = exact
}

/** Returns a function that says which record a hit lies in; hits only go up. */
export function createRecordCursor(column: TextColumn): (at: number) => number {
  const { blocks, lengths } = column
  const last = blockCount(column.records) - 1
  let block = 0
  let record = 0
  let next = 1 + lengthOf(column, 0, 1)
  return (at) => {
    if (block < last && blocks[block + 1]! <= at) {
      block = findBlock(blocks, block + 1, last, at)
      record = block * BLOCK
      next = blocks[block]! + lengthOf(column, record, blocks[block]!)
    }
    while (next <= at) {
      const length = lengths[++record]!
      next += length === LONG ? lengthOf(column, record, next) : length
    }
    return record
  }
}

function lengthOf(column: TextColumn, record: number, start: number): number {
  const length = column.lengths[record]!
  return length === LONG ? recordEnd(column, start) + 1 - start : length
}

function findBlock(blocks: Uint32Array, low: number, high: number, at: number): number {
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (blocks[middle]! <= at) low = middle
    else high = middle - 1
  }
  return low
}

function reserve(column: TextColumn, more: number): void {
  if (column.used + more <= column.bytes.length) return
  const wider = Buffer.allocUnsafeSlow(Math.max(column.used + more, Math.ceil(column.bytes.length * 1.5)))
  column.bytes.copy(wider, 0, 0, column.used)
  column.bytes = wider
}
