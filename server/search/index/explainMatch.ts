import { satisfies } from '../../../domain/policy/predicate.ts'
import type { IndexState } from './createIndex.ts'
import { ruleRowOf } from './groups.ts'
import { parseQuery } from './parseQuery.ts'
import { type Probe, probesFor } from './probes.ts'
import type { SearchScope } from './query.ts'
import { findInRecord } from './scanColumn.ts'
import { columnsOf } from './searchFields.ts'
import { PART_END, readText, recordStart } from './textColumn.ts'

/** Says who below each found record made the difference (see `Page`); null where nobody did. */
export type Explainer = (scope: SearchScope, q: string | undefined, slots: readonly number[]) => (string | null)[] | null

/** Returns an explainer over the index: it looks at the few records of a page again, by the same probes and rights that found them. */
export function createExplainer(state: IndexState): Explainer {
  const { slots, fields, groups, belowColumn } = state
  let column = 0
  const places = fields.map((field) => {
    const first = column
    column += columnsOf(field)
    return { field, first }
  })

  return (scope, q, found) => {
    const words = belowColumn < 0 || q === undefined ? [] : (parseQuery(q)?.words ?? [])
    if (words.length === 0) return null
    const probes = words.map((word) =>
      places.flatMap(({ field, first }) => {
        const right = scope.fields[field.name]
        return right ? [{ below: field.below, right, probes: probesFor(word, field, first) }] : []
      }),
    )
    const ids = found.map((slot): string | null => {
      const segment = slots.segments()[Math.floor(slot / slots.perSegment)]!
      const record = slot % slots.perSegment
      const rule = ruleRowOf(groups.list()[slots.group()[slot]! - 1]!)
      const find = (probe: Probe): number => findInRecord(segment.columns[probe.column]!, record, probe.needle)?.at ?? -1
      for (const ways of probes) {
        const open = ways.flatMap(({ below, right, probes: all }) =>
          all.filter((probe) => satisfies(right[probe.right], rule)).map((probe) => ({ below, probe })),
        )
        if (open.some(({ below, probe }) => !below && find(probe) !== -1)) continue
        for (const { below, probe } of open) {
          const at = below ? find(probe) : -1
          if (at === -1) continue
          const { bytes } = segment.columns[probe.column]!
          let part = 0
          for (let i = recordStart(segment.columns[probe.column]!, record); i < at; i++) if (bytes[i] === PART_END) part++
          return uuidOf(readText(segment.columns[belowColumn]!, record).join('\t').split('\b')[part] ?? '')
        }
      }
      return null
    })
    return ids.some((id) => id !== null) ? ids : null
  }
}

const uuidOf = (hex: string): string | null =>
  hex.length === 32 ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : null
