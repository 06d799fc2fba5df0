import { stringify } from 'csv-stringify'
import { pipeline, Readable } from 'node:stream'
import type { Field } from '../../../domain/catalogue/field.ts'
import { customer } from '../../../domain/crm/customer.ts'
import { problemLabels } from '../../../domain/import/problemLabels.ts'
import type { ImportProblem } from '../../../domain/import/problems.ts'
import { readableCell } from '../../../domain/import/uncachedFormula.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import type { Parts } from '../parts.ts'
import { importOf } from './importOf.ts'
import { readImport } from './readImport.ts'
import type { ImportTask } from './startImport.ts'

const fields: Readonly<Record<string, Field>> = customer.fields

// Both languages: the file may be opened by somebody else than who asked for it.
const inWords = ({ field, problem }: { field: string; problem: string }): string => {
  // A code of the catalogue's own check has no words here; the importer's rules come first and have.
  const { zh, en } = Object.hasOwn(problemLabels, problem) ? problemLabels[problem as ImportProblem] : { zh: problem, en: problem }
  const of = fields[field]?.label
  return of ? `${of.zh}:${zh} / ${of.en}: ${en}` : `${zh} / ${en}`
}

/**
 * Returns the rows an import refused as CSV, with line and reasons. They are made anew from the sealed upload each time, so no second copy of them
 * lies anywhere. A BOM lets Excel know it is UTF-8, and cells that look like formulas are quoted. Throws `not_found`, `staging_expired`; what goes wrong
 * on the way, the stream fails with.
 */
export const refusedRows = async (parts: Pick<Parts, 'staging' | 'pool' | 'audit'>, actor: Actor, id: string): Promise<Readable> => {
  const job = await importOf(parts, actor, id)
  const { wrapped, task: started } = job.cursor as { wrapped?: unknown; task?: ImportTask }
  // Before it was started nothing has been refused.
  if (!started) throw new AppError('not_found')
  const task = started
  const file = await parts.staging.read(id, wrapped)
  await parts.audit.append({ actor, action: 'export', entity: 'customer', ids: [id], outcome: 'done' })
  async function* lines(): AsyncGenerator<string[]> {
    // The file's own names of its columns, so that the rows can be mended where they stand and imported again.
    let names: readonly string[] = []
    let begun = false
    for await (const items of readImport(file, task, { onHeader: (header) => (names = header) })) {
      if (!begun) yield ['行 line', '原因 reason', ...names]
      begun = true
      for (const { line, cells, problems } of items) {
        if (problems) yield [String(line), [...new Set(problems.map(inWords))].join('; '), ...cells.map(readableCell)]
      }
    }
  }
  // pipe() would leave an error of the source to nobody, which ends the process, and a reader who goes away would leave the source open.
  return pipeline(Readable.from(lines()), stringify({ bom: true, escape_formulas: true }), () => {})
}
