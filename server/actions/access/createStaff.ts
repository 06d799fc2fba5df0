import type { Entity, View } from '../../../domain/catalogue/entity.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { type DeviationReason, deviationReasons } from '../../../domain/policy/separation.ts'
import { checkNewPassword, storeCredential } from '../../auth/credentials.ts'
import { recordDeviations } from '../../auth/deviations.ts'
import { linkHours } from '../../auth/links.ts'
import { checkNewLogin } from '../../auth/logins.ts'
import { inventPassword } from '../../auth/inventPassword.ts'
import { hashPassword } from '../../auth/passwordHash.ts'
import { grantRoles } from '../../auth/roleGrants.ts'
import type { InputOf } from '../../store/records.ts'
import type { Parts } from '../parts.ts'
import { inputOf } from '../records/inputOf.ts'
import { viewOf } from '../records/viewOf.ts'
import { requireGrantable } from './requireGrantable.ts'

const isReason = (given: unknown): given is DeviationReason => (deviationReasons as readonly unknown[]).includes(given)

// Hours an invitation is good for, or null where none is asked for.
const readInvite = (invite: unknown, password: unknown): number | null => {
  if (invite === undefined || invite === false) return null
  const hours = invite === true ? linkHours.usual : (invite as { hours?: unknown } | null)?.hours
  if (typeof hours === 'number' && Number.isInteger(hours) && hours >= linkHours.least && hours <= linkHours.most && password === undefined)
    return hours
  throw new AppError('input_invalid', { problems: [{ field: 'invite', problem: 'out_of_range' }] })
}

/**
 * Creates a member of staff with their sign-in and grants, in one commit. Without a password one is invented and returned, once;
 * with `invite` a one-time link is made instead (its token is returned once), and the person chooses password or passkey themselves.
 * `accepts`: why a departure from the separation of powers is accepted.
 * Throws `input_invalid` naming the field, `unknown_key`, `separation`, `duplicate` for a login that is taken or looks like one that is.
 */
export const createStaff = async (
  parts: Pick<Parts, 'records' | 'macKey' | 'actors' | 'links'>,
  scope: Scope,
  body: Record<string, unknown>,
): Promise<{ staff: View<Entity>; password: string | null; invitation: { token: string; expiresAt: string } | null; position: number }> => {
  const { password, invite, accepts, ...given } = body
  const hours = readInvite(invite, password)
  if (accepts !== undefined && !isReason(accepts))
    throw new AppError('input_invalid', { problems: [{ field: 'accepts', problem: 'not_an_option' }] })
  if (password !== undefined && typeof password !== 'string')
    throw new AppError('input_invalid', { problems: [{ field: 'password', problem: 'wrong_type' }] })
  // Programs are registered elsewhere, with an owner and a purpose.
  if ('kind' in given) throw new AppError('unknown_key', { key: 'kind' })
  const input = inputOf(scope, { active: true, kind: 'person', ...given }, 'create') as InputOf<'staff'>
  const chosen = password ?? inventPassword()
  if (password !== undefined) checkNewPassword('password', password, [input.login, input.name])
  const passwordHash = hours === null ? await hashPassword(chosen) : null
  const key = await parts.macKey()
  const roles = input.roles ?? []
  const storeIds = input.storeIds ?? []
  const { value, position } = await parts.records.transaction(scope.actor, async (tx) => {
    await requireGrantable(tx, scope.actor, { roles, storeIds })
    await checkNewLogin(tx, input.login)
    const row = await tx.create({ ...scope, entity: 'staff' }, input)
    if (passwordHash) await storeCredential(tx, key, { staffId: row.id, passwordHash, mustChange: password === undefined })
    await grantRoles(tx, key, { staffId: row.id, roles, storeIds, grantedBy: scope.actor.staffId })
    const holder = (await parts.actors.holding(tx, [row.id])).get(row.id)
    const by = scope.actor.subject === 0 ? null : scope.actor.staffId
    if (holder) await recordDeviations(tx, holder, { staffId: by, reason: accepts ?? null })
    const link = { purpose: 'invite', staffId: row.id, issuedBy: scope.actor.staffId } as const
    return { row, invitation: hours === null ? null : await parts.links.issue(tx, { ...link, hours }) }
  })
  const { row, invitation } = value
  return { staff: viewOf(scope, row), password: password === undefined && hours === null ? chosen : null, invitation, position }
}
