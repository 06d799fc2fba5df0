import fc from 'fast-check'
import { expect, test } from 'vitest'
import { catalogue, type EntityName } from '../catalogue/all.ts'
import type { Field } from '../catalogue/field.ts'
import type { Actor } from './actor.ts'
import { decide, type FieldRight, hasDuty, mayKnow, opensPerHour, revealsPerDay, usesOf } from './decide.ts'
import { fieldRights } from './fieldRights.ts'
import { covers, none, satisfies } from './predicate.ts'
import { type Action, type RoleId, roleIds, roles } from './roles.ts'

const actor = (given: readonly RoleId[], more: Partial<Actor> = {}): Actor => ({
  staffId: 'me',
  subject: 1,
  login: 'me',
  roles: given,
  storeIds: ['s1'],
  regionStoreIds: ['s1', 's2'],
  sessionId: null,
  address: null,
  ...more,
})

const entities = Object.keys(catalogue) as EntityName[]
const stores = fc.subarray(['s1', 's2', 's3'])
const actors = fc
  .record({ roles: fc.subarray([...roleIds]), storeIds: stores, region: stores })
  .map(({ roles: given, storeIds, region }) => actor(given, { storeIds, regionStoreIds: [...new Set([...storeIds, ...region])] }))

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
      const after = decide({ ...who, roles: [...who.roles, extra] }, entity)
      expect(covers(after.rows, before.rows)).toBe(true)
      for (const name of Object.keys(before.fields)) expect(wider(after.fields[name]!, before.fields[name]!), name).toBe(true)
      for (const [act, rule] of Object.entries(before.actions)) expect(covers(after.actions[act as Action] ?? none, rule), act).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'Owner', ''])('a role named %j grants nothing', (name) => {
  const who = actor([name as RoleId])
  for (const entity of entities) {
    const scope = decide(who, entity)
    expect([scope.rows, scope.actions]).toEqual([none, {}])
    for (const right of Object.values(scope.fields))
      expect([mayKnow(right), right.sort, right.write, right.exact]).toEqual([false, false, none, none])
    expect(fieldRights(scope)).toEqual({})
  }
  expect([hasDuty(who, 'audit.read'), revealsPerDay(who), opensPerHour(who)]).toEqual([false, 0, 0])
})

test.each(['constructor', '__proto__', 'customers', 'secret'])('of an entity named %j nothing exists, even for the owner', (name) => {
  expect(decide(actor(['owner']), name as EntityName)).toMatchObject({ rows: none, fields: {}, actions: {} })
})

test('whoever has no role, or no store, has nothing but the directory', () => {
  expect(decide(actor([]), 'customer').rows).toEqual(none)
  expect(decide(actor(['salesConsultant'], { storeIds: [] }), 'customer').rows).toEqual(none)
})

test('a consultant sees names in the store, contacts of their own customers, and may sort by name only', () => {
  const scope = decide(actor(['salesConsultant']), 'customer')
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

test('the auditor reads the log and no customer', () => {
  const who = actor(['auditor'])
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

test('what a role says of a record is within the rows it says exist', () => {
  const order = ['none', 'own', 'store', 'region', 'all']
  for (const [role, { entities: grants }] of Object.entries(roles)) {
    for (const [entity, grant] of Object.entries(grants)) {
      const reaches = [grant.names, grant.personal, grant.sensitive, grant.reveal, grant.use, ...Object.values(grant.actions ?? {})]
      for (const reach of reaches)
        expect(order.indexOf(reach ?? 'none'), `${role} ${entity}`).toBeLessThanOrEqual(order.indexOf(grant.rows))
    }
  }
})
