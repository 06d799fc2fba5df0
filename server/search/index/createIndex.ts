import type { Entity } from '../../../domain/catalogue/entity.ts'
import { sortKey } from '../../../domain/text/pinyin.ts'
import { createGroups, type Groups } from './groups.ts'
import { formatId, parseId } from './id.ts'
import { createOrder, type Order } from './order.ts'
import type { Page, PageQuery, SearchScope } from './query.ts'
import { createMatcher } from './matchWords.ts'
import { createExplainer } from './explainMatch.ts'
import { selectPage } from './selectPage.ts'
import { columnsOf, facetFields, type SearchField, searchFields } from './searchFields.ts'
import { sortByName } from './sortByName.ts'
import { createSlots, type Slots } from './slots.ts'
import { type Below, textsOf } from './textsOf.ts'
import { createRecordCursor, readText } from './textColumn.ts'

/** One opened record, as the index takes it: a row of the entity. */
export type IndexedRecord = {
  readonly id: string
  readonly subject: number
  /** ISO 8601. */
  readonly createdAt: string
  readonly trashedAt: string | null
  /** Those that hang below it. */
  readonly below?: readonly Below[]
} & { readonly [field: string]: unknown }

/** What is held about an entity, and the orders it is listed in. `byName` is null where no field is found by name. */
export type IndexState = {
  readonly fields: readonly SearchField[]
  readonly facets: readonly string[]
  readonly groups: Groups
  readonly slots: Slots
  readonly byCreated: Order
  readonly byName: Order | null
  /** The column with the ids of those below a record; -1 where nothing hangs below. */
  readonly belowColumn: number
  /** The comparisons behind the two orders, by slot. */
  readonly compare: { readonly created: Compare; readonly name: Compare }
}

type Compare = (a: number, b: number) => number

/** The index of one entity, in memory. Not for several threads: the worker owns it. */
export type SearchIndex = {
  readonly state: IndexState
  /** Adds a record without ordering it: for the first load, which `finishLoad` ends. */
  load(record: IndexedRecord): void
  finishLoad(): void
  /** Stores changed records and drops removed ones; each id counts once, the last wins. */
  apply(changed: readonly IndexedRecord[], removed: readonly string[]): void
  /** Frees the room of one segment that wastes enough (some 5 ms); false when there is none. */
  compact(): boolean
  /** The page and the exact total under the scope. Throws AppError('forbidden') for a sort the scope does not grant, 'input_invalid' for a query too long. */
  page(scope: SearchScope, query: PageQuery): Page
  /** The ids of records below which one with this id hangs, as the index has it. */
  holdersOf(belowId: string): string[]
  /** Records held. */
  size(): number
}

type Options = {
  /** Records of a segment; small in tests. */
  perSegment?: number
  /** The entity of those that hang below a record and find it. */
  below?: Entity
}

