import type { Predicate, RuleColumn } from '../../domain/policy/predicate.ts'

/** SQL expressions for the columns a rule may look at; one that a table does not have is absent, and satisfies nothing. */
export type RuleColumns = { readonly [K in RuleColumn]?: string }

/**
 * Returns the rule as an SQL condition; its values are pushed onto `values` and referred to by number. Never null: a null column is not in any list,
 * as in `satisfies`, which a property test holds against this. Values are cast to uuid, so a value that is not one fails the statement.
 */
export const predicateSql = (rule: Predicate, columns: RuleColumns, values: unknown[]): string => {
  switch (rule.kind) {
    case 'all':
      return 'true'
    case 'none':
      return 'false'
    case 'in': {
      const column = columns[rule.column]
      if (!column) return 'false'
      return `(${column} is not null and ${column} = any($${values.push(rule.values)}::uuid[]))`
    }
    case 'any':
    case 'every': {
      const parts = rule.of.map((part) => predicateSql(part, columns, values))
      return parts.length === 0 ? String(rule.kind === 'every') : `(${parts.join(rule.kind === 'any' ? ' or ' : ' and ')})`
    }
  }
}
