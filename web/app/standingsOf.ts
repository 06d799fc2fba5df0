import type { Standing } from '../../domain/policy/actor.ts'
import { emergencyRole } from '../../domain/policy/roles.ts'
import type { Person, RoleInfo } from './people.ts'

/** Returns what somebody holds as policy reads it: what they are for good, and what is lent to them at `now` (ISO 8601). Roles that are not known are left out. */
export const standingsOf = (
  person: Pick<Person, 'id' | 'roles' | 'storeIds' | 'loans'>,
  roles: readonly Pick<RoleInfo, 'id' | 'name' | 'role'>[],
  stores: readonly { id: string; region?: unknown }[],
  now: string,
): Standing[] => {
  const inRegionOf = (storeIds: readonly string[]): string[] => {
    const regions = new Set(stores.filter(({ id, region }) => region && storeIds.includes(id)).map(({ region }) => region))
    return [...new Set([...storeIds, ...stores.filter(({ region }) => regions.has(region)).map(({ id }) => id)])]
  }
  const lasting = person.roles.map((role) => ({ role, storeIds: person.storeIds, kind: 'lasting' as const, forStaff: null, ends: null }))
  const lent = person.loans.filter(({ starts, ends }) => ends > now && (starts === null || starts <= now))
  return [...lasting, ...lent].flatMap(({ role: roleId, storeIds, kind, forStaff, ends }): Standing[] => {
    // What breaking the glass opens is no role that can be listed, or given.
    const known = kind === 'emergency' ? { name: null, role: emergencyRole } : roles.find(({ id }) => id === roleId)
    if (!known) return []
    const ownerIds = [person.id, ...(forStaff ? [forStaff] : [])]
    return [{ roleId, name: known.name, role: known.role, storeIds, regionStoreIds: inRegionOf(storeIds), ownerIds, kind, until: ends }]
  })
}
