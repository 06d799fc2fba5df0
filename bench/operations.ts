import { pinyinForms } from '../domain/text/pinyin.ts'
import { generateCustomers } from '../test/support/people.ts'
import type { Loaded } from './loadCustomers.ts'
import type { Ask, Timed } from './timedClient.ts'

export const operationNames = [
  'create',
  'createBatch100',
  'get',
  'update',
  'list50',
  'list50Total',
  'sortByName',
  'page10000',
  'phoneEquals',
  'substring',
  'pinyinInitials',
  'lists20Concurrent',
] as const
export type OperationName = (typeof operationNames)[number]

export type Side = 'sealed' | 'plain'

/** One operation: the `i`th request to a side, and what its answer teaches for the next one. */
export type Operation = { readonly ask: (side: Side, i: number) => Ask; readonly heard?: (side: Side, i: number, answer: Timed) => void }

/** The page called 10,000 (offset 500 k); the middle of the list where there are fewer customers than that. */
export const deepPage = (customers: number): number => Math.min(10_000, Math.max(1, Math.floor(customers / 100)))

const list = '/api/customers?pageSize=50'

// The product answers every list with its exact total; the twin counts only where the operation asks for it.
const total = (side: Side): string => (side === 'plain' ? '&total=true' : '')

const creating = (path: string, storeId: string, seed: number, size: number | null): Operation => {
  const people = { sealed: generateCustomers(seed), plain: generateCustomers(seed) }
  const next = (side: Side) => ({ ...people[side].next().value, storeId })
  return {
    ask: (side) => ({ method: 'POST', path, body: size === null ? next(side) : { items: Array.from({ length: size }, () => next(side)) } }),
  }
}

const addresses = [
  '上海市静安区南京西路1266号恒隆广场3栋1202室',
  '杭州市西湖区文三路90号东部软件园1栋801室',
  '成都市武侯区人民南路四段27号12栋2单元1503室',
]

const updating = (known: Loaded['known']): Operation => {
  const versions = { sealed: known.map(() => 1), plain: known.map(() => 1) }
  return {
    ask: (side, i) => {
      const at = i % known.length
      const id = side === 'sealed' ? known[at]!.sealedId : known[at]!.plainId
      return {
        method: 'PATCH',
        path: `/api/customers/${id}`,
        body: { version: versions[side][at], addresses: [addresses[i % addresses.length]], notes: `第${i}次来电` },
      }
    },
    heard: (side, i, { text }) => {
      versions[side][i % known.length] = (JSON.parse(text) as { version: number }).version
    },
  }
}

/**
 * Returns the operations by name. Their customers come from a bounded pool, since one member of staff may open 5,000 different people an hour
 * (domain/policy/roles.ts) and the budget stays on.
 */
export const operationsOf = (
  loaded: Loaded,
  customers: number,
  storeId: string,
): Record<Exclude<OperationName, 'lists20Concurrent'>, Operation> => {
  const { known, rareTexts } = loaded
  const of = (i: number) => known[(i * 7) % known.length]!
  const initials = [
    ...new Set(
      known
        .slice(0, 200)
        .map(({ person }) => pinyinForms(person.name).initials.split(' ')[0]!)
        .filter((one) => one.length === 3),
    ),
  ].slice(0, 8)
  const get = (path: (side: Side, i: number) => string): Operation => ({ ask: (side, i) => ({ method: 'GET', path: path(side, i) }) })
  return {
    get: get((side, i) => `/api/customers/${side === 'sealed' ? of(i).sealedId : of(i).plainId}`),
    update: updating(known),
    list50: get(() => list),
    list50Total: get((side) => list + total(side)),
    sortByName: get(() => `${list}&sort=name`),
    page10000: get(() => `${list}&page=${deepPage(customers)}`),
    phoneEquals: get((_, i) => `${list}&filter[phones]=${encodeURIComponent(of(i).person.phones[0]!)}`),
    substring: get((_, i) => `${list}&q=${encodeURIComponent(rareTexts[i % rareTexts.length]!)}`),
    pinyinInitials: get((_, i) => `${list}&q=${initials[i % initials.length]!}`),
    create: creating('/api/customers', storeId, 501, null),
    createBatch100: creating('/api/customers/batch', storeId, 502, 100),
  }
}
