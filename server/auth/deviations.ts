import { randomUUID } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import type { Actor } from '../../domain/policy/actor.ts'
import { deviationsOf, type DeviationReason } from '../../domain/policy/separation.ts'
import type { Queryable } from '../store/database.ts'

/**
 * Brings the record of departures from the separation of powers in line with what somebody holds now: a new one is accepted for the reason given, one that is
 * over is ended. Throws `separation` with the kinds when a new one comes without a reason.
 */
export const recordDeviations = async (
  client: Queryable,
  holder: Pick<Actor, 'staffId' | 'standings'>,
  by: { staffId: string | null; reason: DeviationReason | null },
): Promise<void> => {
  const now = deviationsOf(holder.standings)
  const { rows } = await client.query<{ kind: string }>('select kind from auth.deviation where staff_id = $1 and ended_at is null', [
    holder.staffId,
  ])
  const known = rows.map(({ kind }) => kind)
  const fresh = now.filter((kind) => !known.includes(kind))
  if (fresh.length > 0 && by.reason === null) throw new AppError('separation', { kinds: fresh })
  for (const kind of fresh)
    await client.query('insert into auth.deviation (id, kind, staff_id, reason, accepted_by, at) values ($1, $2, $3, $4, $5, now())', [
      randomUUID(),
      kind,
      holder.staffId,
      by.reason,
      by.staffId,
    ])
  const over = known.filter((kind) => !(now as readonly string[]).includes(kind))
  if (over.length > 0)
    await client.query('update auth.deviation set ended_at = now() where staff_id = $1 and ended_at is null and kind = any($2)', [
      holder.staffId,
      over,
    ])
}
