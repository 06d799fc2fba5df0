import { setImmediate, setTimeout } from 'node:timers/promises'
import { likenessKeys, mostAlike } from '../../../domain/crm/likeness.ts'
import type { IndexState } from './createIndex.ts'
import { formatId } from './id.ts'
import { columnsOf } from './searchFields.ts'
import { readText } from './textColumn.ts'

/** Records worked on between two answers to others: some 0.5 ms, so that a list waits hardly longer than on an idle machine. */
const SLICE = 64
const BUCKETS = 1_024

/** Two 32-bit hashes of a key (FNV-1a from two beginnings): what collides is compared in full afterwards. */
const hashOf = (key: string, start: number): number => {
  let hash = start
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** A list of numbers that grows without an object per entry. */
const createNumbers = () => {
  let items = new Uint32Array(65_536)
  let size = 0
  return {
    push(value: number): void {
      if (size === items.length) {
        const wider = new Uint32Array(size * 2)
        wider.set(items)
        items = wider
      }
      items[size++] = value
    },
    view: () => items.subarray(0, size),
  }
}

const keysAt = ({ slots, fields }: IndexState): ((slot: number) => string[]) => {
  let column = 0
  const at = new Map<string, number>()
  for (const field of fields) {
    at.set(field.name, column)
    column += columnsOf(field)
  }
  const [name, addresses] = [at.get('name'), at.get('addresses')]
  return (slot) => {
    const segment = slots.segments()[Math.floor(slot / slots.perSegment)]
    // Changed or moved since: what became of it is found next time.
    if (!segment || slots.group()[slot] === 0 || name === undefined || addresses === undefined) return []
    const record = slot % slots.perSegment
    return likenessKeys(readText(segment.columns[name]!, record)[0] ?? '', readText(segment.columns[addresses]!, record))
  }
}

/** The indexes of the hashes, ordered so that those of one bucket stand together; with where each bucket begins. */
const sortIntoBuckets = (hashes: Uint32Array): { order: Uint32Array; starts: Uint32Array } => {
  const starts = new Uint32Array(BUCKETS + 1)
  for (const hash of hashes) starts[(hash % BUCKETS) + 1]! += 1
  for (let i = 0; i < BUCKETS; i++) starts[i + 1]! += starts[i]!
  const next = starts.slice()
  const order = new Uint32Array(hashes.length)
  for (let i = 0; i < hashes.length; i++) order[next[hashes[i]! % BUCKETS]!++] = i
  return { order, starts }
}

/**
 * Returns pairs of ids of records outside the trash that are alike by name and address (domain/crm/likeness.ts), each with the older first. Gives way
 * between slices, so that questions are answered meanwhile; needs 12 bytes of memory per key.
 */
export const findAlike = async (state: IndexState, signal: AbortSignal): Promise<[string, string][]> => {
  const { slots, groups } = state
  const keysOf = keysAt(state)
  const [firsts, seconds, places] = [createNumbers(), createNumbers(), createNumbers()]
  const end = slots.segments().length * slots.perSegment
  for (let from = 0; from < end; from += SLICE) {
    const live = groups.table(({ trashed }) => !trashed)
    for (let slot = from; slot < from + SLICE && slot < end; slot++) {
      if (!live[slots.group()[slot] ?? 0]) continue
      for (const key of keysOf(slot)) {
        firsts.push(hashOf(key, 0x811c9dc5))
        seconds.push(hashOf(key, 0x9747b28c))
        places.push(slot)
      }
    }
    // Rests as long as it works: a small computer has two cores, and lists are asked for on both.
    await setTimeout(1)
    signal.throwIfAborted()
  }
  const [first, second, place] = [firsts.view(), seconds.view(), places.view()]
  const { order, starts } = sortIntoBuckets(first)
  const pairs = new Map<string, [string, string]>()
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const mine = order.subarray(starts[bucket], starts[bucket + 1]).toSorted((a, b) => first[a]! - first[b]! || second[a]! - second[b]!)
    for (let i = 0; i < mine.length;) {
      let j = i + 1
      while (j < mine.length && first[mine[j]!] === first[mine[i]!] && second[mine[j]!] === second[mine[i]!]) j++
      if (j - i > 1 && j - i <= mostAlike)
        for (const pair of pairsOf([...new Set(Array.from(mine.subarray(i, j), (one) => place[one]!))])) pairs.set(pair.join(' '), pair)
      i = j
    }
    await setImmediate()
    signal.throwIfAborted()
  }
  return [...pairs.values()]

  function pairsOf(same: readonly number[]): [string, string][] {
    const sorted = same
      .map((slot) => ({ id: formatId(slots.ids(), slot), keys: new Set(keysOf(slot)) }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    return sorted.flatMap((one, i) =>
      sorted
        .slice(i + 1)
        .flatMap((other) => ([...other.keys].some((key) => one.keys.has(key)) ? [[one.id, other.id] satisfies [string, string]] : [])),
    )
  }
}
