import type { Actor } from '../../domain/policy/actor.ts'
import { decide } from '../../domain/policy/decide.ts'
import { roleIds, type RoleId } from '../../domain/policy/roles.ts'
import { systemActor } from '../../server/audit/systemActor.ts'
import type { RowOf, ScopeOf } from '../../server/store/records.ts'
import { password, type TestApp } from '../support/app.ts'
import { customerInput } from '../support/house.ts'
import { type Relation, relations } from './truth.ts'

type Customer = RowOf<'customer'>

/** One person per role, in one store, with a customer of each relation; each value of a customer is nobody else's. */
export type Cast = {
  readonly person: Readonly<Record<RoleId, Actor>>
  readonly customers: Readonly<Record<RoleId, Readonly<Record<Relation, Customer>>>>
  readonly send: (role: RoleId, method: string, url: string, body?: unknown) => ReturnType<TestApp['send']>
}

/** Values of a customer that nobody else has: whichever of them is found in an answer has left. */
export const valuesOf = (relation: Relation, role: RoleId, n: number) => ({
  name: `陈${['甲', '乙', '丙', '丁', '戊'][relations.indexOf(relation)]}${n}${role}`,
  phones: [`+86139${String(30_000_000 + n * 7919)}`],
  emails: [`${relation}.${role}@example.com`.toLowerCase()],
  wechatIds: [`wx_${relation}_${role}`.toLowerCase()],
  addresses: [`上海市静安区${relation}${role}路${n}号`],
  tags: [`标签${relation}${role}`],
  facts: `要点${relation}${role}`,
  notes: `备注${relation}${role}`,
  source: 'walkIn' as const,
  basis: 'contract' as const,
})

const scopeOf = <N extends 'store' | 'customer'>(entity: N): ScopeOf<N> =>
  ({ ...decide(systemActor, entity), entity }) as unknown as ScopeOf<N>

/** Hires the cast into a test app. */
export const castOf = async (it: TestApp): Promise<Cast> => {
  const stores = (
    await it.house.records.transaction(systemActor, (tx) =>
      tx.createMany(scopeOf('store'), [
        { name: '本店', region: '华东' },
        { name: '邻店', region: '华东' },
        { name: '远店', region: '西南' },
      ]),
    )
  ).value.map(({ id }) => id)
  const [here, near, far] = stores as [string, string, string]
  const hire = async (login: string, roles: string[], storeIds: string[]): Promise<Actor> => {
    const body = { login, name: `员工${login}`, password, roles, storeIds, ...(roles[0] === 'owner' ? { accepts: 'small_shop' } : {}) }
    const { id } = (await it.send('owner', 'POST', '/api/staff', body)).json<{ id: string }>()
    return (await it.parts.actors.ofStaff(it.parts.pool, id))!
  }
  const colleague = await hire('tongshi', ['salesConsultant'], [here])
  const others = await hire('bieren', ['salesConsultant'], [near, far])
  const person = {} as Record<RoleId, Actor>
  const customers = {} as Record<RoleId, Record<Relation, Customer>>
  let n = 0
  for (const role of roleIds) {
    const me = (person[role] = await hire(`renwu${role.toLowerCase()}`, [role], [here]))
    const places: Record<Relation, [string, string]> = {
      own: [here, me.staffId],
      working: role === 'installer' ? [far, others.staffId] : [here, colleague.staffId],
      colleague: [here, colleague.staffId],
      near: [near, others.staffId],
      far: [far, others.staffId],
    }
    const inputs = relations.map((relation) => customerInput(...places[relation], valuesOf(relation, role, (n += 1))))
    const { value: rows } = await it.house.records.transaction(systemActor, (tx) => tx.createMany(scopeOf('customer'), inputs))
    customers[role] = Object.fromEntries(relations.map((relation, i) => [relation, rows[i]!])) as Record<Relation, Customer>
    const now = Date.now()
    // Refused for those who go to no customer.
    await it.send('owner', 'POST', `/api/customers/${customers[role].working.id}/appointments`, {
      kind: 'service',
      assigneeIds: [me.staffId],
      startsAt: new Date(now).toISOString(),
      endsAt: new Date(now + 3_600_000).toISOString(),
    })
  }
  const sessions = new Map<RoleId, Record<string, string>>()
  for (const role of roleIds) {
    const { token, session } = await it.parts.sessions.begin((await it.parts.actors.ofStaff(it.parts.pool, person[role].staffId))!)
    sessions.set(role, { cookie: `anechoic=${token}`, 'x-csrf-token': session.csrfToken })
  }
  const newest = await it.house.db.owner.query<{ id: number }>("select max(id)::int as id from audit.entry where action = 'create'")
  await it.parts.search.waitFor(newest.rows[0]!.id)
  return { person, customers, send: (role, method, url, body) => it.send(null, method, url, body, sessions.get(role)!) }
}
