import { absentValue } from '../../../domain/catalogue/labels.ts'
import { AppError } from '../../../domain/errors.ts'
import { satisfies } from '../../../domain/policy/predicate.ts'
import type { IndexState } from './createIndex.ts'
import { foldText } from '../../../domain/text/foldText.ts'
import { type GroupFacts, ruleRowOf } from './groups.ts'
import { type HitSet, keepHits } from './hitSet.ts'
import type { Label, Matcher } from './matchWords.ts'
import type { Order } from './order.ts'
import { parseQuery } from './parseQuery.ts'
import type { PageFilters, PageQuery, SearchScope, Span } from './query.ts'

type Selection = { slots: number[]; total: number }
type Part = { offset: number; limit: number }

/** Returns the slots of one page and the exact number of matching records. Throws as `page` of the index says. */
export function selectPage(state: IndexState, match: Matcher, scope: SearchScope, query: PageQuery): Selection {
  const { order, backwards } = orderOf(state, scope, query.sort)
  const table = state.groups.table((facts) => admits(state, scope, query.filters ?? {}, facts))
  const asked = query.q === undefined ? null : parseQuery(query.q)
  const labels = labelsOf(state, scope, query.labels ?? {})
  if (asked === null && labels.length === 0)
    return query.created
      ? selectSpan(state, order, backwards, table, query.created, query)
      : selectGroups(state, order, backwards, table, query)
  // Nothing but punctuation was asked for: that matches nothing, not everything.
  if (asked?.words.length === 0 || labels.some(({ text }) => text === '') || !table.includes(1)) return { slots: [], total: 0 }
  const hits = match(scope, { words: asked?.words ?? [], phrase: asked?.phrase ?? '', labels }, table)
  if (query.created) keepHits(hits, isWithin(state, query.created))
  return selectMatches(state, order, backwards, hits, query)
}

function labelsOf({ fields }: IndexState, scope: SearchScope, labels: Readonly<Record<string, readonly string[]>>): Label[] {
  return Object.entries(labels).flatMap(([name, values]) => {
    if (!scope.fields[name] || !fields.some((field) => field.name === name && field.how === 'text' && field.fragment))
      throw new AppError('input_invalid', { field: name })
    return values.map((value) => ({ field: name, text: foldText(value) }))
  })
}

function isWithin({ slots }: IndexState, { from, to }: Span): (slot: number) => boolean {
  const created = slots.created()
  return (slot) => created[slot]! >= from && created[slot]! < to
}

/** Within a stretch of time the total is counted along the order of creation, of which the stretch is one piece. */
function selectSpan(
  state: IndexState,
  order: Order,
  backwards: boolean,
  table: Uint8Array,
  span: Span,
  { offset, limit }: Part,
): Selection {
  const { byCreated, slots } = state
  const [sorted, groups, created] = [byCreated.slots(), byCreated.groups(), slots.created()]
  const placeOf = (time: number): number => {
    let [low, high] = [0, byCreated.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (created[sorted[middle]!]! < time) low = middle + 1
      else high = middle
    }
    return low
  }
  const [start, end] = [placeOf(span.from), placeOf(span.to)]
  let total = 0
  for (let at = start; at < end; at++) if (table[groups[at]!] === 1) total++
  const wanted = Math.min(limit, total - offset)
  if (wanted <= 0) return { slots: [], total }
  const within = isWithin(state, span)
  const found =
    order === byCreated
      ? walk(order, backwards, (_, group) => table[group] === 1, offset, wanted, start, end)
      : walk(order, backwards, (slot, group) => table[group] === 1 && within(slot), offset, wanted)
  return { slots: found, total }
}

function orderOf({ byName, byCreated }: IndexState, scope: SearchScope, sort: PageQuery['sort']): { order: Order; backwards: boolean } {
  const backwards = sort === undefined || sort.startsWith('-')
  if (sort !== 'name' && sort !== '-name') return { order: byCreated, backwards }
  if (!byName || !scope.fields['name']?.sort) throw new AppError('forbidden', { field: 'name' })
  return { order: byName, backwards }
}

