import { type BulkChange, type BulkRow, type BulkVerdict, judgeBulk } from '../../../domain/crm/bulkChange.ts'
import { type Actor } from '../../../domain/policy/actor.ts'
import { decide, type Scope } from '../../../domain/policy/decide.ts'
import { none, type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import type { Parts } from '../parts.ts'

/** Judges customers one by one, once `know` has been told whose they are. */
export type BulkJudge = { know: (ownerIds: readonly (string | null)[]) => Promise<void>; judge: (row: BulkRow) => BulkVerdict }

/** Opens the judge of one change: it learns of each owner once which customers exist for them. */
export const bulkJudge = ({ pool, actors }: Pick<Parts, 'pool' | 'actors'>, scope: Scope, change: BulkChange): BulkJudge => {
  const known = new Map<string, Actor | null>()
  const reaches = (staffId: string, rule: RuleRow): boolean => {
    const actor = known.get(staffId)
    return actor != null && satisfies(decide(actor, scope.entity).rows, rule)
  }
  const tags = scope.fields['tags']?.read ?? none
  const seesTags = (row: BulkRow): boolean => satisfies(tags, row)
  return {
    know: async (ownerIds) => {
      const asked = change.kind === 'owner' ? [change.value] : change.kind === 'store' ? ownerIds : []
      for (const id of new Set(asked)) if (id !== null && !known.has(id)) known.set(id, await actors.ofStaff(pool, id))
    },
    judge: (row) => judgeBulk(change, row, { seesTags, reaches }),
  }
}
