import { catalogue } from '../../../domain/catalogue/all.ts'
import type { Entity, View } from '../../../domain/catalogue/entity.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import type { Parts } from '../parts.ts'
import { createRecords } from '../records/createRecords.ts'

/** A clock that runs ahead of the server's by this much, in milliseconds, is still believed. */
const ahead = 5 * 60_000

/** What a customer said is evidence: it has been said, and whoever writes it down is on record as who did. */
const requireEvidence = (actor: Scope['actor'], { happenedAt, staffId }: Record<string, unknown>): void => {
  if (staffId !== undefined && staffId !== actor.staffId)
    throw new AppError('input_invalid', { problems: [{ field: 'staffId', problem: 'not_oneself' }] })
  if (typeof happenedAt === 'string' && Date.parse(happenedAt) > Date.now() + ahead)
    throw new AppError('input_invalid', { problems: [{ field: 'happenedAt', problem: 'in_future' }] })
}

/**
 * Adds to what hangs below a customer and returns it. Where the entity says who and when, it is who adds it and now, unless said otherwise; a consent cannot be
 * of another or of tomorrow, or it could not be withdrawn. Throws as `createRecords` does.
 */
export const addBelow = async (
  parts: Pick<Parts, 'records' | 'pool' | 'actors'>,
  scope: Scope,
  customerId: string,
  body: Record<string, unknown>,
): Promise<{ view: View<Entity>; position: number }> => {
  const { fields } = catalogue[scope.entity] as Entity
  if (scope.entity === 'consent') requireEvidence(scope.actor, body)
  const by = Object.hasOwn(fields, 'staffId') ? { staffId: scope.actor.staffId } : {}
  const at = Object.hasOwn(fields, 'happenedAt') ? { happenedAt: new Date().toISOString() } : {}
  const { views, position } = await createRecords(parts, scope, [{ ...by, ...at, ...body, customerId }])
  return { view: views[0]!, position }
}
