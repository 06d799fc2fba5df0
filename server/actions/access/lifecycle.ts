import { dormantDays } from '../../../domain/policy/review.ts'
import { AppError } from '../../../domain/errors.ts'
import { shopZone } from '../../../domain/text/zonedTime.ts'
import { systemActor } from '../../audit/systemActor.ts'
import { shopToday } from '../../store/shopToday.ts'
import type { Parts } from '../parts.ts'
import { closeReview } from './decideReview.ts'
import { isReviewDue, openReview } from './openReview.ts'
import { replaceRoles } from './replaceRoles.ts'
import { lockRights } from './requireKeepers.ts'
import { suspend } from './suspend.ts'

type Needs = Pick<Parts, 'pool' | 'records' | 'actors' | 'macKey' | 'sessions'>

const spared = (error: unknown): boolean => error instanceof AppError && ['last_owner', 'nobody_left', 'not_found'].includes(error.code)

const dormant = `select st.id from staff st
  where st.kind = 'person' and st.active and st.trashed_at is null and not exists (select 1 from auth.suspension x where x.staff_id = st.id)
    and greatest(st.created_at, (st.joins_on)::timestamp at time zone '${shopZone}',
      (select e.at from audit.entry e where e.actor = st.id order by e.id desc limit 1)) < now() - make_interval(days => $1)`

/** Suspends accounts that nobody used for `dormantDays`; returns how many. Who would leave nobody with a duty is spared. */
export const suspendDormant = async (parts: Needs): Promise<number> => {
  const { rows } = await parts.pool.query<{ id: string }>(dormant, [dormantDays])
  let count = 0
  for (const { id } of rows) {
    try {
      await suspend(parts, systemActor, id, 'dormant')
      count += 1
    } catch (error) {
      if (!spared(error)) throw error
    }
  }
  return count
}

const gone = `select st.id, st.subject from staff st
  where st.leaves_on < ${shopToday} and st.trashed_at is null
    and not exists (select 1 from auth.departure d where d.staff_id = st.id)`

/**
 * Carries out the leaving of those whose last day is over: sessions, ways to sign in, tokens and grants go, for who comes back to be made anew. Their doors
 * are closed from the first second by themselves (`isActing`); this leaves nothing behind them. Returns how many left.
 */
export const carryOutDepartures = async (parts: Needs): Promise<number> => {
  const { rows } = await parts.pool.query<{ id: string; subject: number }>(gone)
  for (const { id, subject } of rows) {
    await parts.records.transaction(systemActor, async (tx) => {
      await lockRights(tx)
      await replaceRoles(parts, tx, systemActor, { staffId: id, version: null, roles: [], storeIds: [], accepts: null })
      for (const table of ['auth.role_grant', 'auth.credential', 'auth.session', ...waysIn])
        await tx.query(`delete from ${table} where staff_id = $1`, [id])
      await tx.query('delete from auth.role_grant where for_staff = $1', [id])
      await tx.query(
        'delete from auth.service_token where staff_id in (select a.staff_id from auth.service_account a where a.owner_id = $1)',
        [id],
      )
      await tx.query('insert into auth.departure (staff_id, at) values ($1, now())', [id])
      await tx.audit([{ actor: systemActor, action: 'depart', entity: 'staff', ids: [id], subjects: [subject], outcome: 'done' }])
    })
    await parts.sessions.endAll(id)
  }
  return rows.length
}

// Tables of ways to sign in that a leaver's rows go from.
const waysIn = ['auth.passkey', 'auth.totp', 'auth.recovery_code', 'auth.device_staff', 'auth.link', 'notice'] as const

/** What the calendar asks of who may what, once an hour: leaving, dormant accounts, reviews to open and to close. */
export const keepCalendar = async (parts: Needs, now: Date): Promise<void> => {
  await carryOutDepartures(parts)
  await suspendDormant(parts)
  for (const kind of ['privileged', 'all'] as const)
    if (await isReviewDue(parts, kind, now)) await openReview(parts, systemActor, kind, now)
  const { rows } = await parts.pool.query<{ id: string }>('select id from auth.review where closed_at is null and due_at <= $1', [now])
  for (const { id } of rows) await closeReview(parts, systemActor, id, now)
}
