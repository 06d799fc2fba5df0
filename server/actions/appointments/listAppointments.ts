import { instant } from '../../../domain/catalogue/patterns.ts'
import { AppError } from '../../../domain/errors.ts'
import { brief } from '../../../domain/policy/brief.ts'
import { decide, type Scope } from '../../../domain/policy/decide.ts'
import { mostHours } from '../../auth/workingSet.ts'
import { none } from '../../../domain/policy/predicate.ts'
import { isRecordId } from '../../store/reads.ts'
import type { ScopeOf } from '../../store/records.ts'
import type { Parts } from '../parts.ts'
import { readListQuery } from '../records/listQuery.ts'
import type { Page } from '../records/page.ts'
import { pageOf } from '../records/pageOf.ts'
import { viewOf } from '../records/viewOf.ts'

/** Longest stretch asked for at once, in days: a month as calendars show it. */
const mostDays = 45
/** Most people whose times are asked for at once. */
const mostStaff = 10

const anInstant = new RegExp(instant, 'u')

/** Reads `from` and `to`. Throws `input_invalid` where one is missing, or they are too far apart. */
export const readStretch = (query: URLSearchParams): { from: string; to: string } => {
  const [from, to] = ['from', 'to'].map((field) => {
    const value = query.get(field) ?? ''
    if (!anInstant.test(value)) throw new AppError('input_invalid', { problems: [{ field, problem: 'bad_timestamp' }] })
    return value
  }) as [string, string]
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000
  if (!(days > 0 && days <= mostDays)) throw new AppError('input_invalid', { problems: [{ field: 'to', problem: 'range' }] })
  return { from, to }
}

const isMine = (query: URLSearchParams): boolean => {
  const mine = query.get('mine') ?? 'false'
  if (mine !== 'true' && mine !== 'false') throw new AppError('input_invalid', { problems: [{ field: 'mine', problem: 'not_an_option' }] })
  return mine === 'true'
}

const pagingOf = (scope: Scope, query: URLSearchParams): { offset: number; limit: number } =>
  readListQuery(scope, new URLSearchParams([...query].filter(([key]) => ['page', 'pageSize', 'cursor'].includes(key))))

/**
 * Returns the appointments of a stretch of time, earliest first, of everybody or of the actor alone, as far as they exist for the actor; with each customer
 * as briefly as tells people apart. Throws `input_invalid`, `open_budget`, `audit_unavailable`.
 */
export const listAppointments = async ({ records }: Pick<Parts, 'records'>, scope: Scope, query: URLSearchParams): Promise<Page> => {
  const { from, to } = readStretch(query)
  const { offset, limit } = pagingOf(scope, query)
  const listed = await records.list(scope as ScopeOf<'appointment'>, {
    live: true,
    from: { endsAt: from },
    before: { startsAt: to },
    ...(isMine(query) ? { holds: { assigneeIds: scope.actor.staffId } } : {}),
    orderBy: 'startsAt',
    limit,
    offset,
  })
  const people = brief(decide(scope.actor, 'customer'))
  const ids = [...new Set(listed.rows.map(({ customerId }) => customerId))]
  const found = ids.length === 0 ? [] : (await records.getMany(people, ids, { action: 'list', brief: true })).rows
  const customers = Object.fromEntries(found.map((row) => [row.id, viewOf(people, row)]))
  return { ...pageOf(scope, offset, limit, listed), customers }
}

/** When somebody goes somewhere; where to is not said. */
export type Busy = { staffId: string; startsAt: string; endsAt: string }

const busySql = `select staff_id as "staffId", starts_at as "startsAt", ends_at as "endsAt" from auth.assignment
  where staff_id = any($1::uuid[]) and starts_at > $2::timestamptz - interval '${mostHours} hours' and starts_at < $3 and ends_at > $2 and appointment_id is distinct from $4::uuid order by starts_at limit 200`

/**
 * Returns when some people are taken within a stretch of time, without where: of all stores, since an installer helps out in others. `except`: an appointment
 * that is about to be moved. Who makes no appointments asks about themselves alone. Throws `input_invalid`, `forbidden`.
 */
export const listBusy = async ({ pool }: Pick<Parts, 'pool'>, scope: Scope, query: URLSearchParams): Promise<Busy[]> => {
  const { from, to } = readStretch(query)
  const staff = (query.get('staff') ?? '').split(',')
  const except = query.get('except')
  if (staff.length > mostStaff || !staff.every(isRecordId) || (except !== null && !isRecordId(except)))
    throw new AppError('input_invalid', { problems: [{ field: 'staff', problem: 'bad_reference' }] })
  const mayPlan = (scope.actions.create ?? none).kind !== 'none'
  if (!mayPlan && staff.some((id) => id !== scope.actor.staffId)) throw new AppError('forbidden')
  return (await pool.query<Busy>(busySql, [staff, from, to, except])).rows
}
