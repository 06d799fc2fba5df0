import { expect, test } from 'vitest'
import { customer } from '../../../domain/crm/customer.ts'
import { generateCustomers } from '../../../test/support/people.ts'
import { createIndex, type IndexedRecord, type SearchIndex } from './createIndex.ts'
import type { PageQuery, SearchScope } from './query.ts'
import { restoreSnapshot, takeSnapshot } from './snapshot.ts'

const people = generateCustomers(7)
const record = (n: number): IndexedRecord => ({
  ...people.next().value,
  id: `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`,
  subject: n,
  createdAt: new Date(1_700_000_000_000 + (n % 50) * 1000).toISOString(),
  trashedAt: n % 10 === 0 ? '2026-01-01T00:00:00.000Z' : null,
  storeId: `s${n % 3}`,
  ownerId: `o${n % 7}`,
})
const all = { filter: { kind: 'all' }, exact: { kind: 'all' }, sort: true } as const
const scope: SearchScope = {
  rows: { kind: 'all' },
  ids: [],
  fields: Object.fromEntries(Object.keys(customer.fields).map((name) => [name, all])),
}
const questions: PageQuery[] = [
  { offset: 0, limit: 500 },
  { sort: 'name', offset: 3, limit: 500 },
  { q: '王', offset: 0, limit: 500 },
  { q: 'li', sort: 'createdAt', offset: 0, limit: 500 },
  { filters: { trashed: true, facets: { storeId: ['s1'] } }, offset: 0, limit: 500 },
]
const answers = (index: SearchIndex) => questions.map((query) => index.page(scope, query))

const restore = async (parts: readonly Uint8Array[], meta: ReturnType<typeof takeSnapshot>['meta']): Promise<SearchIndex> => {
  const bytes = Buffer.concat(parts)
  let at = 0
  const index = createIndex(customer, { perSegment: 16 })
  await restoreSnapshot(index.state, JSON.parse(JSON.stringify(meta)) as typeof meta, async (count) => {
    const out = Buffer.allocUnsafeSlow(count)
    bytes.copy(out, 0, at, at + count)
    at += count
    return out
  })
  expect(at).toBe(bytes.length)
  return index
}

test('a restored index answers and goes on like the one it was taken from, whatever that one did afterwards', async () => {
  const index = createIndex(customer, { perSegment: 16 })
  for (let n = 1; n <= 400; n++) index.load(record(n))
  index.finishLoad()
  index.apply(
    Array.from({ length: 90 }, (_, i) => record(i * 3 + 1)),
    [record(2).id, record(5).id],
  )
  while (index.compact());
  const { meta, parts } = takeSnapshot(index.state)
  const before = answers(index)

  const later = Array.from({ length: 120 }, (_, i) => record(i * 4 + 1))
  index.apply(later, [record(9).id])
  while (index.compact());

  const restored = await restore(parts, meta)
  expect(answers(restored)).toEqual(before)
  restored.apply(later, [record(9).id])
  while (restored.compact());
  expect(answers(restored)).toEqual(answers(index))
  expect(restored.size()).toBe(index.size())
})

test('room freed while a snapshot is held is used again once it is released', () => {
  const index = createIndex(customer, { perSegment: 16 })
  const records = Array.from({ length: 200 }, (_, i) => record(i + 1))
  for (const one of records) index.load(one)
  index.finishLoad()
  const { slots } = index.state
  const churn = (): number => {
    index.apply(records, [])
    while (index.compact());
    return slots.segments().length
  }
  churn()
  const before = churn()
  const { release } = takeSnapshot(index.state)
  const held = [churn(), churn(), churn()]
  expect(held[2]).toBeGreaterThan(before)
  release()
  for (let i = 0; i < 10; i++) expect(churn()).toBeLessThanOrEqual(held[2]!)
})
