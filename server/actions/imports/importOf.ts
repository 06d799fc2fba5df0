import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { type Job, readJob } from '../../store/jobTable.ts'
import type { Parts } from '../parts.ts'

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Returns the import that this actor started; somebody else's does not exist for them. Throws `not_found`. */
export const importOf = async ({ pool }: Pick<Parts, 'pool'>, actor: Actor, id: string): Promise<Job> => {
  const job = uuid.test(id) ? await readJob(pool, id) : null
  if (!job || job.kind !== 'import' || job.startedBy !== actor.staffId) throw new AppError('not_found')
  return job
}

/** How an import stands, for its page. A file that waits to be started is `staged`. */
export type ImportStatus = {
  id: string
  state: string
  done: number
  total: number | null
  created: number
  updated: number
  skipped: number
  refused: number
  /** Customers whose owner nobody knows, or who would not be seen by them: they wait in the pool. */
  pooled: number
  /** Customers put into the chosen store, because the list names one that is unknown or out of reach. */
  storeUnknown: number
  problems: { row: number; field: string; problem: string }[]
  problem: string | null
}

/** Returns the status of an import's job. */
export const statusOf = (job: Job): ImportStatus => {
  const count = (name: string): number => (typeof job.result[name] === 'number' ? job.result[name] : 0)
  return {
    id: job.id,
    state: job.state,
    done: job.done,
    total: job.total,
    created: count('created'),
    updated: count('updated'),
    skipped: count('skipped'),
    refused: count('refused'),
    pooled: count('pooled'),
    storeUnknown: count('storeUnknown'),
    problems: Array.isArray(job.result['problems']) ? (job.result['problems'] as ImportStatus['problems']) : [],
    problem: job.problem,
  }
}
