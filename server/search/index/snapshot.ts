import { createHash } from 'node:crypto'
import type { Entity } from '../../../domain/catalogue/entity.ts'
import { sortKey } from '../../../domain/text/pinyin.ts'
import type { IndexState } from './createIndex.ts'
import type { GroupFacts } from './groups.ts'
import { ID_BYTES } from './idTable.ts'
import { facetFields, searchFields } from './searchFields.ts'
import { blockCount } from './textColumn.ts'
import { textsOf } from './textsOf.ts'

type ColumnMeta = { used: number; ascii: boolean; many: boolean; parts: boolean }
type SegmentMeta = { at: number; cluster: number; records: number; dead: number; columns: ColumnMeta[] }

/** What stands before the bytes of a snapshot and says how to cut them. Holds no personal data, but is sealed with the rest. */
export type SnapshotMeta = { perSegment: number; groups: readonly GroupFacts[]; segments: SegmentMeta[]; lengths: number[] }

/** Raises when the layout of a snapshot changes. */
const FORMAT = 2
const samples = ['沈知远', '单晓乐', '欧阳 Zoë', '李Tom', '𠮷野家', "D'Arcy·Müller", '13800138000']

/** Returns a hash of everything that decides what stands in the index: layout, catalogue fields, folding, pinyin and sort keys as this code makes them. */
export function fingerprint(entity: Entity, below?: Entity): string {
  const fields = searchFields(entity, below)
  const sample = (name: string) => Object.fromEntries(fields.map((field) => [field.name.replace(/^.*\./, ''), name]))
  const probe = samples.map((name) => [textsOf(fields, { ...sample(name), below: [{ id: '', ...sample(name) }] }), sortKey(name)])
  return createHash('sha256')
    .update(JSON.stringify([FORMAT, entity.name, entity.schemaVersion, below?.schemaVersion ?? 0, fields, facetFields(entity), probe]))
    .digest('base64')
}

type Column = Uint8Array | Uint32Array | Float64Array
/** `release` is to be called once the bytes have been read: until then the index does not use freed room again. */
export type Snapshot = { readonly meta: SnapshotMeta; readonly parts: readonly Uint8Array[]; readonly release: () => void }

/**
 * Returns the index as bytes that later changes do not touch. Only groups and orders are copied (12 MB and some 5 ms at a million): all else is only
 * ever appended to while the snapshot is held, and copies of it would stay in this thread's memory for long, since little makes it collect them.
 */
export function takeSnapshot({ slots, groups, byCreated, byName }: IndexState): Snapshot {
  const release = slots.hold()
  const parts: Uint8Array[] = []
  const segments: SegmentMeta[] = []
  const give = (column: Column): void => void parts.push(new Uint8Array(column.buffer, column.byteOffset, column.byteLength))
  // Open segments last: whoever restores goes on appending to them.
  const order = slots
    .segments()
    .map((_, at) => at)
    .toSorted((a, b) => Number(slots.isTail(a)) - Number(slots.isTail(b)))
  for (const at of order) {
    const segment = slots.segments()[at]
    if (!segment) continue
    const [from, to] = [at * slots.perSegment, at * slots.perSegment + segment.records]
    give(slots.ids().subarray(from * ID_BYTES, to * ID_BYTES))
    give(slots.group().slice(from, to))
    give(slots.created().subarray(from, to))
    give(slots.subject().subarray(from, to))
    for (const column of segment.columns) {
      give(column.bytes.subarray(0, column.used))
      give(column.blocks.subarray(0, blockCount(segment.records)))
      give(column.lengths.subarray(0, segment.records))
    }
    segments.push({
      at,
      cluster: segment.cluster,
      records: segment.records,
      dead: segment.dead,
      columns: segment.columns.map(({ used, ascii, many, parts: hasParts }) => ({ used, ascii, many, parts: hasParts })),
    })
  }
  const orders = [byCreated, ...(byName ? [byName] : [])]
  for (const one of orders) give(one.slots().slice(0, one.length))
  const meta = { perSegment: slots.perSegment, groups: [...groups.list()], segments, lengths: orders.map((one) => one.length) }
  return { meta, parts, release }
}

/** Fills an empty index from a snapshot whose bytes `take` gives in order. Throws RangeError when the snapshot is of another layout. */
export async function restoreSnapshot(state: IndexState, meta: SnapshotMeta, take: (bytes: number) => Promise<Buffer>): Promise<void> {
  const { slots, groups } = state
  if (meta.perSegment !== slots.perSegment || slots.live > 0) throw new RangeError('another layout')
  for (const facts of meta.groups) groups.intern(facts)
  for (const { at, cluster, records, dead, columns } of meta.segments) {
    const numbers = {
      ids: new Uint8Array((await take(records * ID_BYTES)).buffer),
      group: new Uint32Array((await take(records * 4)).buffer),
      created: new Float64Array((await take(records * 8)).buffer),
      subject: new Uint32Array((await take(records * 4)).buffer),
    }
    const texts = []
    for (const { used, ascii, many, parts } of columns) {
      const bytes = await take(used)
      const blocks = new Uint32Array(blockCount(slots.perSegment))
      blocks.set(new Uint32Array((await take(blockCount(records) * 4)).buffer))
      const lengths = new Uint8Array(slots.perSegment)
      lengths.set(await take(records))
      texts.push({ bytes, used, blocks, lengths, records, ascii, many, parts })
    }
    slots.restore(at, { cluster, columns: texts, groups: new Map(), records, dead }, numbers)
    for (const group of numbers.group) if (group !== 0) groups.count(group, 1)
  }
  const orders = [state.byCreated, ...(state.byName ? [state.byName] : [])]
  for (const [i, order] of orders.entries()) order.restore(new Uint32Array((await take((meta.lengths[i] ?? -1) * 4)).buffer))
}
