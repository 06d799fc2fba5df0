import type { RoleId } from '../../domain/policy/roles.ts'
import { latin, makeName, type Name } from './names.ts'
import type { Random } from './random.ts'

export const company = '听松影音'
/** The shops, and in which part of the country each is. */
export const shops = [
  { name: '上海静安店', region: '华东' },
  { name: '杭州滨江店', region: '华东' },
  { name: '成都高新店', region: '西南' },
] as const

/** One of the staff; `store` is a place in `shops`, null for whoever belongs to all of them. */
export type Member = { readonly login: string; readonly name: Name; readonly role: RoleId; readonly store: number | null }

/** How many consultants and installers a shop has; with the owner, three managers, an auditor and three people of the office 25 in all. */
const consultants = [5, 4, 4] as const
const installers = [2, 1, 1] as const

/** Returns the staff, the owner first. Logins are names in pinyin, each once. */
export const makeStaff = (random: Random): Member[] => {
  const logins = new Set<string>()
  const hire = (role: RoleId, store: number | null): Member => {
    let name = makeName(random)
    while (logins.has(latin(name.full))) name = makeName(random)
    logins.add(latin(name.full))
    return { login: latin(name.full), name, role, store }
  }
  return [
    hire('owner', null),
    ...shops.map((_, store) => hire('storeManager', store)),
    ...consultants.flatMap((count, store) => Array.from({ length: count }, () => hire('salesConsultant', store))),
    hire('auditor', null),
    ...installers.flatMap((count, store) => Array.from({ length: count }, () => hire('installer', store))),
    hire('customerService', 0),
    hire('marketing', 0),
    hire('finance', null),
  ]
}
