import type { Actor } from '../../domain/policy/actor.ts'
import { decide } from '../../domain/policy/decide.ts'
import type { Parts } from '../actions/parts.ts'
import { writeAssignments } from '../auth/workingSet.ts'
import type { InputOf, ScopeOf } from '../store/records.ts'
import type { Meeting } from './makeAppointments.ts'

type Booking = { readonly meetings: readonly Meeting[]; readonly actors: readonly Actor[]; readonly ids: readonly string[] }

const instant = (at: number): string => new Date(at).toISOString()

/** Stores the appointments, each booked by whom it names, with all of one person in one commit. */
export const storeAppointments = async (
  { records, macKey }: Pick<Parts, 'records' | 'macKey'>,
  { meetings, actors, ids }: Booking,
): Promise<void> => {
  const key = await macKey()
  const inputOf = ({ customer, by, goes, startsAt, endsAt, ...one }: Meeting): InputOf<'appointment'> => ({
    ...one,
    customerId: ids[customer]!,
    assigneeIds: goes.map((place) => actors[place]!.staffId),
    startsAt: instant(startsAt),
    endsAt: instant(endsAt),
    staffId: actors[by]!.staffId,
  })
  for (const [by, booked] of Map.groupBy(meetings, (meeting) => meeting.by)) {
    const actor = actors[by]!
    const scope = { ...decide(actor, 'appointment'), entity: 'appointment' } as ScopeOf<'appointment'>
    await records.transaction(actor, async (tx) => {
      for (const row of await tx.createMany(scope, booked.map(inputOf))) await writeAssignments(tx, key, row)
    })
  }
}
