import { AppError } from '../../domain/errors.ts'
import type { Ground } from '../../domain/privacy/grounds.ts'
import type { Reason } from '../../domain/audit/reasons.ts'
import type { Scope } from '../../domain/policy/decide.ts'
import { promisedCompletion } from '../../domain/privacy/erasureState.ts'
import { none, satisfies } from '../../domain/policy/predicate.ts'
import type { Detail } from '../audit/entry.ts'
import { lockAnyRecord } from './change.ts'
import { shunStatement } from './importShun.ts'
import { forgetChanges } from './jobChange.ts'
import { storedRule } from './openRows.ts'
import { refuse, type WriteSession, writeTogether } from './writeSession.ts'
import { allShapes, type Shape } from './shape.ts'
import { statement } from './statement.ts'

/** What an erasure leaves: when the key was destroyed here, and by when no copy can open the data anywhere. Times are ISO 8601. */
export type ErasureCertificate = { readonly subject: number; readonly erasedAt: string; readonly completeBy: string }

/** Returns the numbers of the persons that hang below a record, such as the contacts of a household: without it nobody sees them, so they go with it. */
const personsBelow = async (session: WriteSession, shape: Shape, id: string): Promise<number[]> => {
  const found: number[] = []
  for (const child of allShapes().filter((one) => one.isPerson && one.parent?.shape === shape)) {
    const sql = statement(`select subject from ${child.table} where ${child.parent!.column} = $1 order by subject for update`)
    const { rows } = await session.client.query<{ subject: number }>({ ...sql, values: [id] })
    found.push(...rows.map((row) => row.subject))
  }
  return found
}

type Merged = { readonly ids: string[]; readonly subjects: number[] }

// Records that lie in the trash because they were merged into this one hold the same person's data.
const mergedInto = `with recursive m (record) as (
    select record from merged where into_record = $1 union select d.record from merged d join m on d.into_record = m.record)
  select c.id, c.subject from customers c join m on m.record = c.id where c.trashed_at is not null order by c.id for update of c`

/** Returns the records that were merged into this one: they go with it. */
const findMerged = async (session: WriteSession, shape: Shape, id: string): Promise<Merged> => {
  if (shape.name !== 'customer') return { ids: [], subjects: [] }
  const { rows } = await session.client.query<{ id: string; subject: number }>(mergedInto, [id])
  return { ids: rows.map((row) => row.id), subjects: rows.map((row) => row.subject) }
}

/** A certificate must not say that somebody is gone whose data stands in the record they were merged into. */
const requireNotMerged = async (session: WriteSession, shape: Shape, id: string): Promise<void> => {
  if (shape.name !== 'customer') return
  const sql = statement('select m.into_record as into from merged m join customers c on c.id = m.into_record where m.record = $1')
  const { rows } = await session.client.query<{ into: string }>({ ...sql, values: [id] })
  if (rows[0]) throw new AppError('input_invalid', { into: rows[0].into, problems: [{ field: 'id', problem: 'merged_away' }] })
}

type About = { readonly entity: Shape['name']; readonly ids: string[]; readonly subjects: number[] }

/** What is about the persons beside the record itself, by entity: each has an entry of its own, so that the log itself tells how many went. */
const recordsAbout = async (session: WriteSession, shape: Shape, subjects: readonly number[]): Promise<About[]> => {
  const found: About[] = []
  for (const one of allShapes().filter((other) => other.hasSubject && other !== shape)) {
    const sql = statement(`select id, subject from ${one.table} where subject = any($1::integer[]) order by id`)
    const { rows } = await session.client.query<{ id: string; subject: number }>({ ...sql, values: [subjects] })
    if (rows.length > 0)
      found.push({ entity: one.name, ids: rows.map((row) => row.id), subjects: [...new Set(rows.map((row) => row.subject))] })
  }
  return found
}

// Where the destroyed key lay is noted before it goes: the certificate's date holds once that epoch's key is gone too.
const bury = statement(`insert into keys.tombstone (subject, erased_at, complete_by, epoch, key_version, suite)
  select s.subject, $2, $3, k.epoch, k.version, k.suite from unnest($1::integer[]) as s (subject) left join keys.data_key k on k.subject = s.subject`)

/**
 * Erases a person, and the persons that hang below: destroys the data keys, leaves tombstones that forbid others, and deletes every record about them.
 * Their entries in the audit log stay, and name numbers only. A record that was merged into another is refused (`input_invalid`, `merged_away`): the other
 * holds what it said, so the person is erased there, or parted again first. Throws `not_found`, `version_conflict`, `forbidden`, `input_invalid` for an entity that is not itself a person.
 */
export const eraseSubject = async (
  session: WriteSession,
  scope: Scope,
  shape: Shape,
  id: string,
  why: { version?: number; reason?: Reason | Ground; detail?: Detail },
): Promise<ErasureCertificate> => {
  if (shape.entity.subject !== 'self') throw new AppError('input_invalid', { problem: 'not_a_subject' })
  // The log knows an erasure by its transaction (server/audit/erasures.ts).
  if (session.erased.length > 0) throw new AppError('internal', { problem: 'a second erasure in one transaction' })
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
  await requireNotMerged(session, shape, id)
  const merged = await findMerged(session, shape, id)
  const below: number[] = []
  for (const one of [id, ...merged.ids]) below.push(...(await personsBelow(session, shape, one)))
  const erased = [subject, ...merged.subjects, ...below]
  const at = new Date().toISOString()
  const completeBy = promisedCompletion(at)
  const about = allShapes().filter((one) => one.hasSubject)
  // What points at the person's record goes before it.
  const order = [...about.filter((one) => one.parent && one !== shape), shape]
  const own = { ...entry, ids: [id, ...merged.ids], subjects: [subject, ...merged.subjects] }
  const entries = [own, ...(await recordsAbout(session, shape, erased)).map((one) => ({ ...entry, ...one }))]
  await writeTogether(
    session,
    entries.map((one) => ({ ...one, actor: session.actor, outcome: 'done' as const })),
    [
      ...about.filter((one) => one.isPerson && one.indexed.length > 0).map((one) => shunStatement(one, erased)),
      { ...bury, values: [erased, at, completeBy] },
      { ...statement('delete from keys.data_key where subject = any($1::integer[])'), values: [erased] },
      forgetChanges(erased),
      ...order.map((one) => ({ ...statement(`delete from ${one.table} where subject = any($1::integer[])`), values: [erased] })),
    ],
  )
  session.erased.push(...erased)
  return { subject, erasedAt: at, completeBy }
}
