import { appointment } from '../../../domain/crm/appointment.ts'
import type { Entity, View } from '../../../domain/catalogue/entity.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { countCodePoints } from '../../../domain/text/normalise.ts'
import type { ScopeOf } from '../../store/records.ts'
import type { Parts } from '../parts.ts'
import { withCurrent } from '../records/conflicts.ts'
import { inputOf } from '../records/inputOf.ts'
import { viewOf } from '../records/viewOf.ts'

/** What came of an appointment. `note` is added below what stands there. */
export type Completion = { readonly version: number; readonly state: 'done' | 'missed'; readonly note?: string }

// The note is folded like any input, though whoever only completes may write no field.
const foldedNote = (scope: Scope, note: string): string => {
  const open = { ...scope, fields: { ...scope.fields, note: { ...scope.fields['note']!, write: scope.actions.complete! } } }
  return String(inputOf(open, { note }, 'update')['note'] ?? '')
}

/**
 * Notes what came of an appointment and returns it. Throws `job_state` for one that was cancelled, `input_invalid` for a note that does not fit below the one
 * that stands there, `version_conflict` with the current view, `not_found`, `forbidden`.
 */
export const completeAppointment = async (
  parts: Pick<Parts, 'records'>,
  scope: Scope,
  id: string,
  { version, state, note }: Completion,
): Promise<{ view: View<Entity>; position: number }> => {
  const said = note?.trim() ? foldedNote(scope, note) : null
  const write = () =>
    parts.records.transaction(scope.actor, (tx) =>
      tx.complete(scope as ScopeOf<'appointment'>, id, version, (row) => {
        if (row.state === 'cancelled') throw new AppError('input_invalid', { problems: [{ field: 'state', problem: 'was_cancelled' }] })
        if (said === null) return { state }
        const joined = row.note ? `${row.note}\n${said}` : said
        if (countCodePoints(joined) > appointment.fields.note.max)
          throw new AppError('input_invalid', { problems: [{ field: 'note', problem: 'too_long' }] })
        return { state, note: joined }
      }),
    )
  const { value, position } = await withCurrent(parts, scope, id, write)
  return { view: viewOf(scope, value), position }
}
