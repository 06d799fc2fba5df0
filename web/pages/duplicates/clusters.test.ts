import { expect, test } from 'vitest'
import { clustersOf, type Pair, type Reason, type Twin } from './clusters.ts'

const twin = (id: string): Twin => ({
  id,
  version: 1,
  name: id,
  phones: [],
  addresses: [],
  storeId: 's',
  ownerId: null,
  createdAt: `2026-0${id.charCodeAt(0) - 96}-01`,
})
const pair = (a: string, b: string, ...reasons: Reason[]): Pair => ({ reasons, foundAt: '', customers: [twin(a), twin(b)] })

test('pairs that touch are one cluster, oldest first, with every reason once', () => {
  const clusters = clustersOf([pair('b', 'c', 'phone'), pair('d', 'e', 'wechat'), pair('a', 'b', 'phone', 'likeness')])
  expect(clusters.map(({ customers, reasons }) => [customers.map(({ id }) => id).join(''), reasons.join(' ')])).toEqual([
    ['abc', 'phone likeness'],
    ['de', 'wechat'],
  ])
})

test('a pair that joins two clusters leaves one', () => {
  const clusters = clustersOf([pair('a', 'b', 'phone'), pair('c', 'd', 'phone'), pair('b', 'c', 'email')])
  expect(clusters.map(({ customers }) => customers.map(({ id }) => id).join(''))).toEqual(['abcd'])
  expect(clusters[0]!.pairs).toHaveLength(3)
})

test('one that cannot be shown is nobody’s twin', () => {
  expect(clustersOf([{ reasons: ['phone'], foundAt: '', customers: [twin('a')] }])).toEqual([])
})
