import type { Entity, View } from '../../../domain/catalogue/entity.ts'
import { decide } from '../../../domain/policy/decide.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { ruleRowOf } from '../../store/openRows.ts'
import type { Parts } from '../parts.ts'
import { withCurrent } from '../records/conflicts.ts'
import { inputOf } from '../records/inputOf.ts'
import { openOwners, ownerRefused } from '../records/owners.ts'
import { viewOf } from '../records/viewOf.ts'

/**
 * Gives a customer to a colleague (null: to nobody, into the pool of their store), with a note on the timeline for the one who takes over, in one commit.
 * Throws `input_invalid` for a colleague who is not there or would not see the customer (`owner_elsewhere`), `forbidden`, `version_conflict`, `not_found`.
 */
export const handOver = async (
  parts: Pick<Parts, 'records' | 'pool' | 'actors'>,
  scope: Scope,
  id: string,
  act: { version: number; ownerId: string | null; note?: string },
): Promise<{ view: View<Entity>; position: number }> => {
  const { version, ownerId } = act
  const owners = openOwners(parts, 'customer')
  await owners.know([ownerId])
  const notes = decide(scope.actor, 'interaction')
  const entry = { customerId: id, kind: 'note', happenedAt: new Date().toISOString(), staffId: scope.actor.staffId, text: act.note }
  const input = act.note === undefined ? null : inputOf(notes, entry, 'create')
  const write = () =>
    parts.records.transaction(scope.actor, async (tx) => {
      const row = await tx.change({ ...scope, entity: 'customer' }, id, version, { ownerId })
      const fault = owners.faultOf(ruleRowOf(row))
      if (fault) throw ownerRefused(fault)
      if (input) await tx.create(notes, input as Parameters<typeof tx.create<'interaction'>>[1])
      return row
    })
  const { value, position } = await withCurrent(parts, scope, id, write)
  return { view: viewOf(scope, value), position }
}
