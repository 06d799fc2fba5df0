import { isDeepStrictEqual } from 'node:util'
import type { Entity, View } from '../../../domain/catalogue/entity.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import type { AuditEntry } from '../../audit/entry.ts'
import { type Meeting, writeAssignments } from '../../auth/workingSet.ts'
import { readPlain } from '../../store/readPlain.ts'
import type { PatchOf, ScopeOf } from '../../store/records.ts'
import { withCurrent } from '../records/conflicts.ts'
import { inputOf } from '../records/inputOf.ts'
import type { Spending } from '../records/revealBudget.ts'
import { versionOf } from '../records/versionOf.ts'
import { viewOf } from '../records/viewOf.ts'
import { asSelfBooking, type BookingParts } from './bookAppointment.ts'
import { opensForOneself, requireAssignees, requireTimes, ruleOfCustomer } from './judgeBooking.ts'

const plain = ['customerId', 'assigneeIds', 'startsAt', 'endsAt', 'state'] as const
type Plain = Omit<Meeting, 'id'>

/** What decides whose day it is in: a change of another field opens nobody. */
const isMoved = (before: Plain, after: Plain): boolean =>
  Date.parse(before.startsAt) !== Date.parse(after.startsAt) ||
  Date.parse(before.endsAt) !== Date.parse(after.endsAt) ||
  (before.state === 'cancelled') !== (after.state === 'cancelled')

/**
 * Changes an appointment: moves it, gives it to others, cancels it. Returns it as the actor may see it. Throws as `bookAppointment` does, and
 * `version_conflict` with the current view.
 */
export const changeAppointment = async (
  parts: BookingParts,
  scope: Scope,
  id: string,
  body: Record<string, unknown>,
  requireFresh?: Spending['requireFresh'],
): Promise<{ view: View<Entity>; position: number }> => {
  const { actor } = scope
  const { version, rest } = versionOf(body)
  for (const field of ['customerId', 'staffId'])
    if (field in rest) throw new AppError('input_invalid', { problems: [{ field, problem: 'fixed' }] })
  const patch = inputOf(scope, rest, 'update') as PatchOf<'appointment'>
  const before = (await readPlain(parts.pool, scope, id, plain)) as Plain | null
  if (!before) throw new AppError('not_found', { entity: 'appointment' })
  const assigneeIds = [...new Set(patch.assigneeIds ?? before.assigneeIds)]
  const after: Plain = { ...before, ...patch, assigneeIds } as Plain
  requireTimes(after.startsAt, after.endsAt)
  const rule = await ruleOfCustomer(parts, actor, before.customerId)
  if (!rule) throw new AppError('not_found', { entity: 'appointment' })
  await requireAssignees(parts, rule, assigneeIds, before.assigneeIds)
  const macKey = await parts.macKey()
  const full = patch.assigneeIds ? { ...patch, assigneeIds } : patch
  const write = (note: readonly AuditEntry[]) =>
    withCurrent(parts, scope, id, () =>
      parts.records.transaction(actor, async (tx) => {
        // What was judged is what is changed: whoever was faster may have put this very person down, or moved it nearer.
        await tx.query('select from appointments where id = $1 for update', [id])
        if (!isDeepStrictEqual(await readPlain(tx, scope, id, plain), before)) throw new AppError('version_conflict')
        const row = await tx.change(scope as ScopeOf<'appointment'>, id, version, full)
        await writeAssignments(tx, macKey, row as Meeting)
        if (note.length > 0) await tx.audit(note)
        return row
      }),
    )
  const joins = !before.assigneeIds.includes(actor.staffId) || isMoved(before, after)
  const forOneself = assigneeIds.includes(actor.staffId) && after.state !== 'cancelled' && joins && opensForOneself(actor, rule)
  const { customerId } = before
  const { value, position } = await (forOneself ? asSelfBooking(parts, { actor, customerId, requireFresh }, write) : write([]))
  for (const goes of new Set([...before.assigneeIds, ...assigneeIds])) parts.sessions.refresh(goes)
  return { view: viewOf(scope, value), position }
}
