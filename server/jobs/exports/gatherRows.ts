import { customer } from '../../../domain/crm/customer.ts'
import type { Field } from '../../../domain/catalogue/field.ts'
import { cellOf, type CellWords, type ExportedCell } from '../../../domain/export/cells.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { none, type Predicate, satisfies } from '../../../domain/policy/predicate.ts'
import { openExportRows } from '../../store/exportRows.ts'
import { advanceJob } from '../../store/jobTable.ts'
import { ruleRowOf } from '../../store/openRows.ts'
import { Stopped, type Task } from '../job.ts'

/** Whom a file came to be about. `missing`: selected, and gone or out of reach since. */
export type Gathered = { ids: string[]; subjects: number[]; damaged: { id: string; subject: number }[]; missing: number }

type Wanted = {
  readonly scope: Scope
  readonly ids: readonly string[]
  readonly fields: readonly string[]
  readonly among: Predicate
  readonly made: Gathered
  readonly words: CellWords
}

/** Records of one step: each is a query, and a step of the progress. */
const stepRecords = 500

const declared: Readonly<Record<string, Field>> = customer.fields

/**
 * Yields the cells of what was selected, by field, step by step, and notes in `made` whom they are about. Each value leaves where policy lets it; elsewhere
 * what its mask leaves. Throws `Stopped` once the job is no longer this worker's.
 */
export async function* gatherRows(
  { parts, job, signal }: Task,
  { scope, ids, fields, among, made, words }: Wanted,
): AsyncGenerator<Record<string, ExportedCell>[]> {
  for (let at = 0; at < ids.length; at += stepRecords) {
    signal.throwIfAborted()
    const step = ids.slice(at, at + stepRecords)
    const { rows, damaged } = await openExportRows(parts, scope, step, { fields, among })
    made.ids.push(...rows.map((row) => row.id))
    made.subjects.push(...rows.map((row) => row.subject))
    made.damaged.push(...damaged)
    made.missing += step.length - rows.length - damaged.length
    yield rows.map((row) => {
      const rule = ruleRowOf(row)
      return Object.fromEntries(
        fields.map((name) => [name, cellOf(declared[name]!, row[name], satisfies(scope.fields[name]?.export ?? none, rule), words)]),
      )
    })
    if (!(await advanceJob(parts.pool, job.id, { from: at, done: at + step.length }))) throw new Stopped()
  }
}
