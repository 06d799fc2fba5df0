import { type Predicate, satisfies } from '../../../domain/policy/predicate.ts'
import type { IndexState } from './createIndex.ts'
import { addHit, clearHits, createHitSet, type HitSet } from './hitSet.ts'
import type { ParsedQuery } from './parseQuery.ts'
import { columnsOf, needleOf, type Probe, probesFor } from './probes.ts'
import type { SearchScope } from './query.ts'
import { scanColumn, scanRecord, type Sieve } from './scanColumn.ts'
import type { SearchField } from './searchFields.ts'

/** Returns the records that `table` admits and that match every word, each by a field open to the scope; valid until the next call. */
export type Matcher = (scope: SearchScope, query: ParsedQuery, table: Uint8Array) => HitSet

type OpenProbe = Probe & { readonly table: Uint8Array }

/** Fewer candidates than one in so many are looked at one by one instead of scanning all text. Measured at 1 M: a walk costs about 16 times a scan's share. */
const walkBelow = 16

/** Returns a matcher over the index, with scratch arrays that are used again. */
export function createMatcher(state: IndexState): Matcher {
  const { slots, fields, groups } = state
  let best = createHitSet()
  let found = createHitSet()

  const tablesOf = (base: Uint8Array): ((rule: Predicate) => Uint8Array) => {
    // Most fields share a rule: one table each, so that their candidates are gathered once.
    const tables = new Map<string, Uint8Array>()
    return (rule) => {
      const key = JSON.stringify(rule)
      const known = tables.get(key)
      if (known) return known
      const holds = groups.table((facts) => satisfies(rule, facts.facets))
      const table = base.map((admitted, group) => admitted & holds[group]!)
      tables.set(key, table)
      return table
    }
  }

  const openProbes = (scope: SearchScope, tableOf: (rule: Predicate) => Uint8Array, probes: (field: SearchField, column: number) => Probe[]): OpenProbe[] => {
    let column = 0
    return fields.flatMap((field) => {
      const first = column
      column += columnsOf(field)
      const right = scope.fields[field.name]
      if (!right) return []
      return probes(field, first).map((probe) => ({ ...probe, table: tableOf(right[probe.right]) })).filter((probe) => groups.sum(probe.table) > 0)
    })
  }

  const candidatesOf = (table: Uint8Array, count: number): Uint32Array => {
    const group = slots.group()
    const out = new Uint32Array(count)
    let at = 0
    for (let slot = 0; at < count; slot++) if (table[group[slot]!] === 1) out[at++] = slot
    return out
  }

  const run = (probes: readonly OpenProbe[], mask: HitSet | null, gathered: Map<Uint8Array, Uint32Array>): void => {
    const group = slots.group()
    for (const { table, column, needle, ranked } of probes) {
      const sieve: Sieve = { group, table, mask, found, ranked }
      const count = groups.sum(table)
      if (mask && mask.count * walkBelow < slots.live) {
        for (let i = 0; i < mask.count; i++) if (table[group[mask.slots[i]!]!] === 1) look(column, mask.slots[i]!, needle, sieve)
      } else if (count * walkBelow < slots.live) {
        const candidates = gathered.get(table) ?? candidatesOf(table, count)
        gathered.set(table, candidates)
        for (const slot of candidates) if (!mask || mask.marks[slot] !== 0) look(column, slot, needle, sieve)
      } else {
        let dense = false
        slots.segments().forEach((segment, i) => {
          if (segment) dense = scanColumn(segment.columns[column]!, i * slots.perSegment, needle, sieve, dense)
        })
      }
    }
  }
  const look = (column: number, slot: number, needle: Probe['needle'], sieve: Sieve): void => {
    const segment = slots.segments()[Math.floor(slot / slots.perSegment)]!
    scanRecord(segment.columns[column]!, slot % slots.perSegment, slot, needle, sieve)
  }

  return (scope, { words, phrase }, base) => {
    const room = slots.group().length
    const tableOf = tablesOf(base)
    const gathered = new Map<Uint8Array, Uint32Array>()
    clearHits(best, room)
    for (const [i, word] of words.entries()) {
      clearHits(found, room)
      run(openProbes(scope, tableOf, (field, column) => probesFor(word, field, column)), i === 0 ? null : best, gathered)
      if (i > 0) for (let k = 0; k < found.count; k++) addHit(found, found.slots[k]!, best.marks[found.slots[k]!] as 1 | 2 | 3)
      ;[best, found] = [found, best]
      if (best.count === 0) return best
    }
    if (words.length > 1) {
      clearHits(found, room)
      const wholeName = (field: SearchField, column: number): Probe[] => (field.how === 'name' ? [nameProbe(phrase, column)] : [])
      run(openProbes(scope, tableOf, wholeName), best, gathered)
      for (let k = 0; k < found.count; k++) addHit(best, found.slots[k]!, found.marks[found.slots[k]!] as 1 | 2 | 3)
    }
    return best
  }
}

const nameProbe = (phrase: string, column: number): Probe => ({ column, needle: needleOf(phrase, { start: true, end: true }), right: 'filter', ranked: true })