function admits(state: IndexState, scope: SearchScope, filters: PageFilters, facts: GroupFacts): boolean {
  const rule = ruleRowOf(facts)
  if (facts.trashed !== (filters.trashed ?? false) || !satisfies(scope.rows, rule)) return false
  return Object.entries(filters.facets ?? {}).every(([name, values]) => {
    if (!state.facets.includes(name)) throw new AppError('input_invalid', { field: name })
    const right = scope.fields[name]
    return right !== undefined && satisfies(right.filter, rule) && values.includes(facts.facets[name] ?? absentValue)
  })
}

/** Without a text the total is a sum over groups, and the page is walked to from the nearer end. */
function selectGroups(state: IndexState, order: Order, backwards: boolean, table: Uint8Array, { offset, limit }: Part): Selection {
  const total = state.groups.sum(table)
  const wanted = Math.min(limit, total - offset)
  if (wanted <= 0) return { slots: [], total }
  const fromEnd = offset + wanted > total / 2
  const skip = fromEnd ? total - offset - wanted : offset
  const slots = walk(order, backwards !== fromEnd, (_, group) => table[group] === 1, skip, wanted)
  return { slots: fromEnd ? slots.reverse() : slots, total }
}

/** By relevance the classes follow each other, best first; otherwise there is one. */
function selectMatches(state: IndexState, order: Order, backwards: boolean, hits: HitSet, { offset, limit, sort }: PageQuery): Selection {
  const classes = sort === undefined ? [3, 2, 1] : [0]
  const counts = [hits.count, 0, 0, 0]
  if (sort === undefined) for (let i = 0; i < hits.count; i++) counts[hits.marks[hits.slots[i]!]!]!++
  const slots: number[] = []
  let before = 0
  for (const match of classes) {
    const size = counts[match]!
    const skip = Math.max(0, offset - before)
    const wanted = Math.min(limit - slots.length, size - skip)
    // One by one: a whole selection, as many records as are changed at once, is more than a call takes arguments.
    if (wanted > 0) for (const slot of selectClass(state, order, backwards, hits, match, size, skip, wanted)) slots.push(slot)
    before += size
  }
  return { slots, total: hits.count }
}

// What one comparison costs, in steps along an order. Measured: names have two sort keys to make (20 µs), times stand in arrays.
const [nameCost, createdCost] = [4_000, 10]

/** Takes a part of one class of hits (0: all) in order: by sorting them when they are few, else by walking the order until enough were met. */
function selectClass(
  state: IndexState,
  order: Order,
  backwards: boolean,
  hits: HitSet,
  match: number,
  size: number,
  skip: number,
  wanted: number,
): number[] {
  const isIn = (slot: number): boolean => (match === 0 ? hits.marks[slot] !== 0 : hits.marks[slot] === match)
  const byName = order === state.byName
  const steps = ((skip + wanted) / size) * order.length
  if (size * Math.log2(size + 1) * (byName ? nameCost : createdCost) > steps) return walk(order, backwards, isIn, skip, wanted)
  const compare = byName ? state.compare.name : state.compare.created
  const own = hits.slots
    .subarray(0, hits.count)
    .filter(isIn)
    .sort(backwards ? (a, b) => compare(b, a) : compare)
  return [...own.subarray(skip, skip + wanted)]
}

function walk(
  order: Order,
  backwards: boolean,
  holds: (slot: number, group: number) => boolean,
  skip: number,
  wanted: number,
  start = 0,
  end = order.length,
): number[] {
  const sorted = order.slots()
  const groups = order.groups()
  const out: number[] = []
  const step = backwards ? -1 : 1
  for (let at = backwards ? end - 1 : start, left = end - start; left > 0 && out.length < wanted; at += step, left--) {
    if (holds(sorted[at]!, groups[at]!) && skip-- <= 0) out.push(sorted[at]!)
  }
  return out
}
