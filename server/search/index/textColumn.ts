/** Ends a record. Values hold no control characters (foldText), so both marks are unambiguous. */
export const RECORD_END = 10
/** Separates the values of one record. */
export const VALUE_END = 9
/** Every so manyth record's start is remembered; the others are found by walking: 1 byte for a record instead of 4. */
const BLOCK = 4

/**
 * The texts of one field over one segment, one after the other in flat UTF-8: byte 0 is a record end, then per record its values and a
 * record end. No object and no string per record. `ascii`: nothing but ASCII was ever written, so a search for more need not look.
 */
export type TextColumn = { bytes: Buffer; used: number; blocks: Uint32Array; records: number; ascii: boolean }

/** How many block starts so many records have. */
export const blockCount = (records: number): number => Math.ceil(records / BLOCK)

/** Returns an empty column with room for `records` records. */
export function createTextColumn(records: number): TextColumn {
  const bytes = Buffer.allocUnsafeSlow(Math.max(64, records * 4))
  bytes[0] = RECORD_END
  return { bytes, used: 1, blocks: new Uint32Array(blockCount(records)), records: 0, ascii: true }
}

/** Appends the next record's folded values. */
export function appendText(column: TextColumn, values: readonly string[]): void {
  const text = values.length === 1 ? (values[0] ?? '') : values.join('\t')
  reserve(column, text.length * 3 + 1)
  markBlock(column)
  const written = column.bytes.write(text, column.used, 'utf8')
  if (written !== text.length) column.ascii = false
  column.used += written
  column.bytes[column.used++] = RECORD_END
}

/** Appends a record of another column byte by byte: how compaction moves it. */
export function copyText(to: TextColumn, from: TextColumn, record: number): void {
  const start = recordStart(from, record)
  const end = recordEnd(from, start)
  reserve(to, end - start + 1)
  markBlock(to)
  from.bytes.copy(to.bytes, to.used, start, end + 1)
  to.used += end - start + 1
  to.ascii &&= from.ascii
}

/** Where a record's text begins. */
export function recordStart(column: TextColumn, record: number): number {
  const { bytes } = column
  let at = column.blocks[(record / BLOCK) | 0]!
  for (let left = record % BLOCK; left > 0; at++) if (bytes[at] === RECORD_END) left--
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

/** Walks from hit to hit, which only go up, and says which record each lies in. */
export function createRecordCursor(column: TextColumn): (at: number) => number {
  const { bytes, blocks } = column
  const last = Math.ceil(column.records / BLOCK) - 1
  let record = 0
  let position = 1
  let block = 0
  return (at) => {
    if (block < last && blocks[block + 1]! <= at) {
      block = findBlock(blocks, block + 1, last, at)
      record = block * BLOCK
      position = blocks[block]!
    }
    for (; position < at; position++) if (bytes[position] === RECORD_END) record++
    return record
  }
}

function findBlock(blocks: Uint32Array, low: number, high: number, at: number): number {
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (blocks[middle]! <= at) low = middle
    else high = middle - 1
  }
  return low
}

function markBlock(column: TextColumn): void {
  if (column.records % BLOCK === 0) column.blocks[column.records / BLOCK] = column.used
  column.records++
}

function reserve(column: TextColumn, more: number): void {
  if (column.used + more <= column.bytes.length) return
  const wider = Buffer.allocUnsafeSlow(Math.max(column.used + more, Math.ceil(column.bytes.length * 1.5)))
  column.bytes.copy(wider, 0, 0, column.used)
  column.bytes = wider
}
