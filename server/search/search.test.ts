import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { testHouse, type TestHouse } from '../../test/support/house.ts'
import { type Search, startSearch } from './search.ts'

let house: TestHouse
let other: TestHouse
const running: Search[] = []
beforeAll(async () => {
  house = await testHouse()
  other = await testHouse()
}, 60_000)
afterEach(async () => {
  await Promise.all(running.splice(0).map((search) => search.close()))
  rmSync(cacheFile(), { force: true })
})
afterAll(async () => {
  await house.close()
  await other.close()
})

const cacheFile = (): string => join(house.folder, 'search', 'customers.cache')
type Opened = Parameters<typeof startSearch>[0]
const open = (given: Partial<Opened> = {}): Search => {
  const search = startSearch({ databaseUrl: house.db.runtimeUrl, broker: house.broker, cacheFile: cacheFile(), ...given })
  running.push(search)
  return search
}
const until = async (what: () => boolean): Promise<void> => {
  for (let i = 0; !what(); i++) {
    if (i > 1_500) throw new Error('waited 30 s in vain')
    await setTimeout(20)
  }
}
const ready = async (given: Partial<Opened> = {}): Promise<Search> => {
  const search = open(given)
  await until(() => search.status().phase === 'ready')
  return search
}
const ownerScope = () => house.scope(house.actors.owner, 'customer')
const names = async (search: Search, q: string, scope = ownerScope()): Promise<string[]> => {
  const { ids } = await search.page(scope, { q, offset: 0, limit: 50 })
  const { rows } = await house.records.getMany(scope, ids)
  return rows.map((row) => String((row as { name: unknown }).name))
}

test('finds what was there before, and every write once its position was waited for', async () => {
  await house.addCustomers([{ name: '沈知远' }, { name: '欧阳静' }])
  const search = await ready()
  expect(await names(search, 'szy')).toEqual(['沈知远'])

  const scope = ownerScope()
  const { value: made, position } = await house.records.transaction(house.actors.owner, (tx) =>
    tx.create(scope, { name: '司徒新', kind: 'household', storeId: house.stores.south.id, phones: ['+8613912345678'] }),
  )
  await search.waitFor(position)
  expect(await names(search, '司徒')).toEqual(['司徒新'])
  expect((await search.page(scope, { q: 'stx', filters: { storeId: house.stores.north.id }, offset: 0, limit: 5 })).total).toBe(0)
  expect((await search.page(house.scope(house.actors.consultantA, 'customer'), { q: '司徒', offset: 0, limit: 5 })).total).toBe(0)

  const changed = await house.records.transaction(house.actors.owner, (tx) => tx.change(scope, made.id, made.version, { name: '司马新' }))
  await search.waitFor(changed.position)
  expect(await names(search, '司徒')).toEqual([])
  expect(await names(search, '司马')).toEqual(['司马新'])

  const trashed = await house.records.transaction(house.actors.owner, (tx) => tx.trash(scope, made.id, changed.value.version))
  await search.waitFor(trashed.position)
  expect((await search.page(scope, { q: '司马', offset: 0, limit: 5 })).total).toBe(0)
  expect((await search.page(scope, { q: '司马', filters: { trashed: true }, offset: 0, limit: 5 })).total).toBe(1)

  const before = search.status().records
  const erased = await house.records.transaction(house.actors.owner, (tx) => tx.erase(scope, made.id))
  await search.waitFor(erased.position)
  expect((await search.page(scope, { q: '司马', filters: { trashed: true }, offset: 0, limit: 5 })).total).toBe(0)
  expect(search.status().records).toBe(before - 1)
})

test('a position that never comes is search_unavailable, and so is everything before the index is complete', async () => {
  const search = open()
  await expect(search.page(ownerScope(), { offset: 0, limit: 1 })).rejects.toThrow('search_unavailable')
  await until(() => search.status().phase === 'ready')
  await expect(search.waitFor(9_000_000)).rejects.toThrow('search_unavailable')
})

test('a write before the start counts as applied, and too many questions at once are busy', async () => {
  const { position } = await house.records.transaction(house.actors.owner, (tx) =>
    tx.create(ownerScope(), { name: '早先', kind: 'household', storeId: house.stores.north.id }),
  )
  const search = await ready()
  await search.waitFor(position)
  const answers = await Promise.allSettled(Array.from({ length: 400 }, () => search.page(ownerScope(), { q: '早先', offset: 0, limit: 1 })))
  const refused = answers.filter((answer) => answer.status === 'rejected')
  expect(refused.length).toBe(400 - 256)
  expect(String((refused[0] as PromiseRejectedResult).reason.code)).toBe('busy')
})

test('goes on after its database connections were cut', async () => {
  const search = await ready()
  await house.db.database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'anechoic-search%' and datname = current_database()",
  )
  const { position } = await house.records.transaction(house.actors.owner, (tx) =>
    tx.create(ownerScope(), { name: '断线后', kind: 'household', storeId: house.stores.north.id }),
  )
  await until(() => search.status().phase === 'ready')
  await search.waitFor(position).catch(() => search.waitFor(position))
  expect(await names(search, '断线后')).toEqual(['断线后'])
})

