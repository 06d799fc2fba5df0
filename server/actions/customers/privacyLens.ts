import { catalogue } from '../../../domain/catalogue/all.ts'
import { retainUntil } from '../../../domain/catalogue/retention.ts'
import { decide, type Scope } from '../../../domain/policy/decide.ts'
import { readKeyFacts } from '../../store/keyFacts.ts'
import type { Parts } from '../parts.ts'
import { viewOf } from '../records/viewOf.ts'

export type Lens = {
  subject: number
  key: { id: string; epoch: number; version: number; suite: number; sealedAt: string } | null
  looks: { at: string; staffId: string; staffName: string | null; action: string; reason: string | null; fields: string[]; count: number }[]
  retainUntil: string | null
}

/**
 * Returns what a customer would be told of their data here: who looked, when and why, under which key it lies, when it is due to go.
 * Looking is a look too, and shows in the next one. Throws `not_found`.
 */
export const privacyLens = async (
  { records, audit, pool }: Pick<Parts, 'records' | 'audit' | 'pool'>,
  scope: Scope,
  id: string,
): Promise<Lens> => {
  const customer = await records.get(scope, id, { action: 'lens' })
  const [looks, key] = await Promise.all([audit.looksOf(customer.subject), readKeyFacts(pool, customer.subject)])
  const staffScope = decide(scope.actor, 'staff')
  const { rows: staff } = await records.getMany(staffScope, [...new Set(looks.map((look) => look.staffId))])
  const names = new Map(staff.map((row) => [row.id, viewOf(staffScope, row) as unknown as { name?: unknown }]))
  const nameOf = (staffId: string): string | null => {
    const name = names.get(staffId)?.name
    return typeof name === 'string' ? name : null
  }
  return {
    subject: customer.subject,
    key: key && { id: `${customer.subject}`, ...key },
    looks: looks.map(({ at, staffId, action, reason, fields, count }) => ({
      at: new Date(at).toISOString(),
      staffId,
      staffName: nameOf(staffId),
      action,
      reason,
      fields: [...fields],
      count,
    })),
    retainUntil: retainUntil(catalogue.customer, customer),
  }
}
