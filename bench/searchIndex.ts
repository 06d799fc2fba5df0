import { customer } from '../domain/crm/customer.ts'
import { decide } from '../domain/policy/decide.ts'
import { actorWith, shippedStanding } from '../domain/policy/actor.ts'
import type { RoleId } from '../domain/policy/roles.ts'
import { createIndex, type IndexedRecord, type SearchIndex } from '../server/search/index/createIndex.ts'
import { type PageQuery, type SearchScope, toSearchScope } from '../server/search/index/query.ts'
import { generateCustomers } from '../test/support/people.ts'

// What the search index costs: memory, building, and one query of each kind, in one process, without database, keys or worker messages.
// node --expose-gc bench/searchIndex.ts [sizes=10000,100000,1000000]   prints JSON; times in milliseconds, memory in MB.

const stores = Array.from({ length: 8 }, (_, i) => `01900000-0000-7000-8000-0000000000${10 + i}`)
const staff = Array.from({ length: 60 }, (_, i) => `01900000-0000-7000-8000-0000000001${10 + i}`)

function* records(count: number): Generator<IndexedRecord> {
  const people = generateCustomers(1)
  for (let n = 1; n <= count; n++) {
    const random = Math.imul(n, 2_654_435_761) >>> 0
    yield {
      ...people.next().value,
      id: `0190${(n >>> 16).toString(16).padStart(4, '0')}-${(n & 0xffff).toString(16).padStart(4, '0')}-7000-8000-${random.toString(16).padStart(12, '0')}`,
      subject: n,
      createdAt: new Date(1_600_000_000_000 + n * 60_000).toISOString(),
      trashedAt: null,
      storeId: stores[random % 8],
      ownerId: staff[(random >>> 8) % 60],
    }
  }
}

const scopeOf = (role: RoleId): SearchScope => {
  const standing = shippedStanding(role, staff[3]!, { storeIds: [stores[2]!], regionStoreIds: stores.slice(0, 3) })
  return toSearchScope(decide(actorWith({ staffId: staff[3]!, subject: 1, login: 'x' }, [standing]), 'customer'))
}
const everything = (): SearchScope => {
  const all = { filter: { kind: 'all' }, exact: { kind: 'all' }, sort: true } as const
  return { rows: { kind: 'all' }, ids: [], fields: Object.fromEntries(Object.keys(customer.fields).map((name) => [name, all])) }
}

/** Wall time, and beside it this thread's processor time: on a busy machine only the second says what the work costs. */
function measure(times: number, work: (i: number) => void): { p50: number; p95: number; cpuP50: number; n: number } {
  for (let i = 0; i < 5; i++) work(i)
  const wall: number[] = []
  const cpu: number[] = []
  for (let i = 0; i < times; i++) {
    const [from, used] = [performance.now(), process.threadCpuUsage()]
    work(i + 5)
    wall.push(performance.now() - from)
    const { user, system } = process.threadCpuUsage(used)
    cpu.push((user + system) / 1000)
  }
  const at = (list: number[], part: number): number => Math.round(list.toSorted((a, b) => a - b)[Math.floor(times * part)]! * 1000) / 1000
  return { p50: at(wall, 0.5), p95: at(wall, 0.95), cpuP50: at(cpu, 0.5), n: times }
}

const memory = (): { rss: number; buffers: number; heap: number } => {
  globalThis.gc?.()
  const { rss, arrayBuffers, heapUsed } = process.memoryUsage()
  return { rss: Math.round(rss / 1e6), buffers: Math.round(arrayBuffers / 1e6), heap: Math.round(heapUsed / 1e6) }
}

function queries(index: SearchIndex, size: number): Record<string, unknown> {
  const owner = scopeOf('owner')
  const manager = scopeOf('storeManager')
  const consultant = scopeOf('salesConsultant')
  const run = (scope: SearchScope, query: Omit<PageQuery, 'limit'>) => ({
    ...measure(40, () => index.page(scope, { ...query, limit: 50 })),
    total: index.page(scope, { ...query, limit: 50 }).total,
  })
  const deep = Math.floor(size / 2)
  const all = everything()
  return {
    listNewest: run(manager, { offset: 0 }),
    listNewestDeep: run(owner, { offset: deep }),
    sortByName: run(owner, { sort: 'name', offset: 0 }),
    sortByNameDeep: run(owner, { sort: 'name', offset: deep }),
    sortByNameDeepInStore: run(manager, { sort: 'name', offset: Math.floor(size / 16) }),
    substringRare: run(owner, { q: '𠮷', offset: 0 }),
    substringGiven: run(owner, { q: '知远', offset: 0 }),
    substringFull: run(owner, { q: '王建国', offset: 0 }),
    substringSurname: run(owner, { q: '王', offset: 0 }),
    substringEverywhere: run(all, { q: '世纪大道', offset: 0 }),
    pinyinInitials: run(owner, { q: 'szy', offset: 0 }),
    pinyinFull: run(owner, { q: 'shenzhiyuan', offset: 0 }),
    pinyinSyllable: run(owner, { q: 'wang', offset: 0 }),
    pinyinLetter: run(owner, { q: 'w', offset: 0 }),
    latin: run(owner, { q: 'john', offset: 0 }),
    lastFourConsultant: run(consultant, { q: '8000', offset: 0 }),
    lastFourOwner: run(owner, { q: '8000', offset: 0 }),
    phoneComplete: run(owner, { q: '13800138000', offset: 0 }),
    phoneFragmentEverywhere: run(all, { q: '380013', offset: 0 }),
    twoWords: run(all, { q: '上海 王', offset: 0 }),
  }
}

function updates(index: SearchIndex, size: number): Record<string, unknown> {
  const fresh = [...records(2_000)].map((record, i) => ({
    ...record,
    createdAt: new Date(1_600_000_000_000 + (size + i) * 60_000).toISOString(),
  }))
  const one = measure(100, (i) => index.apply([fresh[i]!], []))
  const from = performance.now()
  index.apply(fresh.slice(200, 1_200), [])
  const thousand = Math.round(performance.now() - from)
  // Waste made on purpose: the oldest records of one owner, who stand together.
  const waste: IndexedRecord[] = []
  for (const record of records(Math.min(size, 300_000))) if (record['ownerId'] === staff[7] && waste.push(record) === 4_000) break
  for (let i = 0; i < waste.length; i += 1_000) index.apply(waste.slice(i, i + 1_000), [])
  const compactFrom = performance.now()
  const compacted = index.compact()
  return { updateOne: one, updateThousandMs: thousand, compacted, compactMs: Math.round((performance.now() - compactFrom) * 10) / 10 }
}

const sizes = (process.argv[2] ?? '10000,100000,1000000').split(',').map(Number)
const results = sizes.map((size) => {
  const before = memory()
  const index = createIndex(customer)
  const from = performance.now()
  for (const record of records(size)) index.load(record)
  const loadMs = Math.round(performance.now() - from)
  const sortFrom = performance.now()
  index.finishLoad()
  const sortMs = Math.round(performance.now() - sortFrom)
  const after = memory()
  return {
    size,
    loadMs,
    sortMs,
    memoryMB: { index: after.buffers - before.buffers, heap: after.heap, rss: after.rss },
    queries: queries(index, size),
    ...updates(index, size),
  }
})
console.log(JSON.stringify({ node: process.version, results }, null, 1))
