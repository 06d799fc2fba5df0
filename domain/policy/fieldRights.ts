import { catalogue } from '../catalogue/all.ts'
import type { Field } from '../catalogue/field.ts'
import { type FieldRight, mayKnow, type Scope, usesOf } from './decide.ts'
import { covers, type Predicate } from './predicate.ts'
import type { Use } from './role.ts'

/** How far a right reaches within the rows that exist for the actor. */
export type Reach = 'nowhere' | 'somewhere' | 'everywhere'

/** What a client needs to know to draw a field: whether it may be asked for, not whose row allows it. */
export type ClientRight = {
  readonly read: Reach
  readonly filter: Reach
  readonly exact: Reach
  readonly sort: boolean
  readonly write: Reach
  readonly reveal: Reach
  readonly export: Reach
  readonly uses: readonly Use[]
}

const reachOf = (rule: Predicate, rows: Predicate): Reach =>
  rule.kind === 'none' ? 'nowhere' : covers(rule, rows) ? 'everywhere' : 'somewhere'

const clientRight = (right: FieldRight, field: Field, rows: Predicate): ClientRight => ({
  read: reachOf(right.read, rows),
  filter: reachOf(right.filter, rows),
  exact: reachOf(right.exact, rows),
  sort: right.sort,
  write: reachOf(right.write, rows),
  reveal: reachOf(right.reveal, rows),
  export: reachOf(right.export, rows),
  uses: right.use.kind === 'none' ? [] : usesOf(field),
})

/** Returns the rights of the actor of a scope for each field they may know of, and only for those. Without ids: it may be sent to the client. */
export const fieldRights = (scope: Scope): Record<string, ClientRight> => {
  if (scope.rows.kind === 'none') return {}
  const fields: Readonly<Record<string, Field>> = catalogue[scope.entity].fields
  return Object.fromEntries(
    Object.entries(scope.fields).flatMap(([name, right]) =>
      mayKnow(right) && fields[name] ? [[name, clientRight(right, fields[name], scope.rows)]] : [],
    ),
  )
}
