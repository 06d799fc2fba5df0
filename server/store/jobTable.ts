import { randomUUID } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import { type JobKind, jobKinds, undoDays } from '../../domain/jobs/kinds.ts'
import type { Queryable } from './database.ts'
import { isOpenChange } from './jobChange.ts'

export type JobState = 'staged' | 'queued' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled'

/** Background work as the table keeps it: numbers, ids and codes, never a value. Times are ISO 8601. */
export type Job = {
  readonly id: string
  readonly kind: JobKind
  readonly state: JobState
  readonly total: number | null
  readonly done: number
  /** Where to go on from, and what the job was told. */
  readonly cursor: Readonly<Record<string, unknown>>
  readonly result: Readonly<Record<string, unknown>>
  /** Code of the error that ended it. */
  readonly problem: string | null
  /** Null for work that the product does by itself. */
  readonly startedBy: string | null
  /** Changes it has noted, so that they can be undone. */
  readonly changes: number
  /** The job that this one undoes. */
  readonly undoes: string | null
  /** The job that undoes or undid this one, the newest of several; null also when that one was stopped half way. */
  readonly undoneBy: string | null
  /** Whether that one came to its end and left what was out of its actor's rights: somebody else may undo that. */
  readonly undoLeft: boolean
  readonly createdAt: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
}

const newestUndoing =
  "from job u where u.undoes = job.id and u.state in ('queued', 'running', 'paused', 'done') order by u.created_at desc limit 1"

const columns = `id, kind, state, changes, undoes, (select u.id ${newestUndoing}) as "undoneBy",
  coalesce((select u.state = 'done' and u.result -> 'reasons' ?| array['forbidden', 'not_found'] ${newestUndoing}), false) as "undoLeft", total, done, coalesce(cursor, '{}') as cursor, coalesce(result, '{}') as result, problem,
  started_by as "startedBy", created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt"`

/** Inserts a job and returns its id. */
export const insertJob = async (
  client: Queryable,
  job: {
    id?: string
    kind: JobKind
    /** `done`: what it did is in the same transaction. */
    state: 'staged' | 'queued' | 'done'
    total?: number | null
    cursor?: object
    result?: object
    startedBy: string | null
    undoes?: string
  },
): Promise<string> => {
  const id = job.id ?? randomUUID()
  const facts = [job.total ?? null, JSON.stringify(job.cursor ?? {}), JSON.stringify(job.result ?? {}), job.startedBy, job.undoes ?? null]
  await client.query(
    `insert into job (id, kind, state, total, cursor, result, started_by, undoes, done, started_at, finished_at)
     select $1, $2, $3, $4, $5, $6, $7, $8, case when e.at is null then 0 else $4 end, e.at, e.at from (select case when $3 = 'done' then now() end as at) e`,
    [id, job.kind, job.state, ...facts],
  )
  return id
}

/** Returns the job, or null. */
export const readJob = async (client: Queryable, id: string): Promise<Job | null> =>
  (await client.query<Job>(`select ${columns} from job where id = $1`, [id])).rows[0] ?? null

/** Locks a job until the end of the transaction, and returns it as it is then. Throws `not_found`. */
export const lockJob = async (client: Queryable, id: string): Promise<Job> => {
  await client.query('select from job where id = $1 for update', [id])
  // What others wrote while we waited for the lock is seen only by another statement.
  const job = await readJob(client, id)
  if (!job) throw new AppError('not_found', { entity: 'job' })
  return job
}

/** Returns the newest jobs, at most 100; of one person only where one is named. */
export const listJobs = async (client: Queryable, startedBy: string | null = null): Promise<Job[]> =>
  (
    await client.query<Job>(`select ${columns} from job where $1::uuid is null or started_by = $1 order by created_at desc, id limit 100`, [
      startedBy,
    ])
  ).rows

const ended: readonly JobState[] = ['done', 'failed', 'cancelled']

/** Whether somebody has undone the job, as far as anybody could, or is about to. */
export const isUndone = ({ undoneBy, undoLeft }: Job): boolean => undoneBy !== null && !undoLeft

/** Whether the job has come to an end, noted what it changed not too long ago, and is not undone. */
export const isUndoable = (job: Job, now = Date.now()): boolean =>
  jobKinds[job.kind].undo &&
  ended.includes(job.state) &&
  job.changes > 0 &&
  !isUndone(job) &&
  job.finishedAt !== null &&
  now - Date.parse(job.finishedAt) < undoDays * 86_400_000

