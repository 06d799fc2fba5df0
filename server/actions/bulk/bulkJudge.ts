import { type BulkChange, type BulkRow, type BulkVerdict, judgeBulk } from '../../../domain/crm/bulkChange.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { none, type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import { findMergedAway } from '../../store/mergedAway.ts'
import type { Parts } from '../parts.ts'
import { openOwners } from '../records/owners.ts'

type Known = { readonly id: string; readonly ownerId: string | null }

/** Judges customers one by one, once `know` has been told of them. */
export type BulkJudge = { know: (rows: readonly Known[]) => Promise<void>; judge: (row: BulkRow) => BulkVerdict }

/** Opens the judge of one change: it learns of each owner once which customers exist for them. */
export const bulkJudge = ({ pool, actors }: Pick<Parts, 'pool' | 'actors'>, scope: Scope, change: BulkChange): BulkJudge => {
  const owners = openOwners({ pool, actors }, scope.entity)
  const merged = new Set<string>()
  const mayOwn = (rule: RuleRow): boolean => owners.faultOf(rule) === null
  const tags = scope.fields['tags']?.read ?? none
  const seesTags = (row: BulkRow): boolean => satisfies(tags, row)
  return {
    know: async (rows) => {
      const ids = change.kind === 'owner' ? [change.value] : change.kind === 'store' ? rows.map(({ ownerId }) => ownerId) : []
      await owners.know(ids)
      if (change.kind !== 'restore') return
      for (const id of (
        await findMergedAway(
          pool,
          rows.map((row) => row.id),
        )
      ).keys())
        merged.add(id)
    },
    // Whoever was merged into another comes back by undoing the merge (store/change.ts).
    judge: (row) => (merged.has(row.id ?? '') ? { keep: 'merged_away' } : judgeBulk(change, row, { seesTags, mayOwn })),
  }
}
