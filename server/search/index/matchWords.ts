import { satisfies } from '../../../domain/policy/predicate.ts'
import type { IndexState } from './createIndex.ts'
import type { ParsedQuery } from './parseQuery.ts'
import { columnsOf, needleOf, type Probe, probesFor } from './probes.ts'
import type { SearchScope } from './query.ts'
import type { SearchField } from './searchFields.ts'
import { scanColumn, scanRecord, type Sieve } from './scanColumn.ts'

/** Marks in an array by slot how well each record that `table` admits matches all words; returns the array, valid until the next call. */
export type Matcher = (scope: SearchScope, query: ParsedQuery, table: Uint8Array) => Uint8Array

type OpenProbe = Probe & { readonly table: Uint8Array }

/** Fewer candidates than one in so many are looked at one by one instead of scanning all text. Measured: a walk costs about 40 times a scan's share. */
const walkBelow = 40

/** Returns a matcher over the index, with scratch arrays that are used again. */
export function createMatcher(state: IndexState): Matcher {
  const { slots, fields } = state
  let best = new Uint8Array(0)
  let found = new Uint8Array(0)

  const openProbes = (scope: SearchScope, table: Uint8Array, probes: (field: SearchField, column: number) => Probe[]): OpenProbe[] => {
    let column = 0
    return fields.flatMap((field) => {
      const first = column
      column += columnsOf(field)
      const right = scope.fields[field.name]
      if (!right) return []
      const opened = (rule: 'filter' | 'exact'): Uint8Array => {
        const holds = state.groups.table((facts) => satisfies(right[rule], facts.facets))
        return table.map((admitted, group) => admitted & holds[group]!)
      }
      const open = { filter: opened('filter'), exact: opened('exact') }
      return probes(field, first).map((probe) => ({ ...probe, table: open[probe.right] })).filter((probe) => probe.table.includes(1))
    })
  }

  const run = (probe: OpenProbe, mask: Uint8Array | null, candidates: number): void => {
    const sieve: Sieve = { group: slots.group(), table: probe.table, mask, found, ranked: probe.ranked }
    const walk = Math.min(candidates, state.groups.sum(probe.table)) * walkBelow < slots.live
    let dense = probe.needle.bytes.length === 1
    for (const [i, segment] of slots.segments().entries()) {
      if (!segment) continue
      const base = i * slots.perSegment
      const column = segment.columns[probe.column]!
      if (!walk) dense = scanColumn(column, base, probe.needle, sieve, dense) * 5 > segment.records
      else {
        for (let record = 0; record < segment.records; record++) {
          const slot = base + record
          if (sieve.table[sieve.group[slot]!] === 1 && (mask === null || mask[slot] !== 0)) scanRecord(column, record, slot, probe.needle, sieve)
        }
      }
    }
  }

  return (scope, { words, phrase }, table) => {
    const room = slots.group().length
    if (best.length < room) [best, found] = [new Uint8Array(room), new Uint8Array(room)]
    best.fill(0)
    let candidates = slots.live
    words.forEach((word, i) => {
      found.fill(0)
      if (candidates > 0) for (const probe of openProbes(scope, table, (field, column) => probesFor(word, field, column))) run(probe, i === 0 ? null : best, candidates)
      candidates = i === 0 ? take(best, found) : both(best, found)
    })
    if (words.length > 1 && candidates > 0) {
      found.fill(0)
      const wholeName = (field: SearchField, column: number): Probe[] => (field.how === 'name' ? [nameProbe(phrase, column)] : [])
      for (const probe of openProbes(scope, table, wholeName)) run(probe, best, candidates)
      for (let slot = 0; slot < best.length; slot++) if (found[slot] === 3) best[slot] = 3
    }
    return best
  }
}

const nameProbe = (phrase: string, column: number): Probe => ({ column, needle: needleOf(phrase, { start: true, end: true }), right: 'filter', ranked: true })

function take(best: Uint8Array, found: Uint8Array): number {
  let count = 0
  best.set(found)
  for (let slot = 0; slot < best.length; slot++) if (best[slot] !== 0) count++
  return count
}

function both(best: Uint8Array, found: Uint8Array): number {
  let count = 0
  for (let slot = 0; slot < best.length; slot++) {
    if (best[slot] === 0) continue
    best[slot] = found[slot] === 0 ? 0 : Math.max(best[slot]!, found[slot]!)
    if (best[slot] !== 0) count++
  }
  return count
}
