import fc from 'fast-check'
import { expect, test } from 'vitest'
import { catalogue, type EntityName } from '../catalogue/all.ts'
import type { Field } from '../catalogue/field.ts'
import { shippedStanding } from './actor.ts'
import { someone } from './actor.fixture.ts'
import { decide, type FieldRight, hasDuty, mayKnow, opensPerHour, revealsPerDay, usesOf } from './decide.ts'
import { fieldRights } from './fieldRights.ts'
import { all, covers, none, satisfies } from './predicate.ts'
import { reachKeys, readRole } from './readRole.ts'
import { type Action, rowScopes } from './role.ts'
import { roleIds, roles } from './roles.ts'

const entities = Object.keys(catalogue) as EntityName[]
const stores = fc.subarray(['s1', 's2', 's3'])
const actors = fc
  .record({ roles: fc.subarray([...roleIds]), storeIds: stores, region: stores, workingIds: fc.subarray(['c1', 'c2']) })
  .map(({ roles: given, storeIds, region, workingIds }) =>
    someone(given, { storeIds, regionStoreIds: [...new Set([...storeIds, ...region])], workingIds }),
  )

test('no right reaches outside the rows that exist, and what is asked of a value never further than its sight', () => {
  fc.assert(
    fc.property(actors, fc.constantFrom(...entities), (who, entity) => {
      const scope = decide(who, entity)
      const fields = catalogue[entity].fields as Record<string, Field>
      expect(Object.keys(scope.fields)).toEqual(Object.keys(fields))
      for (const rule of Object.values(scope.actions)) expect(covers(scope.rows, rule)).toBe(true)
      for (const [name, right] of Object.entries(scope.fields)) {
        const { sort, ...rules } = right
        for (const rule of Object.values(rules)) expect(covers(scope.rows, rule)).toBe(true)
        expect(covers(right.read, right.filter)).toBe(true)
        expect(covers(right.exact, right.filter)).toBe(true)
        if (sort) expect(covers(right.read, scope.rows)).toBe(true)
        if (fields[name]!.find.length === 0) expect([right.filter, right.exact, sort]).toEqual([none, none, false])
        if (fields[name]!.class === 'secret') expect([right.read, right.filter, right.reveal]).toEqual([none, none, none])
      }
    }),
    { numRuns: 300 },
  )
})

