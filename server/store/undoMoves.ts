import type { EntityName } from '../../domain/catalogue/all.ts'
import { AppError } from '../../domain/errors.ts'
import type { WrappedKey } from '../crypto/broker.ts'
import { distinctKeys, type Keys, type StoredRow, storedRule } from './openRows.ts'
import { type ChangePlace, openValues } from './jobChange.ts'
import { lockRows, moveThese } from './moveBelow.ts'
import type { Shape } from './shape.ts'
import type { WriteSession } from './writeSession.ts'

type Noted = Omit<ChangePlace, 'job'> & { readonly entity: EntityName; readonly sealed: Buffer | null }

/** A record that a merge moved: where it took it from, and where it put it. */
type Moved = { readonly record: string; readonly from: string; readonly to: string }

const keysOf = 'select subject, epoch, version, suite, wrapped from keys.data_key where subject = any($1::integer[])'

const readKeys = async (session: WriteSession, changes: readonly Noted[]): Promise<Keys> => {
  const { rows } = await session.client.query<WrappedKey>(keysOf, [[...new Set(changes.map(({ subject }) => subject))]])
  return session.broker.open(rows)
}

const movedOf = (job: string, child: Shape, change: Noted, keys: Keys): Moved[] => {
  const key = keys.get(change.subject)
  if (!key) return []
  const { before, after } = openValues(key, { ...change, job }, change.sealed ?? Buffer.alloc(0))
  const field = child.parent!.field
  return [{ record: change.record, from: String(before[field]), to: String(after[field]) }]
}

const moveBack = async (session: WriteSession, child: Shape, moved: readonly Moved[], back: StoredRow): Promise<void> => {
  const subject = back['subject'] as number
  const keys = await session.broker.open(distinctKeys([back]))
  const target = { id: back['id'] as string, subject, key: keys.get(subject)!, rule: storedRule(back) }
  const ids = moved.map(({ record }) => record)
  // Only merging moves what hangs below a record.
  if ((await moveThese(session, child, ids, moved[0]!.to, target)) < ids.length) throw new AppError('not_undoable', { why: 'merged_since' })
}

/**
 * Hangs records back below where a merge took them from: all, but for those whose former place, or who themselves, are erased since. Whoever calls has
 * locked the records above and asked the policy. Returns which went back. Throws `not_undoable` with `merged_since` where one hangs elsewhere by now,
 * `envelope_invalid` for a tampered record or note, `key_unavailable`.
 */
export const undoMoves = async (session: WriteSession, job: string, child: Shape, changes: readonly Noted[]): Promise<Set<string>> => {
  if (!child.parent) throw new AppError('internal', { problem: 'a move without a parent' })
  const keys = await readKeys(session, changes)
  const byFormer = Map.groupBy(
    changes.flatMap((change) => movedOf(job, child, change, keys)),
    ({ from }) => from,
  )
  const above = await lockRows(session, child.parent.shape, 'r.id = any($1::uuid[])', [[...byFormer.keys()]])
  const back = new Set<string>()
  for (const row of above) {
    const moved = byFormer.get(row['id'] as string)!
    await moveBack(session, child, moved, row)
    for (const { record } of moved) back.add(record)
  }
  return back
}
