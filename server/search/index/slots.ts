import { createIdTable, ID_BYTES, type IdTable } from './idTable.ts'
import { copyText, createTextColumn, appendText, type TextColumn, trimColumn } from './textColumn.ts'

/** One record as the index takes it: plain facts, and for each column the folded values. */
export type SlotInput = { id: Uint8Array; subject: number; createdAt: number; group: number; texts: readonly (readonly string[])[] }

export type Segment = { readonly columns: TextColumn[]; records: number; dead: number }

/** The flat columns of all records by slot number: no object per record. A changed record gets a new slot; slot data never changes in place. */
export type Slots = {
  readonly perSegment: number
  /** Index of the segment that is appended to, -1 before the first record. */
  readonly tail: number
  ids(): Uint8Array
  /** The record's group; 0 where the slot is dead or free. */
  group(): Uint32Array
  /** Milliseconds since 1970. */
  created(): Float64Array
  subject(): Uint32Array
  segments(): readonly (Segment | null)[]
  readonly find: IdTable['get']
  readonly live: number
  /** Stores a record in a new slot; whoever holds its id before is not touched. */
  append(input: SlotInput): number
  /** Marks the slot dead; `forget` also drops its id. Its data stays until the segment is emptied. */
  kill(slot: number, forget: boolean): void
  /**
   * Moves what lives in a wasteful full segment to the end and frees it. Returns the new slots of those
   * from `from` on, or null when none wastes enough.
   */
  compact(): { from: number; to: Uint32Array } | null
  /** Puts a segment read from a snapshot in place; the last one restored is appended to. */
  restore(index: number, segment: Segment, columns: SlotColumns): void
}

export type SlotColumns = { ids: Uint8Array; group: Uint32Array; created: Float64Array; subject: Uint32Array }

/** A segment is emptied when more than this part of it is dead. */
const wasteLimit = 0.3

/** Returns empty columns with `columnCount` texts per record, in segments of `perSegment` records. */
export function createSlots(columnCount: number, perSegment: number): Slots {
  let room = 0
  let ids = new Uint8Array(0)
  let group = new Uint32Array(0)
  let created = new Float64Array(0)
  let subject = new Uint32Array(0)
  const segments: (Segment | null)[] = []
  let tail = -1
  const table = createIdTable(() => ids)

  const reserve = (needed: number): void => {
    if (needed <= room) return
    room = Math.max(needed, Math.ceil((room * 1.125) / perSegment) * perSegment)
    ids = widen(ids, new Uint8Array(room * ID_BYTES))
    group = widen(group, new Uint32Array(room))
    created = widen(created, new Float64Array(room))
    subject = widen(subject, new Uint32Array(room))
  }
  const openTail = (): Segment => {
    const current = segments[tail]
    if (current && current.records < perSegment) return current
    if (current) current.columns.forEach(trimColumn)
    const free = segments.indexOf(null)
    tail = free === -1 ? segments.length : free
    const fresh = { columns: Array.from({ length: columnCount }, () => createTextColumn(perSegment)), records: 0, dead: 0 }
    segments[tail] = fresh
    reserve((tail + 1) * perSegment)
    return fresh
  }
  const kill = (slot: number, forget: boolean): void => {
    if (group[slot] === 0) return
    if (forget) table.delete(slot)
    group[slot] = 0
    segments[Math.floor(slot / perSegment)]!.dead++
  }

  return {
    perSegment,
    get tail() {
      return tail
    },
    ids: () => ids,
    group: () => group,
    created: () => created,
    subject: () => subject,
    segments: () => segments,
    find: table.get,
    get live() {
      return table.size
    },
    append(input) {
      const segment = openTail()
      const slot = tail * perSegment + segment.records++
      ids.set(input.id, slot * ID_BYTES)
      group[slot] = input.group
      created[slot] = input.createdAt
      subject[slot] = input.subject
      segment.columns.forEach((column, i) => appendText(column, input.texts[i] ?? []))
      table.set(slot)
      return slot
    },
    kill,
    compact() {
      const wasteful = segments.findIndex((segment, i) => segment !== null && i !== tail && segment.dead > segment.records * wasteLimit)
      const segment = segments[wasteful]
      if (!segment) return null
      const moved = new Uint32Array(segment.records)
      for (let record = 0; record < segment.records; record++) {
        const from = wasteful * perSegment + record
        if (group[from] === 0) continue
        const target = openTail()
        const to = tail * perSegment + target.records++
        ids.copyWithin(to * ID_BYTES, from * ID_BYTES, (from + 1) * ID_BYTES)
        group[to] = group[from]!
        created[to] = created[from]!
        subject[to] = subject[from]!
        target.columns.forEach((column, i) => copyText(column, segment.columns[i]!, record))
        table.set(to)
        group[from] = 0
        moved[record] = to
      }
      segments[wasteful] = null
      return { from: wasteful * perSegment, to: moved }
    },
    restore(index, segment, columns) {
      const from = index * perSegment
      while (segments.length <= index) segments.push(null)
      segments[index] = segment
      reserve((index + 1) * perSegment)
      ids.set(columns.ids, from * ID_BYTES)
      group.set(columns.group, from)
      created.set(columns.created, from)
      subject.set(columns.subject, from)
      for (let slot = from; slot < from + segment.records; slot++) if (group[slot] !== 0) table.set(slot)
      tail = index
    },
  }
}

function widen<T extends Uint8Array | Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}