test('one more role never takes anything away', () => {
  const wider = (more: FieldRight, less: FieldRight) =>
    covers(more.read, less.read) && covers(more.write, less.write) && covers(more.reveal, less.reveal) && covers(more.use, less.use)
  fc.assert(
    fc.property(actors, fc.constantFrom(...roleIds), fc.constantFrom(...entities), (who, extra, entity) => {
      const before = decide(who, entity)
      const more = { ...who, standings: [...who.standings, shippedStanding(extra, 'me', { storeIds: who.storeIds })] }
      const after = decide(more, entity)
      expect(covers(after.rows, before.rows)).toBe(true)
      for (const name of Object.keys(before.fields)) expect(wider(after.fields[name]!, before.fields[name]!), name).toBe(true)
      for (const [act, rule] of Object.entries(before.actions)) expect(covers(after.actions[act as Action] ?? none, rule), act).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'Owner', ''])(
  'a role named %j is none, and without a role there is nothing',
  (name) => {
    expect(() => someone([name])).toThrow(RangeError)
    const who = someone([])
    for (const entity of entities) {
      const scope = decide(who, entity)
      expect([scope.rows, scope.actions]).toEqual([none, {}])
      for (const right of Object.values(scope.fields))
        expect([mayKnow(right), right.sort, right.write, right.exact]).toEqual([false, false, none, none])
      expect(fieldRights(scope)).toEqual({})
    }
    expect([hasDuty(who, 'audit.read'), revealsPerDay(who), opensPerHour(who)]).toEqual([false, 0, 0])
  },
)

test.each(['constructor', '__proto__', 'customers', 'secret'])('of an entity named %j nothing exists, even for the owner', (name) => {
  expect(decide(someone(['owner']), name as EntityName)).toMatchObject({ rows: none, fields: {}, actions: {} })
})

test('whoever has no role, or no store, has nothing but the directory', () => {
  expect(decide(someone([]), 'customer').rows).toEqual(none)
  expect(decide(someone(['salesConsultant'], { storeIds: [] }), 'customer').rows).toEqual(none)
})

test('a consultant sees names in the store, contacts of their own customers, and may sort by name only', () => {
  const scope = decide(someone(['salesConsultant']), 'customer')
  const mine = { storeId: 's1', ownerId: 'me' }
  const colleague = { storeId: 's1', ownerId: 'other' }
  const away = { storeId: 's3', ownerId: 'me' }
  const may = (name: string, right: Exclude<keyof FieldRight, 'sort'>) =>
    [mine, colleague, away].map((row) => satisfies(scope.fields[name]![right], row))
  expect([mine, colleague, away].map((row) => satisfies(scope.rows, row))).toEqual([true, true, false])
  expect(may('name', 'read')).toEqual([true, true, false])
  expect(may('phones', 'read')).toEqual([true, false, false])
  expect(may('phones', 'filter')).toEqual([true, false, false])
  expect(may('phones', 'exact')).toEqual([true, true, false])
  expect(may('phones', 'reveal')).toEqual([true, true, false])
  expect(may('notes', 'exact')).toEqual([false, false, false])
  expect(may('tags', 'exact')).toEqual([true, false, false])
  expect(may('tags', 'use')).toEqual([false, false, false])
  expect(may('kind', 'read')).toEqual([true, true, false])
  expect(Object.entries(scope.fields).flatMap(([name, right]) => (right.sort ? [name] : []))).toEqual(['name'])
  expect(fieldRights(scope)).toMatchObject({
    name: { read: 'everywhere' },
    phones: { read: 'somewhere', exact: 'everywhere', uses: ['call', 'message', 'copy'] },
  })
})

test('an installer knows whom today is for, and nobody else; a consultant has them in sight too', () => {
  const today = { id: 'c1', storeId: 's9', ownerId: 'other' }
  const tomorrow = { id: 'c2', storeId: 's1', ownerId: 'other' }
  const see = (role: string, field: string) => {
    const scope = decide(someone([role], { workingIds: ['c1'] }), 'customer')
    return [today, tomorrow].map((row) => satisfies(scope.rows, row) && satisfies(scope.fields[field]!.read, row))
  }
  expect(see('installer', 'name')).toEqual([true, false])
  expect(see('installer', 'phones')).toEqual([true, false])
  expect(see('salesConsultant', 'name')).toEqual([false, true])
  expect(see('salesConsultant', 'phones')).toEqual([false, false])
})

test('standing in for a colleague reaches their records in their store, and nothing of the other standing', () => {
  const mine = shippedStanding('salesConsultant', 'me', { storeIds: ['s1'] })
  const theirs = shippedStanding('salesConsultant', 'me', { storeIds: ['s2'], ownerIds: ['me', 'her'], kind: 'delegated' })
  const scope = decide({ ...someone([]), standings: [mine, theirs] }, 'customer')
  const opens = (storeId: string, ownerId: string) => satisfies(scope.fields.phones!.read, { storeId, ownerId })
  expect([opens('s2', 'her'), opens('s1', 'her'), opens('s1', 'me'), opens('s2', 'me'), opens('s3', 'her')]).toEqual([
    true,
    false,
    true,
    true,
    false,
  ])
})

test('filter, sort, write and export are rights of their own', () => {
  const grant = { rows: 'all', names: 'all', personal: 'all' } as const
  const scopeWith = (more: object) => {
    const role = { entities: { customer: { ...grant, ...more } }, duties: [], revealsPerDay: 0, opensPerHour: 0 }
    const standing = { ...shippedStanding('finance', 'me', { storeIds: [] }), role }
    return decide({ ...someone([]), standings: [standing] }, 'customer').fields
  }
  expect(scopeWith({}).phones).toMatchObject({ read: all, filter: none, exact: none, sort: false, write: none, export: none })
  expect(scopeWith({ filter: 'all' }).phones).toMatchObject({ filter: all, exact: all })
  expect(scopeWith({ filter: 'all' }).name!.sort).toBe(false)
  expect(scopeWith({ sort: 'all' }).name!.sort).toBe(true)
  const writes = scopeWith({ actions: { update: 'all' }, write: ['internal'] })
  expect([writes.kind!.write, writes.phones!.write]).toEqual([all, none])
  const leaves = scopeWith({ actions: { export: 'all' } })
  expect([leaves.name!.export, leaves.kind!.export, leaves.phones!.export]).toEqual([all, all, none])
  expect(scopeWith({ actions: { export: 'all' }, export: 'all' }).phones!.export).toEqual(all)
  expect(scopeWith({ export: 'all' }).phones!.export).toEqual(none)
})

test('the auditor reads the log and no customer', () => {
  const who = someone(['auditor'])
  expect(hasDuty(who, 'audit.read')).toBe(true)
  for (const entity of ['customer', 'interaction'] as const) expect(decide(who, entity).rows).toEqual(none)
  expect(decide(who, 'staff').actions).toEqual({})
})

test('uses fit their fields, and no internal field has one', () => {
  for (const entity of entities) {
    for (const field of Object.values(catalogue[entity].fields) as Field[]) {
      if (field.category === null) expect(usesOf(field)).toEqual([])
      if (field.kind === 'phone') expect(usesOf(field)).toContain('call')
    }
  }
})

test('each role that ships reads back as it is, and what it may not say is refused by name', () => {
  for (const role of Object.values(roles)) expect(readRole(JSON.parse(JSON.stringify(role)))).toEqual({ role, problems: [] })
  const { storeManager: base } = roles
  const faults: [object, string, string][] = [
    [{ ...base, entities: { customer: { rows: 'store', names: 'all' } } }, 'entities.customer.names', 'too_wide'],
    [{ ...base, entities: { customer: { rows: 'store', actions: { erase: 'region' } } } }, 'entities.customer.actions.erase', 'too_wide'],
    [{ ...base, entities: { customer: { rows: 'everywhere' } } }, 'entities.customer.rows', 'not_an_option'],
    [{ ...base, entities: { customer: { rows: 'all', actions: { fly: 'all' } } } }, 'entities.customer.actions.fly', 'unknown_key'],
    [{ ...base, entities: { customer: { rows: 'all', open: 'all' } } }, 'entities.customer.open', 'unknown_key'],
    [{ ...base, entities: { customer: { rows: 'all', write: ['secret'] } } }, 'entities.customer.write', 'not_an_option'],
    [{ ...base, entities: { constructor: { rows: 'all' } } }, 'entities.constructor', 'unknown_key'],
    [{ ...base, duties: ['everything'] }, 'duties', 'not_an_option'],
    [{ ...base, revealsPerDay: 1e9 }, 'revealsPerDay', 'too_big'],
    [{ ...base, opensPerHour: -1 }, 'opensPerHour', 'wrong_type'],
    [{ ...base, superuser: true }, 'superuser', 'unknown_key'],
  ]
  for (const [given, field, problem] of faults) expect(readRole(given)).toEqual({ role: null, problems: [{ field, problem }] })
  expect(readRole(null).role).toBeNull()
})

test('what a role says of a record is within the rows it says exist', () => {
  const order: readonly string[] = rowScopes
  for (const [role, { entities: grants }] of Object.entries(roles)) {
    for (const [entity, grant] of Object.entries(grants)) {
      const reaches = [...reachKeys.map((key) => grant[key]), ...Object.values(grant.actions ?? {})]
      for (const reach of reaches)
        expect(order.indexOf(reach ?? 'none'), `${role} ${entity}`).toBeLessThanOrEqual(order.indexOf(grant.rows))
    }
  }
})
