import { randomInt } from 'node:crypto'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { readRole } from '../../../domain/policy/readRole.ts'
import type { Role } from '../../../domain/policy/role.ts'
import { roleLabels } from '../../../domain/policy/roleLabels.ts'
import { roleIds, roles } from '../../../domain/policy/roles.ts'
import { openOwnRole, type OwnRoleRow, storeOwnRole } from '../../auth/ownRoles.ts'
import type { Parts } from '../parts.ts'
import { recordDeviations } from '../../auth/deviations.ts'
import { lockRights, requireKeepers } from './requireKeepers.ts'
import type { DeviationReason } from '../../../domain/policy/separation.ts'

type Needs = Pick<Parts, 'pool' | 'records' | 'actors' | 'macKey'>

/** A role as the editor shows it. `version` null: it ships, and is copied rather than changed. `holders`: people who have it now. */
export type RoleInfo = { id: string; name: string | null; role: Role; version: number | null; holders: number }

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
const newId = (): string => `own-${Array.from({ length: 12 }, () => letters[randomInt(letters.length)]!).join('')}`

/** Returns every role there is: those that ship, then the dealer's own by name. A definition that was tampered with is left out: it grants nothing. */
export const listRoles = async (parts: Needs): Promise<RoleInfo[]> => {
  const macKey = await parts.macKey()
  const [{ rows: own }, { rows: held }] = await Promise.all([
    parts.pool.query<OwnRoleRow>(
      "select id, name, definition, version, encode(mac, 'hex') as mac from auth.own_role where retired_at is null order by name",
    ),
    parts.pool.query<{ role: string; holders: number }>(
      `select g.role, count(distinct g.staff_id)::int as holders from auth.role_grant g join staff st on st.id = g.staff_id
       where st.active and st.trashed_at is null and (g.ends_at is null or g.ends_at > now()) group by g.role`,
    ),
  ])
  const holders = new Map(held.map((row) => [row.role, row.holders]))
  return [
    ...roleIds.map((id) => ({ id, name: null, role: roles[id], version: null, holders: holders.get(id) ?? 0 })),
    ...own.flatMap((row) => {
      const role = openOwnRole(macKey, row)
      return role ? [{ id: row.id, name: row.name, role, version: row.version, holders: holders.get(row.id) ?? 0 }] : []
    }),
  ]
}

const nameOf = (given: string): string => {
  const name = given.normalize('NFKC').trim()
  const taken = Object.values(roleLabels).some((label) => [label.zh, label.en.toLowerCase()].includes(name.toLowerCase()))
  if (name === '' || taken) throw new AppError('input_invalid', { problems: [{ field: 'name', problem: taken ? 'taken' : 'required' }] })
  return name
}

const roleOf = (given: unknown): Role => {
  const { role, problems } = readRole(given)
  if (!role) throw new AppError('input_invalid', { problems: problems.map(({ field, problem }) => ({ field, problem })) })
  return role
}

/**
 * Defines a role of the dealer's own (without `id`) or changes one over its version. Nobody changes a role they hold. Throws `input_invalid` naming each
 * right that is wrong, `own_rights`, `separation`, `last_owner`, `nobody_left`, `duplicate` for a name that is taken, `version_conflict`.
 */
export const defineRole = async (
  parts: Needs,
  actor: Actor,
  asked: { id?: string; name: string; version: number; role: unknown; accepts?: DeviationReason },
): Promise<{ id: string; version: number; position: number }> => {
  const [name, role, macKey] = [nameOf(asked.name), roleOf(asked.role), await parts.macKey()]
  const id = asked.id ?? newId()
  if (actor.roles.includes(id)) throw new AppError('own_rights')
  const version = asked.id === undefined ? 1 : asked.version + 1
  const { position } = await parts.records.transaction(actor, async (tx) => {
    await lockRights(tx)
    if (asked.id !== undefined) {
      const { rowCount } = await tx.query('select 1 from auth.own_role where id = $1 and retired_at is null', [id])
      if (rowCount === 0) throw new AppError('not_found')
    }
    if (!(await storeOwnRole(tx, macKey, { id, name, role, version, editedBy: actor.staffId }))) throw new AppError('version_conflict')
    const { rows: held } = await tx.query<{ staff_id: string }>('select distinct staff_id from auth.role_grant where role = $1', [id])
    const holders = await parts.actors.holding(
      tx,
      held.map(({ staff_id }) => staff_id),
    )
    for (const holder of holders.values()) await recordDeviations(tx, holder, { staffId: actor.staffId, reason: asked.accepts ?? null })
    await requireKeepers(parts, tx)
    await tx.audit([{ actor, action: 'role_edit', entity: 'installation', fields: [id], outcome: 'done' }])
  })
  return { id, version, position }
}

/** Retires a role that nobody holds. Throws `role_in_use` with how many do, `version_conflict`, `not_found`. */
export const retireRole = async (parts: Needs, actor: Actor, id: string, version: number): Promise<{ position: number }> => {
  const { position } = await parts.records.transaction(actor, async (tx) => {
    await lockRights(tx)
    const { rows } = await tx.query<{ version: number; holders: number }>(
      `select o.version, (select count(distinct g.staff_id)::int from auth.role_grant g where g.role = o.id and (g.ends_at is null or g.ends_at > now()))
         as holders from auth.own_role o where o.id = $1 and o.retired_at is null`,
      [id],
    )
    if (!rows[0]) throw new AppError('not_found')
    if (rows[0].version !== version) throw new AppError('version_conflict')
    if (rows[0].holders > 0) throw new AppError('role_in_use', { holders: rows[0].holders })
    await tx.query('update auth.own_role set retired_at = now() where id = $1', [id])
    await tx.audit([{ actor, action: 'role_edit', entity: 'installation', fields: [id], outcome: 'done' }])
  })
  return { position }
}
