import { AppError } from '../../domain/errors.ts'
import { decide } from '../../domain/policy/decide.ts'
import { none, satisfies } from '../../domain/policy/predicate.ts'
import { lockRows } from './moveBelow.ts'
import { storedRule } from './openRows.ts'
import { shapeOf } from './shape.ts'
import type { UndoneOne } from './undoChanges.ts'
import { refuse, type WriteSession } from './writeSession.ts'

type Noted = { readonly record: string; readonly subject: number }

const mergedAway = `select from merged m join job j on j.id = $1
  where m.job <> j.id and m.record = any($2::uuid[]) and m.merged_at > j.created_at limit 1`

const refuseUndo = (session: WriteSession, records: readonly { id: string; subject: number }[]): never =>
  refuse(
    session,
    { action: 'update', entity: 'customer', ids: records.map(({ id }) => id), subjects: records.map(({ subject }) => subject) },
    'forbidden',
  )

/**
 * Locks the records that a merge made one of, in the order of their ids as merging does, before anything is taken back. Throws `forbidden` where the actor
 * may not merge each of them, which is on record; `not_undoable` with `merged_since` where one was merged into another later: what hung below it is there.
 */
export const requireSeparable = async (session: WriteSession, job: string): Promise<void> => {
  const shape = shapeOf('customer')
  const stored = await lockRows(session, shape, 'r.id in (select record from job_change where job = $1)', [job])
  const scope = decide(session.actor, shape.name)
  const refused = stored.filter(
    (row) => !satisfies(scope.rows, storedRule(row)) || !satisfies(scope.actions.merge ?? none, storedRule(row)),
  )
  if (refused.length > 0)
    refuseUndo(
      session,
      refused.map((row) => ({ id: row['id'] as string, subject: row['subject'] as number })),
    )
  const { rowCount } = await session.client.query(mergedAway, [job, stored.map((row) => row['id'])])
  if (rowCount) throw new AppError('not_undoable', { why: 'merged_since' })
}

/**
 * Refuses a merge taken back in part, so that the transaction takes back nothing: a record that the actor may not change (`forbidden`) or that does not
 * open (`envelope_invalid`) would leave data doubled or with the wrong one. A field edited since, and somebody erased, are no reason: these stay.
 */
export const requireWhole = (session: WriteSession, changes: readonly Noted[], undone: readonly UndoneOne[]): void => {
  const because = (...why: string[]): string[] => undone.filter((one) => why.includes(one.why ?? '')).map(({ id }) => id)
  const forbidden = because('forbidden', 'not_found')
  if (forbidden.length > 0)
    refuseUndo(
      session,
      changes.filter(({ record }) => forbidden.includes(record)).map(({ record, subject }) => ({ id: record, subject })),
    )
  if (because('damaged').length > 0) throw new AppError('envelope_invalid')
}
