/** Columns a row rule may look at, all of them pseudonymous ids. `id`: of the record, or of the one whose rule it shares. */
export type RuleColumn = 'id' | 'storeId' | 'ownerId'

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

// Parts of the same connective are one list, and the same rule twice is one rule: 'store and store' is 'store'. The same rule is the same object: a decision makes
// each of its rules once (decide.ts), and comparing them by what they say was most of what it cost.
const flatten = (kind: 'any' | 'every', rules: readonly Predicate[]): Predicate[] => [
  ...new Set(rules.flatMap((rule) => (rule.kind === kind ? rule.of : [rule]))),
]

/** Rows that satisfy at least one rule, simplified. */
export const any = (rules: readonly Predicate[]): Predicate => {
  const open = flatten('any', rules).filter((rule) => rule.kind !== 'none')
  if (open.some((rule) => rule.kind === 'all')) return all
  return open.length === 0 ? none : open.length === 1 ? open[0]! : { kind: 'any', of: open }
}

/** Rows that satisfy each rule, simplified. */
export const every = (rules: readonly Predicate[]): Predicate => {
  const narrowing = flatten('every', rules).filter((rule) => rule.kind !== 'all')
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

const mentioned = (rule: Predicate, column: RuleColumn): readonly string[] =>
  rule.kind === 'in' ? (rule.column === column ? rule.values : []) : 'of' in rule ? rule.of.flatMap((part) => mentioned(part, column)) : []

/** Returns the values that a rule asks a column for. */
export const mentionedIn = (rule: Predicate, column: RuleColumn): readonly string[] => [...new Set(mentioned(rule, column))]

/**
 * Whether each row that satisfies `narrow` satisfies `wide`. Exact: a rule only asks whether a value is one of those it mentions, so the mentioned
 * values, and null for every other, stand for all rows. Costs one evaluation per combination of mentioned id, store and owner.
 */
export const covers = (wide: Predicate, narrow: Predicate): boolean => {
  if (wide.kind === 'all' || narrow.kind === 'none') return true
  // The commonest question by far, and its ids of a long day are the costliest.
  if (JSON.stringify(wide) === JSON.stringify(narrow)) return true
  const values = (column: RuleColumn) => [null, ...mentionedIn({ kind: 'any', of: [wide, narrow] }, column)]
  const [ids, owners] = [values('id'), values('ownerId')]
  return values('storeId').every((storeId) =>
    owners.every((ownerId) => ids.every((id) => !satisfies(narrow, { id, storeId, ownerId }) || satisfies(wide, { id, storeId, ownerId }))),
  )
}
