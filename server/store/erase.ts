import { AppError } from '../../domain/errors.ts'
import type { Reason } from '../../domain/audit/reasons.ts'
import type { Scope } from '../../domain/policy/decide.ts'
import { none, satisfies } from '../../domain/policy/predicate.ts'
import type { Detail } from '../audit/entry.ts'
import { lockAnyRecord } from './change.ts'
import { storedRule } from './openRows.ts'
import { refuse, type WriteSession, writeTogether } from './writeSession.ts'
import { allShapes, type Shape } from './shape.ts'
import { statement } from './statement.ts'

/** DESIGN 4: days until the epoch that wrapped the key has rotated and its key is destroyed. */
export const EPOCH_DAYS = 30
/** DESIGN 4: days until the last copy of the keyring that held that epoch key has expired. */
export const KEYRING_COPY_DAYS = 14

/** What an erasure leaves: when the key was destroyed here, and by when no copy can open the data anywhere. Times are ISO 8601. */
export type ErasureCertificate = { readonly subject: number; readonly erasedAt: string; readonly completeBy: string }

/**
 * Erases a person: destroys the data key, leaves a tombstone that forbids another, and deletes every record about them. Their entries in the audit log stay,
 * and name a number only. Throws `not_found`, `version_conflict`, `forbidden`, `input_invalid` for an entity that is not itself a person.
 */
export const eraseSubject = async (
  session: WriteSession,
  scope: Scope,
  shape: Shape,
  id: string,
  why: { version?: number; reason?: Reason; detail?: Detail },
): Promise<ErasureCertificate> => {
  if (shape.entity.subject !== 'self') throw new AppError('input_invalid', { problem: 'not_a_subject' })
  // Also a record that does not open any more: somebody tampered with it, and the person still has the right to be forgotten.
  const stored = await lockAnyRecord(session, scope, shape, id, why.version ?? null)
  const subject = stored['subject'] as number
  const entry = {
    action: 'erase' as const,
    entity: scope.entity,
    ids: [id],
    subjects: [subject],
    ...(why.reason ? { reason: why.reason } : {}),
    ...(why.detail ? { detail: why.detail } : {}),
  }
  if (!satisfies(scope.actions.erase ?? none, storedRule(stored))) refuse(session, entry)
  const at = new Date()
  const completeBy = new Date(at.getTime() + (EPOCH_DAYS + KEYRING_COPY_DAYS) * 86_400_000)
  const about = allShapes().filter((one) => one.hasSubject)
  // What points at the person's record goes before it.
  const order = [...about.filter((one) => one.parent), shape]
  await writeTogether(
    session,
    [{ ...entry, actor: session.actor, outcome: 'done' }],
    [
      { ...statement('delete from keys.data_key where subject = $1'), values: [subject] },
      {
        ...statement('insert into keys.tombstone (subject, erased_at, complete_by) values ($1, $2, $3)'),
        values: [subject, at, completeBy],
      },
      ...order.map((one) => ({ ...statement(`delete from ${one.table} where subject = $1`), values: [subject] })),
    ],
  )
  session.erased.push(subject)
  return { subject, erasedAt: at.toISOString(), completeBy: completeBy.toISOString() }
}
