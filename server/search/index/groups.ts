import type { RuleRow } from '../../../domain/policy/predicate.ts'

/**
 * What all records of one group share: the plain values that row rules and filters look at. `id`: of the one record that is a group of its own, since a rule
 * names it.
 */
export type GroupFacts = { readonly trashed: boolean; readonly facets: Readonly<Record<string, string | null>>; readonly id?: string }

/** Returns the values of a group that a row rule looks at. */
export const ruleRowOf = ({ facets, id }: GroupFacts): RuleRow => (id === undefined ? facets : { ...facets, id })

/**
 * The distinct combinations of facet values and trash mark, numbered from 1; number 0 is no record. A shop has hundreds, not millions, so a
 * rule is evaluated once per group by the policy's own function, and a record costs one array look-up.
 */
export type Groups = {
  /** Returns the number of the combination, a new one if it is. */
  intern(facts: GroupFacts): number
  /** Adds to the number of records in a group. */
  count(group: number, by: 1 | -1): void
  /** Returns for every group 1 where `holds`, else 0; entry 0 is 0, and so is a group that nobody is in. */
  table(holds: (facts: GroupFacts) => boolean): Uint8Array
  /** Records in the groups that the table marks. */
  sum(table: Uint8Array): number
  /** Every group's facts in order of number, from 1; for the cache. */
  list(): readonly GroupFacts[]
}

/** Returns an empty set of groups over the named facets. */
export function createGroups(facetNames: readonly string[]): Groups {
  const numbers = new Map<string, number>()
  const all: GroupFacts[] = []
  const counts: number[] = [0]
  return {
    intern({ trashed, facets, id }) {
      const values = facetNames.map((name) => facets[name] ?? null)
      const key = JSON.stringify([trashed, values, id])
      const known = numbers.get(key)
      if (known !== undefined) return known
      const named = Object.fromEntries(facetNames.map((name, i) => [name, values[i] ?? null]))
      all.push({ trashed, facets: named, ...(id === undefined ? {} : { id }) })
      counts.push(0)
      numbers.set(key, all.length)
      return all.length
    },
    count(group, by) {
      counts[group] = (counts[group] ?? 0) + by
    },
    table(holds) {
      const table = new Uint8Array(all.length + 1)
      all.forEach((facts, i) => {
        if (counts[i + 1]! > 0 && holds(facts)) table[i + 1] = 1
      })
      return table
    },
    sum: (table) => counts.reduce((sum, count, group) => (table[group] === 1 ? sum + count : sum), 0),
    list: () => all,
  }
}
