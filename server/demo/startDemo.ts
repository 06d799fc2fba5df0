import { randomBytes } from 'node:crypto'
import { decide } from '../../domain/policy/decide.ts'
import type { Actor } from '../../domain/policy/actor.ts'
import type { RoleId } from '../../domain/policy/roles.ts'
import type { Parts } from '../actions/parts.ts'
import type { SetUp, SetUpAnswer } from '../actions/setup/setUp.ts'
import { proveKit } from '../actions/setup/proveKit.ts'
import { createStaff } from '../actions/access/createStaff.ts'
import { inventPassword } from '../auth/inventPassword.ts'
import { writeSecondFactor } from '../auth/secondFactor.ts'
import type { ScopeOf } from '../store/records.ts'
import { makeCustomers } from './makeCustomers.ts'
import { company, makeStaff, shops } from './makeStaff.ts'
import { seedRandom } from './random.ts'
import { storeCustomers } from './storeCustomers.ts'
import { makeAppointments } from './makeAppointments.ts'
import { storeAppointments } from './storeAppointments.ts'
import { workADay } from './workADay.ts'

/** An empty installation as far as a demo needs it. */
export type House = { readonly parts: () => Parts; readonly setUp: (asked: SetUp) => Promise<SetUpAnswer> }

type Options = {
  readonly customers: number
  /** The same seed makes the same dealer; passwords are random in any case. */
  readonly seed?: number
  readonly now?: number
  readonly onProgress?: (done: number, total: number) => void
}

/** Who can sign in, and with what; and the recovery kit's shares. Nothing of it is kept anywhere. */
export type Demo = { readonly staff: { login: string; role: RoleId; password: string }[]; readonly shares: string[] }

/**
 * Fills an empty installation with a dealer: 3 shops, 25 staff, customers with 18 months of what was said and a fortnight of appointments, through the same gates as everybody's
 * data. Returns sign-ins that exist nowhere else. Throws `setup_done` where there is a company already.
 */
export const startDemo = async (house: House, { customers, seed, now = Date.now(), onProgress }: Options): Promise<Demo> => {
  const random = seedRandom(seed ?? randomBytes(4).readUInt32LE())
  const members = makeStaff(random)
  const drafts = makeCustomers(random, members, customers, now)
  const passwords = members.map(() => inventPassword())
  const { shares } = await house.setUp({
    company,
    store: shops[0].name,
    owner: { login: members[0]!.login, name: members[0]!.name.full, password: passwords[0]! },
    kit: { shares: 3, threshold: 2 },
  })
  const parts = house.parts()
  // A demo is looked at with the passwords it printed.
  await writeSecondFactor(parts.pool, await parts.macKey(), 'none')
  const owner = await ownerOf(parts)
  await proveKit(parts, owner, shares.slice(1))
  const storeIds = await openShops(parts, owner)

  const staffIds = [owner.staffId]
  for (const [i, { login, name, role, store }] of members.entries()) {
    if (i === 0) continue
    const given = {
      login,
      name: name.full,
      roles: [role],
      storeIds: store === null ? storeIds : [storeIds[store]!],
      password: passwords[i]!,
    }
    const { staff } = await createStaff(parts, decide(owner, 'staff'), given)
    staffIds.push(staff.id)
  }
  const actors = await Promise.all(staffIds.map(async (id) => (await parts.actors.ofStaff(parts.pool, id))!))
  const stored = await storeCustomers(parts, { drafts, members, actors, storeIds, onProgress: (done) => onProgress?.(done, customers) })
  const meetings = makeAppointments(random, members, drafts, now)
  await storeAppointments(parts, { meetings, actors, ids: stored })
  await workADay(parts, random, actors, drafts, stored)
  return { staff: members.map(({ login, role }, i) => ({ login, role, password: passwords[i]! })), shares }
}

const ownerOf = async (parts: Parts): Promise<Actor> => {
  const { rows } = await parts.pool.query<{ id: string }>('select id from staff limit 1')
  return (await parts.actors.ofStaff(parts.pool, rows[0]!.id))!
}

/** The first shop is there since the set-up, without its region. */
const openShops = async ({ records, pool }: Parts, owner: Actor): Promise<string[]> => {
  const scope = { ...decide(owner, 'store'), entity: 'store' } as ScopeOf<'store'>
  const { rows } = await pool.query<{ id: string }>('select id from stores limit 1')
  const { value } = await records.transaction(owner, async (tx) => {
    await tx.change(scope, rows[0]!.id, 1, { region: shops[0].region })
    return tx.createMany(scope, shops.slice(1))
  })
  return [rows[0]!.id, ...value.map(({ id }) => id)]
}