/** Returns an empty index for the entity. */
export function createIndex(entity: Entity, { perSegment = 4_096, below }: Options = {}): SearchIndex {
  const fields = searchFields(entity, below)
  const facets = facetFields(entity)
  const fieldColumns = fields.reduce((sum, field) => sum + columnsOf(field), 0)
  const slots = createSlots(fieldColumns + (below ? 1 : 0), perSegment)
  const groups = createGroups(facets)
  const nameColumn = nameColumnOf(fields)
  const ownerField = 'parent' in entity.rowScope ? undefined : entity.rowScope.owner

  const newer = (a: number, b: number): number => {
    const [created, subject, ids] = [slots.created(), slots.subject(), slots.ids()]
    return (
      created[a]! - created[b]! ||
      subject[a]! - subject[b]! ||
      Buffer.compare(ids.subarray(a * 16, a * 16 + 16), ids.subarray(b * 16, b * 16 + 16))
    )
  }
  // Keys are read again from the folded names instead of being kept: 25 MB less at a million, 20 keys per change more.
  const keys = new Map<number, Buffer>()
  const keyOf = (slot: number): Buffer => {
    const known = keys.get(slot)
    if (known !== undefined) return known
    if (keys.size > 20_000) keys.clear()
    const column = slots.segments()[Math.floor(slot / perSegment)]!.columns[nameColumn]!
    const key = Buffer.from(sortKey(readText(column, slot % perSegment)[0]!))
    keys.set(slot, key)
    return key
  }
  const byNameThenNewer = (a: number, b: number): number => Buffer.compare(keyOf(a), keyOf(b)) || newer(a, b)
  const byCreated = createOrder(newer, (slot) => slots.group()[slot]!)
  const byName = nameColumn < 0 ? null : createOrder(byNameThenNewer, (slot) => slots.group()[slot]!)
  const belowColumn = below ? fieldColumns : -1
  const state: IndexState = {
    fields,
    facets,
    groups,
    slots,
    byCreated,
    byName,
    belowColumn,
    compare: { created: newer, name: byNameThenNewer },
  }
  const match = createMatcher(state)
  const explain = createExplainer(state)

  // Records that a rule names stand in groups of their own, so that a rule is still asked once per group (groups.ts). They stay so when they change: whoever
  // works with somebody today asks again and again.
  const singled = new Set<string>()
  const regroup = (ids: readonly string[], apart: boolean): void => {
    const moved = ids.flatMap((id) => {
      const slot = slots.find(parseId(id), 0)
      return slot === -1 ? [] : [slot]
    })
    for (const order of [byCreated, byName]) order?.remove(moved)
    for (const slot of moved) {
      const from = slots.group()[slot]!
      const { trashed, facets: values } = groups.list()[from - 1]!
      const to = groups.intern({ trashed, facets: values, ...(apart ? { id: formatId(slots.ids(), slot) } : {}) })
      slots.regroup(slot, to)
      groups.count(from, -1)
      groups.count(to, 1)
    }
    for (const order of [byCreated, byName]) order?.insert([...moved])
  }
  const singleOut = (ids: readonly string[]): void => {
    if (ids.every((id) => singled.has(id))) return
    if (singled.size + ids.length > mostSingled) {
      regroup([...singled], false)
      singled.clear()
    }
    const fresh = ids.filter((id) => !singled.has(id))
    for (const id of fresh) singled.add(id)
    regroup(fresh, true)
  }

  const append = (record: IndexedRecord): number => {
    const values = Object.fromEntries(facets.map((name) => [name, (record[name] as string | null | undefined) ?? null]))
    const facts = { trashed: record.trashedAt !== null, facets: values }
    const group = groups.intern(singled.has(record.id) ? { ...facts, id: record.id } : facts)
    groups.count(group, 1)
    return slots.append({
      id: parseId(record.id),
      subject: record.subject,
      createdAt: Date.parse(record.createdAt),
      group,
      cluster: clusterOf(ownerField === undefined ? '' : String(values[ownerField])),
      texts: textsOf(fields, record),
    })
  }
  const kill = (slot: number, forget: boolean): void => {
    groups.count(slots.group()[slot]!, -1)
    slots.kill(slot, forget)
  }

  return {
    state,
    load: (record) => void append(record),
    finishLoad() {
      const live = Uint32Array.from(liveSlots(slots))
      byCreated.restore(live.toSorted(newer))
      byName?.restore(sortByName(slots, nameColumn, live, newer))
    },
    apply(changed, removed) {
      const last = new Map(changed.map((record) => [record.id, record]))
      const gone: number[] = []
      const fresh: number[] = []
      for (const id of [...removed.filter((one) => !last.has(one)), ...last.keys()]) {
        const old = slots.find(parseId(id), 0)
        const record = last.get(id)
        if (old !== -1) {
          gone.push(old)
          kill(old, record === undefined)
        }
        if (record) fresh.push(append(record))
      }
      for (const order of [byCreated, byName]) {
        order?.remove(gone)
        order?.insert([...fresh])
      }
      keys.clear()
    },
    compact() {
      const moved = slots.compact()
      if (!moved) return false
      for (const order of [byCreated, byName]) order?.rename(moved)
      keys.clear()
      return true
    },
    page(scope, query) {
      singleOut(scope.ids)
      const { slots: found, total } = selectPage(state, match, scope, query)
      const ids = slots.ids()
      const page = { ids: found.map((slot) => formatId(ids, slot)), total }
      const via = explain(scope, query.q, found)
      return via ? { ...page, via } : page
    },
    holdersOf(belowId) {
      if (belowColumn < 0) return []
      const wanted = Buffer.from(belowId.replaceAll('-', ''))
      return slots.segments().flatMap((segment, i) => {
        const column = segment?.columns[belowColumn]
        const holders: string[] = []
        for (let at = column ? column.bytes.subarray(0, column.used).indexOf(wanted) : -1; column && at !== -1;) {
          const slot = i * perSegment + createRecordCursor(column)(at)
          if (slots.group()[slot] !== 0) holders.push(formatId(slots.ids(), slot))
          at = column.bytes.subarray(0, column.used).indexOf(wanted, at + wanted.length)
        }
        return holders
      })
    },
    size: () => slots.live,
  }
}

/** Records in groups of their own at most: yesterday's working sets are let go of then. A day of 300 staff is about so many. */
const mostSingled = 4_000

/** Owners in so many clusters at most: each keeps a segment half empty, and a big dealer has hundreds of staff. */
const clusters = 64

/** Returns the cluster of an owner: the same after every start, since it is only a matter of which records stand together. */
function clusterOf(owner: string): number {
  let sum = 0
  for (let i = 0; i < owner.length; i++) sum = (Math.imul(sum, 31) + owner.charCodeAt(i)) | 0
  return (Math.imul(sum, 0x9e3779b1) >>> 16) % clusters
}

function nameColumnOf(fields: readonly SearchField[]): number {
  let column = 0
  for (const field of fields) {
    if (field.how === 'name') return column
    column += columnsOf(field)
  }
  return -1
}

function* liveSlots(slots: Slots): Generator<number> {
  const group = slots.group()
  for (const [i, segment] of slots.segments().entries()) {
    for (let slot = i * slots.perSegment, end = slot + (segment?.records ?? 0); slot < end; slot++) if (group[slot] !== 0) yield slot
  }
}
