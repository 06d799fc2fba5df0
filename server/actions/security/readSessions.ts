import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { type Place, placeOf } from '../../auth/place.ts'
import type { SessionInfo } from '../../auth/sessions.ts'
import { notify } from '../../store/notices.ts'
import { openOwn } from '../../store/ownSeal.ts'
import type { Parts } from '../parts.ts'

/** A session in a list: where, on what, and how it began. */
export type ListedSession = Omit<SessionInfo, 'sealedClient'> & { place: Place | null; address: string | null }

type Person = { readonly staffId: string; readonly subject: number }

const listed = async (parts: Parts, person: Person, { sealedClient, ...session }: SessionInfo): Promise<ListedSession> => {
  const place = { entity: 'session', recordId: session.id, subject: person.subject }
  const address = sealedClient ? (await openOwn(parts, place, sealedClient)).toString('utf8') : null
  return { ...session, address, place: placeOf(address) }
}

/** Returns the actor's own sessions, newest first. */
export const ownSessions = async (parts: Parts, actor: Actor): Promise<ListedSession[]> =>
  Promise.all((await parts.sessions.list(actor.staffId, actor.sessionId)).map((session) => listed(parts, actor, session)))

/** Returns the subject number of a member of staff. Throws `not_found`. */
export const subjectOf = async ({ pool }: Pick<Parts, 'pool'>, staffId: string): Promise<Person> => {
  if (!/^[0-9a-f-]{36}$/.test(staffId)) throw new AppError('not_found')
  const { rows } = await pool.query<{ subject: number }>('select subject from staff where id = $1 and trashed_at is null', [staffId])
  if (!rows[0]) throw new AppError('not_found')
  return { staffId, subject: rows[0].subject }
}

/** Returns another person's sessions, for who manages staff; on record. Throws `not_found`. */
export const staffSessions = async (parts: Parts, actor: Actor, staffId: string): Promise<ListedSession[]> => {
  const person = await subjectOf(parts, staffId)
  await parts.audit.append({
    actor,
    action: 'list',
    entity: 'session',
    ids: [staffId],
    subjects: [person.subject],
    fields: ['address'],
    outcome: 'done',
  })
  return Promise.all((await parts.sessions.list(staffId, actor.sessionId)).map((session) => listed(parts, person, session)))
}

/** Ends a session of a member of staff, one's own or another's (who is told). Throws `not_found`. */
export const endSession = async (parts: Parts, actor: Actor, staffId: string, id: string): Promise<void> => {
  if (!/^[0-9a-f-]{36}$/.test(id) || !(await parts.sessions.end(staffId, id))) throw new AppError('not_found')
  await parts.audit.append({ actor, action: 'session_revoke', entity: 'session', ids: [id, staffId], outcome: 'done' })
  if (staffId !== actor.staffId) await notify(parts.pool, staffId, 'session_ended', { by: actor.staffId })
}

/** Ends all of the actor's sessions but the one that asks, and returns how many. */
export const endOtherSessions = async (parts: Parts, actor: Actor): Promise<{ ended: number }> => {
  const ended = await parts.sessions.endAll(actor.staffId, actor.sessionId)
  await parts.audit.append({
    actor,
    action: 'session_revoke',
    entity: 'session',
    ids: [actor.staffId],
    fields: ['others'],
    outcome: 'done',
  })
  return { ended }
}
