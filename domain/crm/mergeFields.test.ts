import { expect, test } from 'vitest'
import { mergeFields } from './mergeFields.ts'

const empty = { emails: [], wechatIds: [], addresses: [], tags: [], facts: null, notes: null, source: null, basis: null, referrerId: null }
const a = {
  ...empty,
  id: 'a',
  name: '沈静安',
  kind: 'household',
  phones: ['+8613800138000'],
  storeId: 's1',
  ownerId: null,
  notes: '爱听黑胶',
}
const b = {
  ...empty,
  id: 'b',
  name: '沈先生',
  kind: 'household',
  phones: ['+8613800138000', '+8613900139000'],
  storeId: 's2',
  ownerId: 'x',
  notes: '要 7.2.4',
  source: 'walkIn',
  referrerId: 'a',
}

test('lists and long texts stand together, of the rest the first record decides where it says something', () => {
  expect(mergeFields([a, b])).toMatchObject({
    name: '沈静安',
    phones: ['+8613800138000', '+8613900139000'],
    notes: '爱听黑胶\n要 7.2.4',
    storeId: 's1',
    ownerId: 'x',
    source: 'walkIn',
    basis: null,
  })
})

test('a choice takes one record’s value, empty too', () => {
  expect(mergeFields([a, b], { name: 'b', phones: 'a', notes: 'b', source: 'a' })).toMatchObject({
    name: '沈先生',
    phones: ['+8613800138000'],
    notes: '要 7.2.4',
    source: null,
  })
})

test('nobody is recommended by themselves', () => {
  expect(mergeFields([a, b])['referrerId']).toBe(null)
  expect(mergeFields([b, { ...a, referrerId: 'c' }], { referrerId: 'a' })['referrerId']).toBe('c')
})

test('long texts that do not fit together are not cut', () => {
  const long = 'x'.repeat(3_000)
  expect(
    mergeFields([
      { ...a, notes: long },
      { ...b, notes: `${long}y` },
    ])['notes'],
  ).toBe(long)
})