test('asks for the key of a new epoch, and starts again when it cannot have it', async () => {
  let broken = false
  const search = await ready({
    broker: { snapshotForWorker: () => (broken ? Promise.reject(new Error('no provider')) : house.broker.snapshotForWorker()) },
  })
  await house.keyring.addEpoch()
  const create = (name: string) =>
    house.records.transaction(house.actors.owner, (tx) =>
      tx.create(ownerScope(), { name, kind: 'household', storeId: house.stores.north.id }),
    )
  const first = await create('新纪元')
  await search.waitFor(first.position)
  expect(await names(search, '新纪元')).toEqual(['新纪元'])

  await house.keyring.addEpoch()
  broken = true
  await create('又一纪元')
  await until(() => search.status().phase === 'restarting')
  await expect(search.page(ownerScope(), { offset: 0, limit: 1 })).rejects.toThrow('search_unavailable')
  broken = false
  await until(() => search.status().phase === 'ready')
  expect(search.status().restarts).toBeGreaterThan(0)
  expect(await names(search, '又一纪元')).toEqual(['又一纪元'])
})

test('the cache is sealed, private, used at the next start and brought up to date by the log', async () => {
  await house.addCustomers([{ name: '金丝雀七三一', addresses: ['只此一处的地址'] }])
  const first = await ready()
  await first.close()
  expect(statSync(cacheFile()).mode & 0o777).toBe(0o600)
  const bytes = readFileSync(cacheFile())
  for (const canary of ['金丝雀', 'JinSiQue', 'jsq', '只此一处']) expect(bytes.includes(canary)).toBe(false)

  await house.addCustomers([{ name: '缓存之后' }])
  const second = await ready()
  expect(second.status()).toMatchObject({ fromCache: true })
  expect(await names(second, 'jinsique')).toEqual(['金丝雀七三一'])
  expect(await names(second, '缓存之后')).toEqual(['缓存之后'])
  const [cached, fresh] = [
    await second.page(ownerScope(), { sort: 'name', offset: 0, limit: 100 }),
    await (await ready({ cacheFile: null })).page(ownerScope(), { sort: 'name', offset: 0, limit: 100 }),
  ]
  expect(cached).toEqual(fresh)
})

test('an erasure takes the cache away at once', async () => {
  const [made] = await house.addCustomers([{ name: '要走的人' }])
  const search = await ready()
  await until(() => existsSync(cacheFile()))
  const { position } = await house.records.transaction(house.actors.owner, (tx) => tx.erase(ownerScope(), made!.id))
  await search.waitFor(position)
  await until(() => !existsSync(cacheFile()))
})

test.each([
  [
    'a flipped bit',
    (file: string) => {
      const bytes = readFileSync(file)
      bytes[bytes.length >> 1]! ^= 1
      writeFileSync(file, bytes)
    },
  ],
  ['a cut end', (file: string) => truncateSync(file, statSync(file).size - 1)],
  ['a cut chunk', (file: string) => truncateSync(file, 8 + 37)],
  ['bytes added', (file: string) => writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(20)]))],
  [
    'another epoch named',
    (file: string) => {
      const bytes = readFileSync(file)
      bytes.writeUInt32BE(77, 4)
      writeFileSync(file, bytes)
    },
  ],
  ['nothing in it', (file: string) => truncateSync(file, 0)],
])('a cache with %s is thrown away and everything is read anew', async (_, damage) => {
  await (await ready()).close()
  damage(cacheFile())
  const search = await ready()
  expect(search.status().fromCache).toBe(false)
  expect(await names(search, '金丝雀')).toEqual(['金丝雀七三一'])
})

test('a cache of another database is refused although keys and place in the log would fit', async () => {
  await other.addCustomers(Array.from({ length: 3 }, (_, i) => ({ name: `别家${i}` })))
  await (await ready()).close()
  const search = await ready({ databaseUrl: other.db.runtimeUrl, broker: house.broker }).catch(() => null)
  expect(search?.status().fromCache).toBe(false)
})

test('a cache whose epoch was destroyed is not opened', async () => {
  await (await ready()).close()
  expect(existsSync(cacheFile())).toBe(true)
  const sealedUnder = house.keyring.currentEpoch()
  await house.keyring.addEpoch()
  const living = {
    snapshotForWorker: async () => {
      const keys = await house.broker.snapshotForWorker()
      // What the worker gets once that epoch is gone; records of this test that it wraps then simply do not open.
      return { ...keys, keys: new Map([...keys.keys].filter(([name]) => name !== `epoch/${sealedUnder}`)) }
    },
  }
  const search = open({ broker: living })
  await until(() => search.status().phase === 'ready' || search.status().restarts > 0)
  expect(search.status().fromCache).toBe(false)
  expect(existsSync(cacheFile())).toBe(false)
})

test('a record whose owner was changed behind our back is left out of a fresh index, under whichever owner, and counted', async () => {
  const [made] = await other.addCustomers([{ name: '被挪走的人' }])
  const { consultantB } = other.actors
  await other.db.owner.query('update customers set store_id = $2, owner_id = $3 where id = $1', [
    made!.id,
    other.stores.south.id,
    consultantB.staffId,
  ])
  const search = await ready({ databaseUrl: other.db.runtimeUrl, broker: other.broker, cacheFile: null })
  for (const actor of [consultantB, other.actors.consultantA, other.actors.owner])
    expect((await search.page(other.scope(actor, 'customer'), { q: '被挪走的人', offset: 0, limit: 10 })).ids).toEqual([])
  expect(search.status().unreadable).toBe(1)
  await other.db.owner.query('delete from customers where id = $1', [made!.id])
})
