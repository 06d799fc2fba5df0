import type { EntityName } from '../../../domain/catalogue/all.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { decide } from '../../../domain/policy/decide.ts'
import { type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import { isRecordId } from '../../store/reads.ts'
import type { Parts } from '../parts.ts'

/** Why a record is not given to somebody: they are not among those who work here, or it would not exist for them. */
export type OwnerFault = 'bad_reference' | 'owner_elsewhere'

/** Judges whose records may be, once `know` has been told of the people in question. */
export type Owners = {
  /** Learns of each of them once, all in one query. */
  know: (ids: readonly (string | null)[]) => Promise<void>
  /** Returns what speaks against a record under this rule, or null; a record without owner is in order. Whoever was not made known is not there. */
  faultOf: (rule: RuleRow) => OwnerFault | null
}

/** Opens the one rule of ownership: a record belongs to nobody, or to an active member of staff for whom it exists. `known`: people who are at hand. */
export const openOwners = ({ pool, actors }: Pick<Parts, 'pool' | 'actors'>, entity: EntityName, known: readonly Actor[] = []): Owners => {
  const people = new Map<string, Actor | null>(known.map((actor) => [actor.staffId, actor]))
  return {
    know: async (ids) => {
      const asked = [...new Set(ids)].filter((id) => isRecordId(id) && !people.has(id)) as string[]
      if (asked.length === 0) return
      const found = await actors.ofMany(pool, asked)
      for (const id of asked) people.set(id, found.get(id) ?? null)
    },
    faultOf: (rule) => {
      if (rule.ownerId == null) return null
      const owner = people.get(rule.ownerId)
      if (!owner) return 'bad_reference'
      return satisfies(decide(owner, entity).rows, rule) ? null : 'owner_elsewhere'
    },
  }
}

/** Returns the refusal of an owner; `index` is the place in a batch. */
export const ownerRefused = (problem: OwnerFault, index?: number): AppError =>
  new AppError('input_invalid', { problems: [{ field: 'ownerId', problem }], ...(index === undefined ? {} : { index }) })
