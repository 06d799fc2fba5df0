/** Columns a row rule may look at. Both hold pseudonymous ids. */
export type RuleColumn = 'storeId' | 'ownerId'

/**
 * A rule over one row, with the actor already filled in: the only language of row scopes. It is evaluated here (browser and server),
 * compiled to SQL in `store/predicateSql.ts` and to typed arrays in `search/`; a property test holds the three together.
 */
export type Predicate =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | { readonly kind: 'in'; readonly column: RuleColumn; readonly values: readonly string[] }
  | { readonly kind: 'any'; readonly of: readonly Predicate[] }
  | { readonly kind: 'every'; readonly of: readonly Predicate[] }

export const all: Predicate = { kind: 'all' }
export const none: Predicate = { kind: 'none' }

/** Rows whose column holds one of `values`; no values, no rows. A null column is never in. */
export const isIn = (column: RuleColumn, values: readonly string[]): Predicate =>
  values.length === 0 ? none : { kind: 'in', column, values }

// The same rule twice is one rule: otherwise equal rights would look different to whoever compares them.
const distinct = (rules: readonly Predicate[]): Predicate[] => [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()]

/** Rows that satisfy at least one rule, simplified. */
export const any = (rules: readonly Predicate[]): Predicate => {
  const open = distinct(rules.filter((rule) => rule.kind !== 'none'))
  if (open.some((rule) => rule.kind === 'all')) return all
  return open.length === 0 ? none : open.length === 1 ? open[0]! : { kind: 'any', of: open }
}

/** Rows that satisfy each rule, simplified. */
export const every = (rules: readonly Predicate[]): Predicate => {
  const narrowing = distinct(rules.filter((rule) => rule.kind !== 'all'))
  if (narrowing.some((rule) => rule.kind === 'none')) return none
  return narrowing.length === 0 ? all : narrowing.length === 1 ? narrowing[0]! : { kind: 'every', of: narrowing }
}

export type RuleRow = { readonly [K in RuleColumn]?: string | null }

/** Whether the row satisfies the rule. A column the row does not have satisfies nothing. */
export const satisfies = (rule: Predicate, row: RuleRow): boolean => {
  switch (rule.kind) {
    case 'all':
      return true
    case 'none':
      return false
    case 'in': {
      const value = row[rule.column]
      return value != null && rule.values.includes(value)
    }
    case 'any':
      return rule.of.some((part) => satisfies(part, row))
    case 'every':
      return rule.of.every((part) => satisfies(part, row))
  }
}
