import type { Queryable } from './database.ts'

/** Freezes which records a job is about, ordered by id: two jobs over the same records then never wait for each other in a circle. */
export const insertItems = async (client: Queryable, job: string, ids: readonly string[]): Promise<void> => {
  const sorted = [...new Set(ids)].toSorted()
  await client.query(
    'insert into job_item (job, n, record) select $1, t.n - 1, t.id from unnest($2::uuid[]) with ordinality as t (id, n)',
    [job, sorted],
  )
}

/** Returns the ids of the job's records from place `from` on, at most `limit`. */
export const readItems = async (client: Queryable, job: string, from: number, limit: number): Promise<string[]> =>
  (
    await client.query<{ id: string }>('select record as id from job_item where job = $1 and n >= $2 order by n limit $3', [
      job,
      from,
      limit,
    ])
  ).rows.map(({ id }) => id)

/** Forgets which records the jobs were about that have ended. */
export const forgetItems = async (client: Queryable): Promise<void> => {
  await client.query("delete from job_item i using job j where j.id = i.job and j.state in ('done', 'failed', 'cancelled')")
}
