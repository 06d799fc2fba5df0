import { randomUUIDv7 } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { decide } from '../domain/policy/decide.ts'
import { openAudit } from '../server/audit/audit.ts'
import { systemActor } from '../server/audit/systemActor.ts'
import { keyBroker } from '../server/crypto/broker.ts'
import { openKeyring } from '../server/crypto/keyring.ts'
import { keyFileProvider } from '../server/crypto/providers/keyFileProvider.ts'
import { startEmbeddedPostgres } from '../server/embedded/postgres.ts'
import { openDatabase } from '../server/store/database.ts'
import { type InputOf, openRecords } from '../server/store/records.ts'
import { generateCustomers, type Person } from '../test/support/people.ts'
import { insertTwins, twinRow } from './twinRow.ts'
import { indexTwin, makeTwin } from './twinTables.ts'

/** A customer that the measurements get, change and search for, with its id on each side. */
export type Known = { readonly person: Person; sealedId: string; plainId: string }

export type Loaded = {
  readonly known: readonly Known[]
  /** Customers per second: sealed, indexed and audited through the product's repository; plain without indexes. */
  readonly sealedPerSecond: number
  readonly plainPerSecond: number
  /** Seconds to build the twin's indexes. */
  readonly plainIndexSeconds: number
  /** Three characters of names that few customers share. */
  readonly rareTexts: readonly string[]
}

export type Load = {
  readonly data: string
  readonly customers: number
  readonly ownerId: string
  readonly known: number
  /** Whether the plain twin is loaded beside; default true. */
  readonly twin?: boolean
  readonly say: (text: string) => void
}

/** Customers of one transaction, and transactions under way at once: the database works on one while the next is sealed. */
const BATCH = 1_000
const AT_ONCE = 3
const STORES = 8
const STAFF = 40

type House = { storeIds: string[]; staffIds: string[] }

/** Yields the customers in batches, the same each time: those that the measurements know are spread evenly and belong to the owner who measures. */
function* batches(
  { customers, ownerId, known }: Load,
  { storeIds, staffIds }: House,
): Generator<{ from: number; inputs: InputOf<'customer'>[]; isKnown: (index: number) => boolean }> {
  const people = generateCustomers(1)
  const every = Math.max(1, Math.floor(customers / known))
  const isKnown = (index: number): boolean => index % every === 0
  for (let from = 0; from < customers; from += BATCH) {
    const inputs = Array.from({ length: Math.min(BATCH, customers - from) }, (_, i) => {
      const random = Math.imul(from + i + 1, 2_654_435_761) >>> 0
      return {
        ...people.next().value,
        storeId: storeIds[random % STORES]!,
        ownerId: isKnown(from + i) ? ownerId : staffIds[(random >>> 8) % STAFF]!,
      }
    })
    yield { from, inputs, isKnown }
  }
}

