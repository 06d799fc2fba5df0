import { type BulkChange, type BulkRow, type BulkVerdict, judgeBulk } from '../../../domain/crm/bulkChange.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { none, type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import type { Parts } from '../parts.ts'
import { openOwners } from '../records/owners.ts'

/** Judges customers one by one, once `know` has been told whose they are. */
export type BulkJudge = { know: (ownerIds: readonly (string | null)[]) => Promise<void>; judge: (row: BulkRow) => BulkVerdict }

/** Opens the judge of one change: it learns of each owner once which customers exist for them. */
export const bulkJudge = ({ pool, actors }: Pick<Parts, 'pool' | 'actors'>, scope: Scope, change: BulkChange): BulkJudge => {
  const owners = openOwners({ pool, actors }, scope.entity)
  const mayOwn = (rule: RuleRow): boolean => owners.faultOf(rule) === null
  const tags = scope.fields['tags']?.read ?? none
  const seesTags = (row: BulkRow): boolean => satisfies(tags, row)
  return {
    know: async (ownerIds) => {
      await owners.know(change.kind === 'owner' ? [change.value] : change.kind === 'store' ? ownerIds : [])
    },
    judge: (row) => judgeBulk(change, row, { seesTags, mayOwn }),
  }
}
