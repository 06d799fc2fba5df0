import type { Queryable } from './database.ts'
import { statement } from './statement.ts'

/** Into which record another was merged, and by which job, as long as it lies in the trash for that. */
export type MergedAway = { readonly into: string; readonly jobId: string }

const find = statement('select m.record as id, m.into_record as "into", m.job as "jobId" from merged m where m.record = any($1::uuid[])')

/** Returns those of the records that were merged into another, by id. Ids only: nobody is looked at. */
export const findMergedAway = async (client: Queryable, ids: readonly string[]): Promise<Map<string, MergedAway>> => {
  if (ids.length === 0) return new Map()
  const { rows } = await client.query<MergedAway & { id: string }>({ ...find, values: [ids] })
  return new Map(rows.map(({ id, into, jobId }) => [id, { into, jobId }]))
}
