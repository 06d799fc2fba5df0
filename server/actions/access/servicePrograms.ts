import { isIP } from 'node:net'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { decide } from '../../../domain/policy/decide.ts'
import { isPrivileged } from '../../../domain/policy/separation.ts'
import { systemActor } from '../../audit/systemActor.ts'
import { grantRoles } from '../../auth/roleGrants.ts'
import { issueToken, storeAccount } from '../../auth/serviceTokens.ts'
import type { ScopeOf } from '../../store/records.ts'
import type { Parts } from '../parts.ts'
import { viewOf } from '../records/viewOf.ts'
import { requireGrantable } from './requireGrantable.ts'
import { lockRights } from './requireKeepers.ts'

type Needs = Pick<Parts, 'pool' | 'records' | 'actors' | 'macKey' | 'tokens'>

/** A program that is registered. Times are ISO 8601. */
export type ProgramInfo = {
  id: string
  name: string | null
  ownerId: string
  purpose: string
  roles: string[]
  storeIds: string[]
  createdAt: string
  suspended: boolean
  tokens: { id: string; readOnly: boolean; addresses: string[]; createdAt: string; expiresAt: string; lastUsedAt: string | null }[]
}

const listed = `select a.staff_id as id, a.owner_id as "ownerId", a.purpose, a.created_at as "createdAt",
    exists (select 1 from auth.suspension x where x.staff_id = a.staff_id) as suspended,
    coalesce((select json_agg(json_build_object('id', t.id, 'readOnly', t.read_only, 'addresses', array(select unnest(t.addresses)::text),
      'createdAt', t.created_at, 'expiresAt', t.expires_at, 'lastUsedAt', t.last_used_at) order by t.created_at) from auth.service_token t
      where t.staff_id = a.staff_id), '[]') as tokens
  from auth.service_account a join staff st on st.id = a.staff_id where st.trashed_at is null`

/** Returns the programs there are, with their tokens (which nobody can be told again). */
export const listPrograms = async ({ pool, records }: Needs, actor: Actor): Promise<{ items: ProgramInfo[] }> => {
  const { rows } = await pool.query<Omit<ProgramInfo, 'name' | 'roles' | 'storeIds'>>(listed)
  const scope = decide(actor, 'staff')
  const { rows: staff } = await records.getMany(
    scope,
    rows.map(({ id }) => id),
  )
  const of = new Map(staff.map((row) => [row.id, viewOf(scope, row) as unknown as { name?: unknown; roles: string[]; storeIds: string[] }]))
  return {
    items: rows.flatMap((row): ProgramInfo[] => {
      const view = of.get(row.id)
      if (!view) return []
      return [{ ...row, name: typeof view.name === 'string' ? view.name : null, roles: view.roles, storeIds: view.storeIds }]
    }),
  }
}

/** What a program is registered with. */
export type AskedProgram = {
  readonly login: string
  readonly name: string
  readonly ownerId: string
  readonly purpose: string
  readonly roles: readonly string[]
  readonly storeIds: readonly string[]
}

/**
 * Registers a program with an owner who answers for it and a purpose; it can do nothing until it has a token. No program holds a power over the installation.
 * Throws `input_invalid`, `forbidden`, `separation`, `duplicate`.
 */
export const registerProgram = async (parts: Needs, actor: Actor, asked: AskedProgram): Promise<{ id: string; position: number }> => {
  const macKey = await parts.macKey()
  const { ownerId, roles, storeIds } = asked
  const purpose = asked.purpose.normalize('NFKC').trim()
  if (purpose.length < 4) throw new AppError('input_invalid', { problems: [{ field: 'purpose', problem: 'required' }] })
  const { value, position } = await parts.records.transaction(actor, async (tx) => {
    await lockRights(tx)
    await requireGrantable(tx, actor, { roles, storeIds })
    if (!(await parts.actors.ofStaff(tx, ownerId)))
      throw new AppError('input_invalid', { problems: [{ field: 'ownerId', problem: 'bad_reference' }] })
    const scope = { ...decide(systemActor, 'staff'), actor } as ScopeOf<'staff'>
    const input = {
      login: asked.login,
      name: asked.name,
      kind: 'service' as const,
      roles: [...roles],
      storeIds: [...storeIds],
      active: true,
    }
    const row = await tx.create(scope, input)
    await storeAccount(tx, macKey, { staffId: row.id, ownerId, purpose, createdBy: actor.staffId })
    await grantRoles(tx, macKey, { staffId: row.id, roles, storeIds, grantedBy: actor.staffId })
    const holder = (await parts.actors.holding(tx, [row.id])).get(row.id)
    if (!holder || isPrivileged(holder.standings)) throw new AppError('separation', { kinds: ['power_of_program'] })
    await tx.audit([
      { actor, action: 'grant', entity: 'staff', ids: [row.id], subjects: [row.subject], fields: [...roles], outcome: 'done' },
    ])
    return row.id
  })
  return { id: value, position }
}

const cidr = (given: string): string => {
  const [address = '', bits] = given.trim().split('/')
  const family = isIP(address)
  const most = family === 6 ? 128 : 32
  const width = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1
  if (family === 0 || width < 1 || width > most)
    throw new AppError('input_invalid', { problems: [{ field: 'addresses', problem: 'format' }] })
  return `${address}/${width}`
}

/** Makes a token for a program and returns it, once. Throws `not_found`, `input_invalid` for an address that is none, or has bits beyond its network. */
export const addToken = async (
  parts: Needs,
  actor: Actor,
  staffId: string,
  asked: { readOnly: boolean; addresses: readonly string[]; days: number },
): Promise<{ id: string; token: string; expiresAt: string; position: number }> => {
  const macKey = await parts.macKey()
  const addresses = asked.addresses.map(cidr)
  const { value, position } = await parts.records.transaction(actor, async (tx) => {
    const { rowCount } = await tx.query('select 1 from auth.service_account where staff_id = $1', [staffId])
    if (rowCount === 0) throw new AppError('not_found')
    const made = await issueToken(tx, macKey, { ...asked, staffId, addresses }).catch((error: unknown) => {
      // 22P02: PostgreSQL refuses a network with bits to the right of its mask.
      if ((error as { code?: unknown }).code !== '22P02') throw error
      throw new AppError('input_invalid', { problems: [{ field: 'addresses', problem: 'format' }] })
    })
    await tx.audit([{ actor, action: 'token_issue', entity: 'staff', ids: [staffId], outcome: 'done' }])
    return made
  })
  return { ...value, position }
}

/** Revokes a token; it opens nothing from now on. Throws `not_found`. */
export const revokeToken = async (parts: Needs, actor: Actor, id: string): Promise<{ position: number }> => {
  const { position } = await parts.records.transaction(actor, async (tx) => {
    const { rows } = await tx.query<{ staff_id: string }>('delete from auth.service_token where id::text = $1 returning staff_id', [id])
    if (!rows[0]) throw new AppError('not_found')
    await tx.audit([{ actor, action: 'token_revoke', entity: 'staff', ids: [rows[0].staff_id], outcome: 'done' }])
  })
  parts.tokens.forget()
  return { position }
}
