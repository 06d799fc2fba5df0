import type { Entity, View } from '../../../domain/catalogue/entity.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { decide } from '../../../domain/policy/decide.ts'
import { type Meeting, writeAssignments } from '../../auth/workingSet.ts'
import type { AuditEntry } from '../../audit/entry.ts'
import type { InputOf, ScopeOf } from '../../store/records.ts'
import { subjectOf } from '../../store/subjectOf.ts'
import type { Parts } from '../parts.ts'
import { inputOf } from '../records/inputOf.ts'
import { type Spending, withinBudget } from '../records/revealBudget.ts'
import { viewOf } from '../records/viewOf.ts'
import { openedFields, opensForOneself, requireAssignees, requireTimes, ruleOfCustomer } from './judgeBooking.ts'

export type BookingParts = Pick<Parts, 'records' | 'pool' | 'actors' | 'audit' | 'macKey' | 'sessions'>
type Fresh = Spending['requireFresh']

/** Returns the entry of somebody who opens a customer to themselves by an appointment. */
export const selfBooked = (actor: Actor, customerId: string, subject: number): AuditEntry => ({
  actor,
  action: 'reveal',
  entity: 'customer',
  ids: [customerId],
  subjects: [subject],
  fields: openedFields,
  reason: 'appointment',
  outcome: 'done',
})

/** Does `write` within the reveal budget where it puts the actor down for a customer who is not theirs, with `note` for what to leave in the log; else as it is. */
export const asSelfBooking = async <T>(
  parts: BookingParts,
  { actor, customerId, requireFresh }: { actor: Actor; customerId: string; requireFresh: Fresh },
  write: (note: readonly AuditEntry[]) => Promise<T>,
): Promise<T> => {
  const subject = await subjectOf(parts.pool, decide(actor, 'customer'), customerId)
  if (subject === null) throw new AppError('not_found', { entity: 'customer' })
  const spending = {
    actor,
    entity: 'customer' as const,
    id: customerId,
    subject,
    fields: openedFields,
    reason: 'appointment' as const,
    requireFresh,
  }
  return (await withinBudget(parts, spending, () => write([selfBooked(actor, customerId, subject)]))).value
}

/**
 * Makes an appointment with a customer and returns it. It opens the customer to those who go, from the day before to the day after. Throws `not_found` for
 * a customer out of sight, `forbidden`, `input_invalid` (`before_start`, `too_long`, `bad_reference`, `assignee_elsewhere`), and as `withinBudget` does where one
 * puts oneself down for a customer who is not one's own.
 */
export const bookAppointment = async (
  parts: BookingParts,
  scope: Scope,
  customerId: string,
  body: Record<string, unknown>,
  requireFresh?: Fresh,
): Promise<{ view: View<Entity>; position: number }> => {
  const { actor } = scope
  if (body['staffId'] !== undefined && body['staffId'] !== actor.staffId)
    throw new AppError('input_invalid', { problems: [{ field: 'staffId', problem: 'not_oneself' }] })
  const given = { state: 'planned', ...body, staffId: actor.staffId, customerId }
  const input = inputOf(scope, given, 'create') as InputOf<'appointment'>
  const assigneeIds = [...new Set(input.assigneeIds ?? [])]
  requireTimes(input.startsAt, input.endsAt)
  const rule = await ruleOfCustomer(parts, actor, customerId)
  if (!rule) throw new AppError('not_found', { entity: 'customer' })
  await requireAssignees(parts, rule, assigneeIds)
  const macKey = await parts.macKey()
  const write = (note: readonly AuditEntry[]) =>
    parts.records.transaction(actor, async (tx) => {
      const row = await tx.create(scope as ScopeOf<'appointment'>, { ...input, assigneeIds })
      await writeAssignments(tx, macKey, row as Meeting)
      if (note.length > 0) await tx.audit(note)
      return row
    })
  const forOneself = assigneeIds.includes(actor.staffId) && input.state !== 'cancelled' && opensForOneself(actor, rule)
  const { value, position } = await (forOneself ? asSelfBooking(parts, { actor, customerId, requireFresh }, write) : write([]))
  for (const id of assigneeIds) parts.sessions.refresh(id)
  return { view: viewOf(scope, value), position }
}
