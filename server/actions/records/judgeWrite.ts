import { catalogue, type EntityName } from '../../../domain/catalogue/all.ts'
import type { Entity } from '../../../domain/catalogue/entity.ts'
import { AppError } from '../../../domain/errors.ts'
import { decide, type Scope } from '../../../domain/policy/decide.ts'
import { type AnyRow, ruleRowOf } from '../../store/openRows.ts'
import { readPlain } from '../../store/readPlain.ts'
import { readRules } from '../../store/readRules.ts'
import type { Parts } from '../parts.ts'
import { openOwners, ownerRefused } from './owners.ts'

type Values = Readonly<Record<string, unknown>>

/** A write to come: the record as it will be, as far as that matters here, and the fields that say something else than what is stored. */
type Write = { readonly values: Values; readonly changed: readonly string[] }

/** Throws for the rows as they were written, in the order of the writes: the transaction is undone then. */
type Judge = (rows: readonly AnyRow[]) => void

/** What decides whose a record is; nothing where it has no owner of its own. */
const ownershipOf = (entity: EntityName): { store: string; owner: string } | null => {
  const { rowScope } = catalogue[entity] as Entity
  return 'owner' in rowScope && rowScope.owner && rowScope.store ? { store: rowScope.store, owner: rowScope.owner } : null
}

/** The fields that refer to records which may exist and be out of the actor's sight. A parent out of sight is the store's to refuse. */
const referencesOf = (scope: Scope): { field: string; to: Scope }[] => {
  const { fields, rowScope } = catalogue[scope.entity] as Entity
  const parent = 'parent' in rowScope ? rowScope.parent : null
  return Object.entries(fields)
    .flatMap(([field, { to }]) => (to === null || field === parent ? [] : [{ field, to: decide(scope.actor, to as EntityName) }]))
    .filter(({ to }) => to.rows.kind !== 'all')
}

/** Returns the references to records that do not exist for the actor, as `field id`. */
const findHidden = async ({ pool }: Pick<Parts, 'pool'>, scope: Scope, writes: readonly Write[]): Promise<Set<string>> => {
  const hidden = new Set<string>()
  for (const { field, to } of referencesOf(scope)) {
    const ids = writes.flatMap(({ values, changed }) => (changed.includes(field) && values[field] != null ? [String(values[field])] : []))
    const seen = new Set(ids.length === 0 ? [] : (await readRules(pool, to, ids)).map(({ id }) => id))
    for (const id of ids) if (!seen.has(id)) hidden.add(`${field} ${id}`)
  }
  return hidden
}

/**
 * Learns, before the transaction, what else than the values themselves decides about writes: whether each new owner would see the record, and whether each
 * new reference is to one that exists for the actor. Returns what judges the written rows: it throws `input_invalid` as hand-over does for the
 * owner (`owner_elsewhere`, `bad_reference`), and for a reference out of sight as the database does for one to nothing.
 */
const judgeOf = async (parts: Pick<Parts, 'pool' | 'actors'>, scope: Scope, writes: readonly Write[]): Promise<Judge> => {
  const of = ownershipOf(scope.entity)
  const owners = openOwners(parts, scope.entity, [scope.actor])
  const isMoved = ({ changed }: Write): boolean => of !== null && (changed.includes(of.owner) || changed.includes(of.store))
  await owners.know(
    writes.flatMap((write) => (of && isMoved(write) ? [(write.values[of.owner] as string | null | undefined) ?? null] : [])),
  )
  const hidden = await findHidden(parts, scope, writes)
  return (rows) => {
    for (const [i, row] of rows.entries()) {
      const { values, changed } = writes[i]!
      const fault = isMoved(writes[i]!) ? owners.faultOf(ruleRowOf(row)) : null
      if (fault) throw ownerRefused(fault, rows.length > 1 ? i : undefined)
      const field = changed.find((name) => hidden.has(`${name} ${String(values[name])}`))
      if (field !== undefined) throw new AppError('input_invalid', { problems: [{ field, problem: 'bad_reference' }] })
    }
  }
}

/** Returns the judge of new records with these values. */
export const judgeCreation = (parts: Pick<Parts, 'pool' | 'actors'>, scope: Scope, inputs: readonly Values[]): Promise<Judge> =>
  judgeOf(
    parts,
    scope,
    inputs.map((values) => ({ values, changed: Object.keys(values) })),
  )

/**
 * Returns the judge of a change. What the record has already may stay, however old: an owner who has left, a referrer who has moved away. Whoever was
 * faster since has made another version, with which the change fails.
 */
export const judgeChange = async (parts: Pick<Parts, 'pool' | 'actors'>, scope: Scope, id: string, patch: Values): Promise<Judge> => {
  const of = ownershipOf(scope.entity)
  const asked = [...(of ? [of.store, of.owner] : []), ...referencesOf(scope).map(({ field }) => field)]
  if (!asked.some((field) => field in patch)) return () => {}
  const stored = (await readPlain(parts.pool, scope, id, asked)) ?? {}
  const changed = asked.filter((field) => field in patch && (patch[field] ?? null) !== (stored[field] ?? null))
  return judgeOf(parts, scope, [{ values: { ...stored, ...patch }, changed }])
}
