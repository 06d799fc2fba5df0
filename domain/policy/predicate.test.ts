import fc from 'fast-check'
import { expect, test } from 'vitest'
import { all, any, covers, every, isIn, none, type Predicate, type RuleRow, satisfies } from './predicate.ts'

const ids = fc.constantFrom('a', 'b', 'c', 'd')
const column = fc.constantFrom('id' as const, 'storeId' as const, 'ownerId' as const)
const leaf: fc.Arbitrary<Predicate> = fc.oneof(
  fc.constantFrom(all, none),
  fc.record({ kind: fc.constant('in' as const), column, values: fc.array(ids, { maxLength: 3 }) }),
)
const { rule } = fc.letrec<{ rule: Predicate }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.record({ kind: fc.constant('any' as const), of: fc.array(tie('rule'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('every' as const), of: fc.array(tie('rule'), { maxLength: 3 }) }),
  ),
}))
const value = fc.constantFrom('a', 'b', 'c', 'd', 'other', null)
const row: fc.Arbitrary<RuleRow> = fc.record({ id: value, storeId: value, ownerId: value }, { requiredKeys: [] })
const everyValue = [undefined, null, 'a', 'b', 'c', 'd', 'other']
const allRows: RuleRow[] = everyValue.flatMap((id) =>
  everyValue.flatMap((storeId) =>
    everyValue.map((ownerId) => ({
      ...(id === undefined ? {} : { id }),
      ...(storeId === undefined ? {} : { storeId }),
      ...(ownerId === undefined ? {} : { ownerId }),
    })),
  ),
)

test('simplifying keeps the meaning', () => {
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 4 }), row, (rules, some) => {
      expect(satisfies(any(rules), some)).toBe(rules.some((one) => satisfies(one, some)))
      expect(satisfies(every(rules), some)).toBe(rules.every((one) => satisfies(one, some)))
    }),
    { numRuns: 2000 },
  )
})

test('covers is exactly inclusion over all rows', () => {
  fc.assert(
    fc.property(rule, rule, (wide, narrow) => {
      expect(covers(wide, narrow)).toBe(allRows.every((one) => !satisfies(narrow, one) || satisfies(wide, one)))
    }),
    { numRuns: 2000 },
  )
})

test('nothing and everything, and each rule once', () => {
  const store = isIn('storeId', ['a'])
  expect(isIn('storeId', [])).toBe(none)
  expect(any([])).toBe(none)
  expect(every([])).toBe(all)
  expect(any([none, store, any([store, none])])).toEqual(store)
  expect(every([store, all, every([store, all])])).toEqual(store)
  expect(any([store, all])).toBe(all)
  expect(every([store, none])).toBe(none)
  expect(satisfies(store, { storeId: null })).toBe(false)
  expect(satisfies(store, {})).toBe(false)
})
