import type { Actor } from '../../domain/policy/actor.ts'
import type { Parts } from '../actions/parts.ts'
import type { Job } from '../store/jobTable.ts'

/** What the work of one kind gets: the job as it stands, on whose behalf, and when to stop. */
export type Task = { readonly parts: Parts; readonly job: Job; readonly actor: Actor; readonly signal: AbortSignal }

/** Work of one kind. Goes on from `job.done`; ends when all is done, when `stopped` says so, or by throwing. */
export type Work = (task: Task) => Promise<void>

/** Thrown inside a batch whose job is no longer this worker's: cancelled, or advanced by another. The batch is rolled back, and that is all. */
export class Stopped extends Error {}
