import type { BulkChange } from '../../../domain/crm/bulkChange.ts'
import type { Masked } from '../../../domain/catalogue/entity.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { none, satisfies } from '../../../domain/policy/predicate.ts'
import { readRules, type RuledRow } from '../../store/readRules.ts'
import { shapeOf } from '../../store/shape.ts'
import { refusedChange, ruleOfValues } from '../../store/writeRules.ts'
import type { Parts } from '../parts.ts'
import { viewOf } from '../records/viewOf.ts'
import { type BulkJudge, bulkJudge } from './bulkJudge.ts'

/** What a change of many would do: how many it would change, how many it would leave and why, and the first by name. */
export type BulkPreview = {
  count: number
  refused: { count: number; reasons: Record<string, number> }
  sample: { id: string; name: string }[]
}

/** Names shown with a preview: enough to see whether these are the right people. */
const shown = 5

const whyNot = (scope: Scope, judge: BulkJudge['judge'], row: RuledRow): string | null => {
  const verdict = judge(row)
  if ('keep' in verdict) return verdict.keep
  if ('move' in verdict) return satisfies(scope.actions[verdict.move] ?? none, row) ? null : 'forbidden'
  const shape = shapeOf(scope.entity)
  const after = ruleOfValues(shape, { ...row, ...verdict.patch })
  return refusedChange(scope, shape, verdict.patch, row, after, row).length === 0 ? null : 'forbidden'
}

const nameOf = (value: unknown): string => (typeof value === 'string' ? value : ((value as Masked | null)?.masked ?? ''))

/**
 * Says what a change would do, from policy and plain columns alone: nothing is opened but the few customers that are named, which is a look on record.
 * Whether a tag is there already is not said.
 */
export const previewBulk = async (
  parts: Pick<Parts, 'pool' | 'actors' | 'records'>,
  scope: Scope,
  change: BulkChange,
  ids: readonly string[],
): Promise<BulkPreview> => {
  const rows = await readRules(parts.pool, scope, ids)
  const { know, judge } = bulkJudge(parts, scope, change)
  await know(rows)
  const absent = new Set(ids).size - rows.length
  const reasons: Record<string, number> = absent > 0 ? { not_found: absent } : {}
  const accepted: string[] = []
  for (const row of rows) {
    const why = whyNot(scope, judge, row)
    if (why === null) accepted.push(row.id)
    else reasons[why] = (reasons[why] ?? 0) + 1
  }
  const sample = await parts.records.getMany(scope, accepted.slice(0, shown))
  return {
    count: accepted.length,
    refused: { count: ids.length - accepted.length, reasons },
    sample: sample.rows.map((row) => ({ id: row.id, name: nameOf((viewOf(scope, row) as Record<string, unknown>)['name']) })),
  }
}
