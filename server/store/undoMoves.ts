import type { EntityName } from '../../domain/catalogue/all.ts'
import { AppError } from '../../domain/errors.ts'
import { decide } from '../../domain/policy/decide.ts'
import { none, satisfies } from '../../domain/policy/predicate.ts'
import type { WrappedKey } from '../crypto/broker.ts'
import type { DataKey } from '../crypto/dataKey.ts'
import { type ChangePlace, openValues } from './jobChange.ts'
import { isDamage } from './openEach.ts'
import { distinctKeys, storedRule } from './openRows.ts'
import { lockRows, moveOne } from './moveBelow.ts'
import type { Shape } from './shape.ts'
import type { WriteSession } from './writeSession.ts'

type Noted = Omit<ChangePlace, 'job'> & { readonly entity: EntityName; readonly sealed: Buffer | null }
type Ends = { readonly from: string; readonly to: string }

const keyOf = 'select subject, epoch, version, suite, wrapped from keys.data_key where subject = $1'

const readKey = async (session: WriteSession, subject: number): Promise<DataKey | undefined> => {
  const { rows } = await session.client.query<WrappedKey>(keyOf, [subject])
  return rows[0] ? (await session.broker.open(rows)).get(subject) : undefined
}

/** Where the job took it from, and where it put it. Throws `envelope_invalid`. */
const endsOf = (job: string, child: Shape, change: Noted, key: DataKey): Ends => {
  const { before, after } = openValues(key, { ...change, job }, change.sealed ?? Buffer.alloc(0))
  const field = child.parent!.field
  return { from: String(before[field]), to: String(after[field]) }
}

const undoMove = async (session: WriteSession, job: string, child: Shape, change: Noted): Promise<string | null> => {
  const shape = child.parent!.shape
  const key = await readKey(session, change.subject)
  if (!key) return 'erased'
  const { from, to } = endsOf(job, child, change, key)
  const above = await lockRows(session, shape, 'r.id = any($1::uuid[])', [[from, to]])
  const back = above.find((row) => row['id'] === from)
  if (!back) return 'erased'
  const may = decide(session.actor, shape.name).actions.merge ?? none
  if (!above.every((row) => satisfies(may, storedRule(row)))) return 'forbidden'
  const subject = back['subject'] as number
  const keys = await session.broker.open(distinctKeys([back]))
  const target = { id: from, subject, key: keys.get(subject)!, rule: storedRule(back) }
  return (await moveOne(session, child, change.record, to, target)) ? null : 'changed_since'
}

/**
 * Hangs records back below where a merge took them from, if they still hang where it put them. Returns for each why it stays, null for those that went
 * back: `erased`, `changed_since`, `forbidden`, `damaged`. Throws `key_unavailable`.
 */
export const undoMoves = async (
  session: WriteSession,
  job: string,
  child: Shape,
  changes: readonly Noted[],
): Promise<(string | null)[]> => {
  if (!child.parent) throw new AppError('internal', { problem: 'a move without a parent' })
  const kept: (string | null)[] = []
  for (const change of changes) {
    kept.push(
      await undoMove(session, job, child, change).catch((error: unknown) => {
        if (isDamage(error)) return 'damaged'
        throw error
      }),
    )
  }
  return kept
}