/** Returns how many of a job's changes are still noted, and how many of them can still be undone. */
export const countChanges = async (client: Queryable, id: string): Promise<{ noted: number; open: number }> =>
  (
    await client.query<{ noted: number; open: number }>(
      `select count(*) as noted, count(*) filter (where ${isOpenChange}) as open from job_change c where c.job = $1`,
      [id],
    )
  ).rows[0]!

/** Returns the newest job of the kind, or the newest in that state, or null. */
export const newestJob = async (client: Queryable, kind: JobKind, state: JobState | null = null): Promise<Job | null> =>
  (
    await client.query<Job>(
      `select ${columns} from job where kind = $1 and ($2::text is null or state = $2) order by created_at desc limit 1`,
      [kind, state],
    )
  ).rows[0] ?? null

/** Changes what a job that waits to be started was told; false when it was started in the meantime. */
export const restageJob = async (client: Queryable, id: string, { total, cursor }: { total: number; cursor: object }): Promise<boolean> =>
  (
    await client.query("update job set total = $2, cursor = $3, updated_at = now() where id = $1 and state = 'staged'", [
      id,
      total,
      JSON.stringify(cursor),
    ])
  ).rowCount === 1

/** Returns jobs that ought to be running: after a crash their workers are gone. */
export const unfinishedJobs = async (client: Queryable): Promise<string[]> =>
  (await client.query<{ id: string }>("select id from job where state in ('queued', 'running') order by created_at")).rows.map(
    (row) => row.id,
  )

/** Returns whether a job of the kind is queued or running. */
export const isUnderWay = async (client: Queryable, kind: JobKind): Promise<boolean> =>
  (await client.query("select 1 from job where kind = $1 and state in ('queued', 'running') limit 1", [kind])).rowCount === 1

/** Moves a job from one state to another; false when it was in none of them. */
export const moveJob = async (
  client: Queryable,
  id: string,
  from: readonly JobState[],
  to: JobState,
  facts: { problem?: string; cursor?: object } = {},
): Promise<boolean> => {
  const { rowCount } = await client.query(
    `update job set state = $3, updated_at = now(), problem = coalesce($4, problem), cursor = coalesce($5, cursor),
       started_at = case when $3 = 'running' then coalesce(started_at, now()) else started_at end, finished_at = case when $6 then now() else null end,
       sealed_task = case when $6 then null else sealed_task end
     where id = $1 and state = any($2)`,
    [id, from, to, facts.problem ?? null, facts.cursor ? JSON.stringify(facts.cursor) : null, ended.includes(to)],
  )
  return rowCount === 1
}

/**
 * Advances a running job from `from` to `done`, in the transaction of the batch that this stands for. False when it is no longer running or somebody
 * else has advanced it: the caller then rolls its batch back, so that no batch counts twice.
 */
export const advanceJob = async (
  client: Queryable,
  id: string,
  step: { from: number; done: number; total?: number | null; cursor?: object; result?: object },
): Promise<boolean> => {
  const { rowCount } = await client.query(
    `update job set done = $3, total = coalesce($4, total), cursor = coalesce($5, cursor), result = coalesce($6, result), updated_at = now()
     where id = $1 and state = 'running' and done = $2`,
    [
      id,
      step.from,
      step.done,
      step.total ?? null,
      step.cursor ? JSON.stringify(step.cursor) : null,
      step.result ? JSON.stringify(step.result) : null,
    ],
  )
  return rowCount === 1
}

/**
 * Deletes what staged jobs were told, once older than `hours`, and cancels those that were never started or stand paused: without their file they cannot
 * go on. Returns the ids whose files must go.
 */
export const expireStaged = async (client: Queryable, hours: number): Promise<string[]> => {
  await client.query("delete from import_shun s using job j where j.id = s.job and j.state in ('done', 'failed', 'cancelled')")
  const { rows } = await client.query<{ id: string }>(
    `update job set cursor = cursor - 'wrapped', state = case when state in ('staged', 'paused') then 'cancelled' else state end,
       finished_at = case when state in ('staged', 'paused') then now() else finished_at end, updated_at = now()
     where kind = 'import' and cursor ? 'wrapped' and created_at < now() - make_interval(hours => $1) and state <> 'running' returning id`,
    [hours],
  )
  return rows.map((row) => row.id)
}
