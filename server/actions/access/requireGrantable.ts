import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { hasDuty } from '../../../domain/policy/decide.ts'
import { isShippedRole } from '../../../domain/policy/roles.ts'
import type { Queryable } from '../../store/database.ts'

const refused = (field: string, problem: string): AppError => new AppError('input_invalid', { problems: [{ field, problem }] })

/**
 * Throws unless the actor may grant these roles for these stores: `forbidden` without the duty, `input_invalid` naming a role or store that is not there. Who
 * keeps accounts but does not grant (三员分立) may ask for none.
 */
export const requireGrantable = async (
  client: Queryable,
  actor: Actor,
  { roles, storeIds }: { roles: readonly string[]; storeIds: readonly string[] },
): Promise<void> => {
  if (roles.length === 0 && storeIds.length === 0) return
  if (!hasDuty(actor, 'access.manage')) throw new AppError('forbidden', { fields: ['roles'] })
  const own = roles.filter((role) => !isShippedRole(role))
  const found = await client.query('select 1 from auth.own_role where id = any($1::text[]) and retired_at is null', [own])
  if (found.rowCount !== new Set(own).size) throw refused('roles', 'not_an_option')
  const stores = await client.query('select 1 from stores where id = any($1::uuid[]) and trashed_at is null', [storeIds])
  if (stores.rowCount !== new Set(storeIds).size) throw refused('storeIds', 'bad_reference')
}
