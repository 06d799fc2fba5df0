import { decide } from '../../../domain/policy/decide.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import type { Parts } from '../parts.ts'
import { viewOf } from '../records/viewOf.ts'

/** Returns names of members of staff as this actor may see them, by id. */
export const staffNames = async (
  { records }: Pick<Parts, 'records'>,
  actor: Actor,
  ids: readonly string[],
): Promise<Map<string, string>> => {
  const scope = decide(actor, 'staff')
  const { rows } = await records.getMany(scope, [...new Set(ids)])
  return new Map(
    rows.flatMap((row) => {
      const { name } = viewOf(scope, row) as unknown as { name?: unknown }
      return typeof name === 'string' ? [[row.id, name] as const] : []
    }),
  )
}
