import { isDeepStrictEqual } from 'node:util'
import { AppError } from '../../domain/errors.ts'
import type { Scope } from '../../domain/policy/decide.ts'
import { none, satisfies } from '../../domain/policy/predicate.ts'
import { changeRecord, lockRecord, trashRecord } from './change.ts'
import { type AnyRow, openRow, ruleRowOf, storedRule } from './openRows.ts'
import { moveBelow } from './moveBelow.ts'
import { isRecordId, openKeysOf } from './reads.ts'
import type { Shape } from './shape.ts'
import { refuse, type WriteSession } from './writeSession.ts'

/** A record and the version somebody looked at. */
export type Seen = { readonly id: string; readonly version: number }

/**
 * Merges records about the same person into the first: it gets the fields that `patchOf` makes of all, everything that hung below the others, and they go
 * to the trash, where it stands into what they were merged. All or nothing, noted for the session's job, so that it can be undone. Returns the first as it
 * is then. Throws `not_found`, `version_conflict` with the id, `forbidden` without the right to merge each of them, `input_invalid`, `envelope_invalid`.
 */
export const mergeRecords = async (
  session: WriteSession,
  scope: Scope,
  shape: Shape,
  into: Seen,
  others: readonly Seen[],
  patchOf: (rows: readonly [AnyRow, ...AnyRow[]]) => Record<string, unknown>,
): Promise<AnyRow> => {
  const all = [into, ...others]
  if (session.job === null) throw new AppError('internal', { problem: 'a merge is noted' })
  if (new Set(all.map(({ id }) => id)).size < all.length || !all.every(({ id }) => isRecordId(id)))
    throw new AppError('not_found', { entity: scope.entity })
  // Locked in the order of their ids: two merges of the same people then wait for each other, and not both.
  const stored = new Map<string, Awaited<ReturnType<typeof lockRecord>>>()
  for (const { id, version } of all.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    stored.set(id, await lockRecord(session, scope, shape, id, version))
  const rows = all.map(({ id }) => stored.get(id)!)
  const subjects = rows.map((row) => row['subject'] as number)
  const attempt = { action: 'update', entity: scope.entity, ids: all.map(({ id }) => id), subjects } as const
  if (rows.some((row) => row['trashed_at'] !== null)) throw new AppError('not_found', { entity: scope.entity })
  if (!rows.every((row) => satisfies(scope.actions.merge ?? none, storedRule(row)))) refuse(session, attempt)
  const keys = await openKeysOf(session.broker, scope, shape, rows)
  const classes = shape.groups.map((group) => group.class)
  const [first, ...rest] = rows.map((row) => openRow(shape, row, keys, classes))
  const wanted = Object.entries(patchOf([first!, ...rest])).filter(([field, value]) => !isDeepStrictEqual(value, first![field] ?? null))
  const changed = await changeRecord(session, scope, shape, into.id, into.version, Object.fromEntries(wanted))
  const above = { id: into.id, subject: first!.subject, key: keys.get(first!.subject)!, rule: ruleRowOf(changed) }
  for (const other of others) {
    await moveBelow(session, shape, other.id, above)
    await trashRecord(session, scope, shape, other.id, other.version, 'trash', 'merge')
  }
  await session.client.query('insert into merged (record, into_record, job) select unnest($1::uuid[]), $2, $3', [
    others.map(({ id }) => id),
    into.id,
    session.job,
  ])
  return changed
}
