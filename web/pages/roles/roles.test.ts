import fc from 'fast-check'
import { expect, test } from 'vitest'
import { catalogue, type EntityName } from '../../../domain/catalogue/all.ts'
import { shippedStanding } from '../../../domain/policy/actor.ts'
import { readRole } from '../../../domain/policy/readRole.ts'
import { duties, type Role, rowScopes } from '../../../domain/policy/role.ts'
import { roleIds, roles } from '../../../domain/policy/roles.ts'
import type { Person } from '../../app/people.ts'
import { compareRoles, nearestRole } from './compareRoles.ts'
import { emptyRole, setAct, setDuty, setReach, setWrite } from './draft.ts'
import { effectOf } from './effectOf.ts'
import { holdersOf } from './holdersOf.ts'
import { actsOf, entityOrder, reachesOf, rightsOf } from './questions.ts'

test('what is asked about an entity fits what it holds, and no entity is forgotten', () => {
  expect(entityOrder.toSorted()).toEqual(Object.keys(catalogue).toSorted())
  expect(rightsOf('customer')).toEqual(['rows', 'names', 'personal', 'reveal', 'use', 'filter', 'sort', 'export'])
  expect(rightsOf('customer', roles.installer.entities.customer)).toContain('sensitive')
  expect(rightsOf('interaction', roles.owner.entities.interaction)).not.toContain('use')
  expect(rightsOf('store')).toEqual(['rows', 'filter', 'sort'])
  expect(reachesOf('staff')).toEqual(['none', 'all'])
  expect(actsOf('consent')).toEqual(['create', 'export'])
})

const fromRole = (id: (typeof roleIds)[number]): Role => roles[id]

test('where fewer records exist, every right follows, and a grant over nothing goes', () => {
  const own = setReach(roles.storeManager, 'customer', 'rows', 'own')
  expect(own.entities.customer).toMatchObject({ rows: 'own', names: 'own', personal: 'own', actions: { trash: 'own', erase: 'none' } })
  expect(own.entities.contact).toEqual(roles.storeManager.entities.contact)
  expect(setReach(own, 'customer', 'rows', 'none').entities.customer).toBeUndefined()
  expect(setReach(emptyRole, 'customer', 'names', 'all')).toEqual(emptyRole)
  expect(setReach(own, 'customer', 'reveal', 'all').entities.customer).toMatchObject({ reveal: 'own' })
  expect(setReach(emptyRole, 'customer', 'rows', 'store').entities.customer).toEqual({
    rows: 'store',
    names: 'store',
    filter: 'store',
    sort: 'store',
  })
  const writes = setAct(setReach(emptyRole, 'customer', 'rows', 'store'), 'customer', 'update', 'all')
  expect(writes.entities.customer).toMatchObject({ actions: { update: 'store' }, write: ['public', 'internal', 'personal'] })
  expect(setWrite(writes, 'customer', 'personal', false).entities.customer).toMatchObject({ write: ['public', 'internal'] })
  expect(setDuty(setDuty(emptyRole, 'audit.read', true), 'calls.take', true).duties).toEqual(['calls.take', 'audit.read'])
})

test('whatever is chosen in whatever order, the server would take it', () => {
  const step = fc.oneof(
    fc.tuple(fc.constant('reach' as const), fc.constantFrom(...entityOrder), fc.nat(9), fc.constantFrom(...rowScopes)),
    fc.tuple(fc.constant('act' as const), fc.constantFrom(...entityOrder), fc.nat(9), fc.constantFrom(...rowScopes)),
  )
  const take = (role: Role, [kind, entity, n, reach]: ['reach' | 'act', EntityName, number, (typeof rowScopes)[number]]): Role => {
    if (kind === 'reach') return setReach(role, entity, rightsOf(entity)[n % rightsOf(entity).length]!, reach)
    return setAct(role, entity, actsOf(entity)[n % actsOf(entity).length]!, reach)
  }
  fc.assert(
    fc.property(fc.constantFrom(...roleIds), fc.array(step, { maxLength: 12 }), (id, steps) => {
      const role = steps.reduce(take, fromRole(id))
      expect(readRole(role).problems).toEqual([])
    }),
  )
})

