import Type from 'typebox'
import { jobKinds } from '../../../domain/jobs/kinds.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { hasDuty } from '../../../domain/policy/decide.ts'
import { keptRecords } from '../../actions/jobs/keptRecords.ts'
import { jobFor, jobsFor, ownJobFor, positionAfter } from '../../actions/jobs/jobFor.ts'
import { startUndo } from '../../actions/jobs/startUndo.ts'
import { cancelJob, pauseJob, resumeJob } from '../../actions/jobs/steerJob.ts'
import type { Parts } from '../../actions/parts.ts'
import { isUndoable, type Job } from '../../store/jobTable.ts'
import { type AnyRoute, route } from '../route.ts'
import { idOf } from './idOf.ts'

const text = Type.String()
const whole = Type.Integer()
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const count = Type.Optional(whole)
const result = Type.Object({
  created: count,
  updated: count,
  skipped: count,
  refused: count,
  checked: count,
  differing: count,
  found: count,
  changed: count,
  unchanged: count,
  undone: count,
  partly: count,
  kept: count,
  bytes: count,
  exported: count,
  missing: count,
  damaged: count,
  reasons: Type.Optional(Type.Record(text, whole)),
  list: Type.Optional(Type.Array(Type.Object({ id: text, entity: text, why: text, fields: Type.Optional(Type.Array(text)) }))),
})
const job = Type.Object({
  id: text,
  kind: text,
  act: orNull(text),
  state: text,
  done: whole,
  total: orNull(whole),
  problem: orNull(text),
  startedBy: orNull(text),
  createdAt: text,
  startedAt: orNull(text),
  finishedAt: orNull(text),
  undoes: orNull(text),
  undoneBy: orNull(text),
  pausable: Type.Boolean(),
  resumable: Type.Boolean(),
  cancellable: Type.Boolean(),
  undoable: Type.Boolean(),
  result,
})

type Result = { -readonly [K in keyof Type.Static<typeof result>]: Type.Static<typeof result>[K] }

const waiting = new Set(['queued', 'running'])
const stoppable = new Set(['staged', 'queued', 'running', 'paused'])

/** What `actor` is told of a job, and what of it they may do now. The list of records only where one job is asked for. */
const jobAnswer = (actor: Actor, of: Job, listing = true) => {
  const { id, kind, state, done, total, problem, startedBy, createdAt, startedAt, finishedAt, undoes, undoneBy } = of
  const mine = startedBy === actor.staffId || hasDuty(actor, 'jobs.manage')
  const { list, ...counts } = of.result as Result
  const act = (of.cursor['change'] as { kind?: string } | undefined)?.kind ?? null
  return {
    id,
    kind,
    act,
    state,
    done,
    total,
    problem,
    startedBy,
    createdAt,
    startedAt,
    finishedAt,
    undoes,
    undoneBy,
    pausable: mine && jobKinds[kind].pause && waiting.has(state),
    resumable: mine && state === 'paused',
    cancellable: mine && jobKinds[kind].cancel && stoppable.has(state),
    undoable: mine && isUndoable(of),
    result: { ...counts, ...(listing && list ? { list } : {}) },
  }
}

/** Background work: what runs and ran, and stopping, continuing and undoing it. */
export const jobRoutes = (parts: () => Parts): AnyRoute[] => {
  const steer = (name: 'pause' | 'resume' | 'cancel', summary: string, act: typeof pauseJob): AnyRoute =>
    route({
      method: 'POST',
      path: `/api/jobs/:id/${name}`,
      need: 'session',
      answer: job,
      summary,
      handle: async ({ actor, params }) => jobAnswer(actor, await act(parts(), actor, idOf(params))),
    })
  return [
    route({
      method: 'GET',
      path: '/api/jobs',
      need: 'session',
      answer: Type.Object({ items: Type.Array(job) }),
      summary: 'Background work, newest first: all of it, or what one started oneself',
      handle: async ({ actor }) => ({ items: (await jobsFor(parts(), actor)).map((one) => jobAnswer(actor, one, false)) }),
    }),
    route({
      method: 'GET',
      path: '/api/jobs/:id',
      need: 'session',
      programs: true,
      answer: job,
      summary: 'One job',
      handle: async ({ actor, params, wrote }) => {
        const found = await jobFor(parts(), actor, idOf(params))
        const position = await positionAfter(parts(), found)
        if (position !== null) wrote(position)
        return jobAnswer(actor, found)
      },
    }),
    route({
      method: 'GET',
      path: '/api/jobs/:id/records',
      need: { entity: 'customer' },
      answer: 'page',
      query: ['offset'],
      summary: 'The customers that a job left as they were, 50 at a time',
      handle: async ({ actor, scope, params, query }) => {
        const offset = query.get('offset') ?? '0'
        if (!/^\d{1,4}$/.test(offset)) throw new AppError('input_invalid', { problems: [{ field: 'offset', problem: 'range' }] })
        return keptRecords(parts(), scope, actor, idOf(params), Number(offset))
      },
    }),
    steer('pause', 'Stop a job for a while', pauseJob),
    steer('resume', 'Let a paused job go on', resumeJob),
    steer('cancel', 'Stop a job; what it did stays', cancelJob),
    route({
      method: 'POST',
      path: '/api/jobs/:id/undo',
      need: 'session',
      answer: job,
      status: 202,
      summary: 'Put back what a job changed, where nobody has changed it since',
      handle: async ({ actor, params, wrote }) => {
        const { id, position } = await startUndo(parts(), actor, await ownJobFor(parts(), actor, idOf(params), 'job_undo'))
        wrote(position)
        return jobAnswer(actor, await jobFor(parts(), actor, id))
      },
    }),
  ]
}
