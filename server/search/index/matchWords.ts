import { type Predicate, satisfies } from '../../../domain/policy/predicate.ts'
import type { IndexState } from './createIndex.ts'
import { ruleRowOf } from './groups.ts'
import { addHit, clearHits, createHitSet, type HitSet } from './hitSet.ts'
import type { ParsedQuery } from './parseQuery.ts'
import { needleOf, type Probe, probesFor } from './probes.ts'
import type { SearchScope } from './query.ts'
import { scanColumn, scanRecord, type Sieve } from './scanColumn.ts'
import { columnsOf, type SearchField } from './searchFields.ts'

/** A whole value that one field must hold, folded. */
export type Label = { readonly field: string; readonly text: string }

type Wanted = ParsedQuery & { readonly labels: readonly Label[] }

/**
 * Returns the records that `table` admits and that match every word, each by a field open to the scope, and carry every label; valid until the next call.
 */
export type Matcher = (scope: SearchScope, query: Wanted, table: Uint8Array) => HitSet

type OpenProbe = Probe & { readonly table: Uint8Array }

/** Fewer candidates than one in so many are looked at one by one instead of scanning all text. Measured at 1 M: a walk costs about 16 times a scan's share. */
const walkBelow = 16

/** Returns a matcher over the index, with scratch arrays that are used again. */
export function createMatcher(state: IndexState): Matcher {
  const { slots, fields, groups } = state
  let best = createHitSet()
  let found = createHitSet()

  const tablesOf = (base: Uint8Array): ((rule: Predicate) => Uint8Array) => {
    // Most fields share a rule: one table each, so that what it admits is counted once.
    const tables = new Map<string, Uint8Array>()
    return (rule) => {
      const key = JSON.stringify(rule)
      const known = tables.get(key)
      if (known) return known
      const holds = groups.table((facts) => satisfies(rule, ruleRowOf(facts)))
      const table = base.map((admitted, group) => admitted & holds[group]!)
      tables.set(key, table)
      return table
    }
  }

  const openProbes = (
    scope: SearchScope,
    tableOf: (rule: Predicate) => Uint8Array,
    probes: (field: SearchField, column: number) => Probe[],
  ): OpenProbe[] => {
    let column = 0
    return fields.flatMap((field) => {
      const first = column
      column += columnsOf(field)
      const right = scope.fields[field.name]
      if (!right) return []
      return probes(field, first)
        .map((probe) => ({ ...probe, table: tableOf(right[probe.right]) }))
        .filter((probe) => groups.sum(probe.table) > 0)
    })
  }

  /** How much of each segment the table admits: 0 nothing, 1 so little that each record is looked at, 2 enough to scan all of it. */
  const planOf = (table: Uint8Array): Uint8Array =>
    Uint8Array.from(slots.segments(), (segment) => {
      let admitted = 0
      segment?.groups.forEach((count, group) => {
        if (table[group] === 1) admitted += count
      })
      return !segment || admitted === 0 ? 0 : admitted * walkBelow < segment.records ? 1 : 2
    })

  const run = (probes: readonly OpenProbe[], mask: HitSet | null, plans: Map<Uint8Array, Uint8Array>): void => {
    const group = slots.group()
    for (const { table, column, needle, ranked } of probes) {
      const sieve: Sieve = { group, table, mask, found, ranked }
      if (mask && mask.count * walkBelow < slots.live) {
        for (let i = 0; i < mask.count; i++) look(column, mask.slots[i]!, needle, sieve)
        continue
      }
      const plan = plans.get(table) ?? planOf(table)
      plans.set(table, plan)
      let dense = false
      slots.segments().forEach((segment, i) => {
        const base = i * slots.perSegment
        if (plan[i] === 2) dense = scanColumn(segment!.columns[column]!, base, needle, sieve, dense)
        else if (plan[i] === 1) for (let slot = base; slot < base + segment!.records; slot++) look(column, slot, needle, sieve)
      })
    }
  }
  const look = (column: number, slot: number, needle: Probe['needle'], sieve: Sieve): void => {
    if (sieve.table[sieve.group[slot]!] !== 1 || (sieve.mask && sieve.mask.marks[slot] === 0)) return
    const segment = slots.segments()[Math.floor(slot / slots.perSegment)]!
    scanRecord(segment.columns[column]!, slot % slots.perSegment, slot, needle, sieve)
  }

  return (scope, { words, phrase, labels }, base) => {
    const room = slots.group().length
    const tableOf = tablesOf(base)
    const plans = new Map<Uint8Array, Uint8Array>()
    clearHits(best, room)
    const terms: ((field: SearchField, column: number) => Probe[])[] = [
      ...words.map((word) => (field: SearchField, column: number) => probesFor(word, field, column)),
      ...labels.map(
        (label) => (field: SearchField, column: number) => (field.name === label.field ? [labelProbe(label.text, column)] : []),
      ),
    ]
    for (const [i, probes] of terms.entries()) {
      clearHits(found, room)
      run(openProbes(scope, tableOf, probes), i === 0 ? null : best, plans)
      if (i > 0) for (let k = 0; k < found.count; k++) addHit(found, found.slots[k]!, best.marks[found.slots[k]!] as 1 | 2 | 3)
      ;[best, found] = [found, best]
      if (best.count === 0) return best
    }
    if (words.length > 1) {
      clearHits(found, room)
      const wholeName = (field: SearchField, column: number): Probe[] => (field.how === 'name' ? [nameProbe(phrase, column)] : [])
      run(openProbes(scope, tableOf, wholeName), best, plans)
      for (let k = 0; k < found.count; k++) addHit(best, found.slots[k]!, found.marks[found.slots[k]!] as 1 | 2 | 3)
    }
    return best
  }
}

const nameProbe = (phrase: string, column: number): Probe => ({
  column,
  needle: needleOf(phrase, { start: true, end: true }),
  right: 'filter',
  ranked: true,
})

const labelProbe = (text: string, column: number): Probe => ({
  column,
  needle: needleOf(text, { start: true, end: true }),
  right: 'filter',
  ranked: false,
})
