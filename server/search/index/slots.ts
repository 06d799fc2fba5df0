import { createIdTable, ID_BYTES, type IdTable } from './idTable.ts'
import { copyText, createTextColumn, appendText, type TextColumn, trimColumn } from './textColumn.ts'

/** One record as the index takes it: plain facts, and for each column the folded values. `cluster`: whose records it shall stand beside. */
export type SlotInput = {
  id: Uint8Array
  subject: number
  createdAt: number
  group: number
  cluster: number
  texts: readonly (readonly string[])[]
}

/** A stretch of slots of one cluster, with its texts; `groups` counts its living records by group. */
export type Segment = {
  readonly cluster: number
  readonly columns: TextColumn[]
  readonly groups: Map<number, number>
  records: number
  dead: number
}

/**
 * The flat columns of all records by slot number: no object per record. A changed record gets a new slot; slot data never changes in place.
 * Records of one cluster stand together: whoever may look at them only need not pass by the others.
 */
export type Slots = {
  readonly perSegment: number
  /** Whether the segment is one that is appended to: the last of its cluster. */
  isTail(segment: number): boolean
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
  /** Puts a living slot into another group. */
  regroup(slot: number, to: number): void
  /** Marks the slot dead; `forget` also drops its id. Its data stays until the segment is emptied. */
  kill(slot: number, forget: boolean): void
  /**
   * Moves what lives in a wasteful full segment to the end and frees it. Returns the new slots of those
   * from `from` on, or null when none wastes enough.
   */
  compact(): { from: number; to: Uint32Array } | null
  /** Keeps freed segments as they are until the returned function is called: somebody still reads them. */
  hold(): () => void
  /** Puts a segment read from a snapshot in place; the last one restored of a cluster is appended to. */
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
  const tails = new Map<number, number>()
  let held = 0
  const table = createIdTable(() => ids)

  const reserve = (needed: number): void => {
    if (needed <= room) return
    room = Math.max(needed, Math.ceil((room * 1.125) / perSegment) * perSegment)
    ids = widen(ids, new Uint8Array(room * ID_BYTES))
    group = widen(group, new Uint32Array(room))
    created = widen(created, new Float64Array(room))
    subject = widen(subject, new Uint32Array(room))
  }
  const openTail = (cluster: number): number => {
    const last = tails.get(cluster)
    const current = last === undefined ? null : segments[last]
    if (current && current.records < perSegment) return last!
    if (current) current.columns.forEach(trimColumn)
    const free = held > 0 ? -1 : segments.indexOf(null)
    const tail = free === -1 ? segments.length : free
    segments[tail] = {
      cluster,
      columns: Array.from({ length: columnCount }, () => createTextColumn(perSegment)),
      groups: new Map(),
      records: 0,
      dead: 0,
    }
    tails.set(cluster, tail)
    reserve((tail + 1) * perSegment)
    return tail
  }
  const count = ({ groups }: Segment, one: number, by: number): void => {
    const left = (groups.get(one) ?? 0) + by
    if (left === 0) groups.delete(one)
    else groups.set(one, left)
  }
  const kill = (slot: number, forget: boolean): void => {
    if (group[slot] === 0) return
    if (forget) table.delete(slot)
    const segment = segments[Math.floor(slot / perSegment)]!
    count(segment, group[slot]!, -1)
    segment.dead++
    group[slot] = 0
  }

  return {
    perSegment,
    isTail: (segment) => tails.get(segments[segment]?.cluster ?? -1) === segment,
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
      const tail = openTail(input.cluster)
      const segment = segments[tail]!
      const slot = tail * perSegment + segment.records++
      count(segment, input.group, 1)
      ids.set(input.id, slot * ID_BYTES)
      group[slot] = input.group
      created[slot] = input.createdAt
      subject[slot] = input.subject
      segment.columns.forEach((column, i) => appendText(column, input.texts[i] ?? []))
      table.set(slot)
      return slot
    },
    kill,
    regroup(slot, to) {
      const segment = segments[Math.floor(slot / perSegment)]!
      count(segment, group[slot]!, -1)
      count(segment, to, 1)
      group[slot] = to
    },
    compact() {
      const wasteful = segments.findIndex(
        (segment, i) => segment !== null && tails.get(segment.cluster) !== i && segment.dead > segment.records * wasteLimit,
      )
      const segment = segments[wasteful]
      if (!segment) return null
      const moved = new Uint32Array(segment.records)
      for (let record = 0; record < segment.records; record++) {
        const from = wasteful * perSegment + record
        if (group[from] === 0) continue
        const tail = openTail(segment.cluster)
        const target = segments[tail]!
        const to = tail * perSegment + target.records++
        count(target, group[from]!, 1)
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
    hold() {
      held++
      return () => void held--
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
      for (let slot = from; slot < from + segment.records; slot++) {
        if (group[slot] === 0) continue
        table.set(slot)
        count(segment, group[slot]!, 1)
      }
      tails.set(segment.cluster, index)
    },
  }
}

function widen<T extends Uint8Array | Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}