const countNames = (counts: Map<string, number>, name: string): void => {
  const chars = [...name]
  for (let i = 0; i + 3 <= chars.length; i += 1) {
    const text = chars.slice(i, i + 3).join('')
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
}

const loadSealed = async (
  load: Load,
  runtimeUrl: string,
  counts: Map<string, number>,
): Promise<{ house: House; known: Known[]; perSecond: number }> => {
  const database = openDatabase({ url: runtimeUrl, max: AT_ONCE + 2, name: 'bench-load' })
  const keys = join(load.data, 'keys')
  const keyring = await openKeyring(join(keys, 'keyring.json'), await keyFileProvider(join(keys, 'root.key')))
  const broker = keyBroker({ keyring, maxCached: 1 })
  const audit = openAudit({ ...database, broker })
  const records = openRecords({ pool: database.pool, broker, keyring, audit })
  const { value: house } = await records.transaction(systemActor, async (tx) => {
    const stores = await tx.createMany(
      decide(systemActor, 'store'),
      Array.from({ length: STORES }, (_, i) => ({ name: `分店${i + 1}`, region: null })),
    )
    const storeIds = stores.map((store) => store.id)
    const people = Array.from({ length: STAFF }, (_, i) => ({
      login: `yuangong${i + 1}`,
      name: `员工${i + 1}`,
      roles: ['salesConsultant' as const],
      storeIds: [storeIds[i % STORES]!],
      kind: 'person' as const,
      active: true,
    }))
    const staff = await tx.createMany(decide(systemActor, 'staff'), people)
    return { storeIds, staffIds: staff.map((one) => one.id) }
  })
  const known: Known[] = []
  const underWay = new Set<Promise<unknown>>()
  const began = performance.now()
  let failed: unknown = null
  for (const { from, inputs, isKnown } of batches(load, house)) {
    const work = async (): Promise<void> => {
      const { value } = await records.transaction(systemActor, (tx) => tx.createMany(decide(systemActor, 'customer'), inputs))
      for (const [i, row] of value.entries()) {
        countNames(counts, row.name)
        if (isKnown(from + i)) known.push({ person: inputs[i] as Person, sealedId: row.id, plainId: '' })
      }
    }
    const counted = work()
      .catch((error: unknown) => (failed = error))
      .finally(() => underWay.delete(counted))
    underWay.add(counted)
    if (underWay.size >= AT_ONCE) await Promise.race(underWay)
    if (failed) break
    if (from % 50_000 === 0) load.say(`sealed ${from}`)
  }
  await Promise.all(underWay)
  if (failed) throw failed
  const perSecond = load.customers / ((performance.now() - began) / 1000)
  await audit.close()
  keyring.lock()
  await database.close()
  return { house, known, perSecond }
}

const loadPlain = async (
  load: Load,
  twinUrl: string,
  house: House,
  known: readonly Known[],
): Promise<{ perSecond: number; indexSeconds: number }> => {
  const twin = new pg.Client({ connectionString: twinUrl })
  await twin.connect()
  await twin.query('set synchronous_commit = off')
  const byPhone = new Map(known.map((one) => [one.person.phones[0], one]))
  const began = performance.now()
  for (const { from, inputs } of batches(load, house)) {
    const at = Date.now()
    const rows = inputs.map((input, i) =>
      twinRow(randomUUIDv7(), new Date(at + i / BATCH).toISOString(), input as Person & { storeId: string }),
    )
    for (const row of rows) {
      const one = byPhone.get(row.phones[0])
      if (one) one.plainId = row.id
    }
    await twin.query({ ...insertTwins, values: [JSON.stringify(rows)] })
    if (from % 100_000 === 0) load.say(`plain ${from}`)
  }
  const loaded = performance.now()
  await indexTwin(twin)
  await twin.end()
  return { perSecond: load.customers / ((loaded - began) / 1000), indexSeconds: (performance.now() - loaded) / 1000 }
}

/** Both databases end tidy, as after a quiet night: no pending index lists, statistics fresh. */
const tidy = async (ownerUrl: string): Promise<void> => {
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  for (const table of ['customers', 'keys.subject', 'keys.data_key', 'audit.entry', 'audit.sequence'])
    await owner.query(`vacuum (analyze) ${table}`)
  await owner.end()
}

/**
 * Fills an installation that was set up and stopped, and its twin, with the same customers: the product's side through its own repository, so that
 * every record is sealed, indexed and audited. The database is stopped again afterwards.
 */
export const loadCustomers = async (load: Load): Promise<Loaded> => {
  const { uid, gid } = await stat(load.data)
  const postgres = await startEmbeddedPostgres({ dataDir: load.data, ...(process.getuid?.() === 0 ? { uid, gid } : {}) })
  try {
    const counts = new Map<string, number>()
    const { house, known, perSecond } = await loadSealed(load, postgres.runtimeUrl, counts)
    await tidy(postgres.ownerUrl)
    const plain =
      load.twin === false ? { perSecond: 0, indexSeconds: 0 } : await loadPlain(load, await makeTwin(postgres.ownerUrl), house, known)
    const rareTexts = [...counts].filter(([, count]) => count <= 10).map(([text]) => text)
    const every = Math.max(1, Math.floor(rareTexts.length / 100))
    return {
      known,
      sealedPerSecond: perSecond,
      plainPerSecond: plain.perSecond,
      plainIndexSeconds: plain.indexSeconds,
      rareTexts: rareTexts.filter((_, i) => i % every === 0).slice(0, 100),
    }
  } finally {
    await postgres.stop()
  }
}