test('two roles are compared thing by thing, and the nearest is found', () => {
  const adapted = setDuty(
    setReach(setAct(roles.salesConsultant, 'customer', 'export', 'own'), 'customer', 'reveal', 'own'),
    'calls.take',
    false,
  )
  expect(compareRoles(roles.salesConsultant, { ...adapted, revealsPerDay: 10 })).toEqual([
    { of: 'right', entity: 'customer', right: 'reveal', before: 'store', after: 'own', more: false },
    { of: 'act', entity: 'customer', act: 'export', before: 'none', after: 'own', more: true },
    { of: 'duty', duty: 'calls.take', more: false },
    { of: 'budget', budget: 'revealsPerDay', before: 30, after: 10, more: false },
  ])
  expect(compareRoles(roles.auditor, roles.auditor)).toEqual([])
  expect(compareRoles(roles.auditor, setReach(roles.auditor, 'customer', 'rows', 'store'))).toHaveLength(1)
  const candidates = roleIds.map((id) => ({ id, role: roles[id] }))
  expect(nearestRole(adapted, candidates)?.id).toBe('salesConsultant')
  expect(nearestRole(adapted, [])).toBeNull()
})

test('what changes for a holder is what policy decides, with their other roles', () => {
  const stretch = { storeIds: ['s1'] }
  const held = shippedStanding('salesConsultant', 'p1', stretch)
  const narrowed = { ...held, role: setReach(setReach(held.role, 'customer', 'reveal', 'own'), 'contact', 'rows', 'none') }
  expect(effectOf([held], [held])).toEqual([])
  expect(effectOf([held], [narrowed])).toEqual([
    { entity: 'customer', what: 'reveal', gain: false },
    { entity: 'contact', what: 'rows', gain: false },
  ])
  const manager = shippedStanding('storeManager', 'p1', stretch)
  expect(effectOf([held, manager], [narrowed, manager])).toEqual([])
  const powerful = { ...held, role: { ...setDuty(held.role, 'audit.read', true), revealsPerDay: 31 } }
  expect(effectOf([held], [powerful])).toEqual([
    { entity: null, what: 'audit.read', gain: true },
    { entity: null, what: 'revealsPerDay', gain: true },
  ])
  expect(duties).toContain('audit.read')
})

test('what a change of a role does is told for each holder, lent ones included, and what it begins that belongs apart', () => {
  const person = (id: string, held: string[], over: Partial<Person> = {}): Person => ({
    id,
    version: 1,
    login: id,
    name: null,
    kind: 'person',
    roles: held,
    storeIds: ['s1'],
    loans: [],
    joinsOn: null,
    leavesOn: null,
    active: true,
    suspended: null,
    privileged: false,
    deviations: [],
    lastAct: null,
    ...over,
  })
  const loan = {
    id: 'g',
    role: 'own-1',
    storeIds: ['s1'],
    kind: 'temporary',
    forStaff: null,
    starts: null,
    ends: '2026-12-01T00:00:00Z',
  } as const
  const infos = [
    { id: 'own-1', name: '资深顾问', role: roles.salesConsultant, version: 1, holders: 3 },
    ...roleIds.map((id) => ({ id, name: null, role: roles[id], version: null, holders: 0 })),
  ]
  const people = [
    person('a', ['own-1']),
    person('b', ['own-1', 'storeManager']),
    person('c', [], { loans: [{ ...loan, storeIds: ['s1'] }] }),
    person('d', ['salesConsultant']),
    person('e', ['own-1'], { active: false }),
  ]
  const known = { people, roles: infos, stores: [{ id: 's1' }] }
  const narrowed = holdersOf('own-1', setReach(roles.salesConsultant, 'customer', 'reveal', 'own'), known, '2026-11-25T00:00:00Z')
  const lost = [{ entity: 'customer', what: 'reveal', gain: false }]
  expect(narrowed.map((one) => [one.person.id, one.alone, one.effects])).toEqual([
    ['a', true, lost],
    ['b', false, []],
    ['c', true, lost],
  ])
  const powerful = holdersOf('own-1', setDuty(roles.salesConsultant, 'audit.read', true), known, '2026-11-25T00:00:00Z')
  expect(powerful.map(({ fresh }) => fresh)).toEqual([['power_reads_customers'], ['power_reads_customers'], ['power_reads_customers']])
})
