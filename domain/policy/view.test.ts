import fc from 'fast-check'
import { expect, test } from 'vitest'
import { catalogue, type EntityName } from '../catalogue/all.ts'
import type { Entity, Row } from '../catalogue/entity.ts'
import { type Field, isSealed } from '../catalogue/field.ts'
import { customer } from '../crm/customer.ts'
import { interaction } from '../crm/interaction.ts'
import { AppError } from '../errors.ts'
import type { Actor } from './actor.ts'
import { someone } from './actor.fixture.ts'
import { decide, mayKnow } from './decide.ts'
import { satisfies } from './predicate.ts'
import { roleIds } from './roles.ts'
import { view } from './view.ts'

const entities = Object.keys(catalogue) as EntityName[]
const stores = fc.subarray(['s1', 's2'])
const actors: fc.Arbitrary<Actor> = fc
  .record({
    roles: fc.subarray([...roleIds]),
    staffId: fc.constantFrom('me', 'other'),
    storeIds: stores,
    regionStoreIds: stores,
    workingIds: fc.subarray(['id', 'c2']),
  })
  .map(({ roles, ...person }) => someone(roles, person))
const ruleRows = fc.record({
  id: fc.constant('id'),
  storeId: fc.constantFrom('s1', 's2', 's3', null),
  ownerId: fc.constantFrom('me', 'other', null),
})

const standard = {
  id: 'id',
  version: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  trashedAt: null,
  subject: 7,
}

/** A record in which each sealed field holds a string that occurs nowhere else. */
const recordOf = (entity: Entity): Row<Entity> => {
  const values = Object.entries(entity.fields).map(([name, field]) => {
    const one = isSealed(field.class) ? `中${name}秘密内容1380013800${name.length}末` : `plain-${name}`
    return [name, field.many ? [one, `${one}2`] : one]
  })
  return { ...standard, ...Object.fromEntries(values) } as Row<Entity>
}

test('a view never holds a value that the scope does not open, nor a secret, nor the subject number', () => {
  fc.assert(
    fc.property(actors, fc.constantFrom(...entities), ruleRows, (who, name, ruleRow) => {
      const entity: Entity = catalogue[name]
      const scope = decide(who, name)
      const row: Row<Entity> = { ...recordOf(entity), ...(name === 'customer' ? ruleRow : {}) }
      if (!satisfies(scope.rows, ruleRow)) {
        expect(() => view(scope, row, ruleRow)).toThrow(AppError)
        return
      }
      const sent = view(scope, row, ruleRow) as unknown as Record<string, unknown>
      const text = JSON.stringify(sent)
      expect(sent).not.toHaveProperty('subject')
      for (const [field, declared] of Object.entries(entity.fields) as [string, Field][]) {
        const right = scope.fields[field]!
        const open = satisfies(right.read, ruleRow)
        const values = [row[field]].flat() as (string | null)[]
        if (declared.class === 'secret' || !mayKnow(right)) expect(sent).not.toHaveProperty(field)
        if (isSealed(declared.class) && !open) for (const value of values) expect(text).not.toContain(value)
        if (open && declared.class !== 'secret') expect(sent[field]).toEqual(row[field])
      }
    }),
    { numRuns: 600 },
  )
})

const consultant = someone(['salesConsultant'])
const lin: Row<typeof customer> = {
  ...standard,
  name: '林立',
  kind: 'household',
  phones: ['+8613800138000'],
  emails: [],
  wechatIds: [],
  addresses: ['上海市静安区延安西路100号'],
  storeId: 's1',
  ownerId: 'other',
  tags: ['VIP'],
  facts: null,
  notes: null,
  source: null,
  basis: null,
  referrerId: null,
}

test("a colleague's customer is named and otherwise masked; one's own is open; another store's does not exist", () => {
  const scope = decide(consultant, 'customer')
  expect(view(scope, lin)).toMatchObject({
    name: '林立',
    phones: [{ masked: '••••8000' }],
    emails: [],
    wechatIds: [],
    addresses: [{ masked: '上海市静安区••••' }],
    tags: [{ masked: '••••' }],
    facts: null,
    notes: null,
    source: null,
    basis: null,
    referrerId: null,
  })
  expect(view(scope, { ...lin, ownerId: 'me' })).toMatchObject({ phones: lin.phones, addresses: lin.addresses })
  expect(() => view(scope, { ...lin, storeId: 's2' })).toThrow('not_found')
})

test('a timeline entry follows its customer, and without the customer it does not leave', () => {
  const scope = decide(consultant, 'interaction')
  const entry: Row<typeof interaction> = {
    ...standard,
    customerId: 'c',
    kind: 'call',
    happenedAt: standard.createdAt,
    staffId: 'me',
    text: '想听音箱',
  }
  expect(view(scope, entry, { storeId: 's1', ownerId: 'me' }).text).toBe('想听音箱')
  expect(view(scope, entry, { storeId: 's1', ownerId: 'other' }).text).toEqual({ masked: '••••' })
  expect(() => view(scope, entry)).toThrow('not_found')
})
