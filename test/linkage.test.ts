import { createHash, createHmac, hkdfSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generateCustomers } from './support/people.ts'
import { customerInput, type TestHouse, testHouse } from './support/house.ts'

/**
 * DESIGN 3, the linkage test. The thief has every table of the database (not the keyring) and, generously, a complete directory of the dealer's
 * customers: names, phones, e-mails, WeChat ids, addresses. He tries to say which record is whom. Each attack is first shown to work on a table
 * built the way others build it, so that its failure here means something.
 */
type Person = ReturnType<typeof customerInput>

const people = 1_500
let house: TestHouse
let directory: Person[]
const whoIs = new Map<string, Person>()

/** One row as the thief holds it: the record's id and every stored value as bytes. */
type Loot = { id: string; values: Buffer[] }

const asBytes = (value: unknown): Buffer[] => {
  if (value === null || value === undefined) return []
  if (Buffer.isBuffer(value)) return [value]
  if (Array.isArray(value)) return value.flatMap(asBytes)
  return [Buffer.from(value instanceof Date ? value.toISOString() : String(value))]
}

const steal = async (table: string): Promise<Loot[]> => {
  const { rows } = await house.db.owner.query<Record<string, unknown>>(`select * from ${table}`)
  return rows.map((row) => ({ id: String(row['id']), values: Object.values(row).flatMap(asBytes) }))
}

beforeAll(async () => {
  house = await testHouse()
  await house.db.owner.query('create table careless (id uuid, phone_hash bytea, surname_token bytea, notes bytea)')
  const made = generateCustomers(11)
  directory = Array.from({ length: people }, () => {
    const person = made.next().value!
    return customerInput(house.stores.north.id, house.actors.consultantA.staffId, {
      name: person.name,
      phones: person.phones,
      emails: person.emails,
      wechatIds: person.wechatIds,
      addresses: person.addresses,
      tags: person.tags,
      notes: person.notes,
    })
  })
  const rows = await house.addCustomers(directory)
  rows.forEach((row, place) => whoIs.set(row.id, directory[place]!))
  const { consultantA } = house.actors
  const meetings = rows.slice(0, 300).map((row) => ({
    customerId: row.id,
    kind: 'survey' as const,
    assigneeIds: [consultantA.staffId],
    startsAt: '2026-03-05T06:00:00.000Z',
    endsAt: '2026-03-05T07:00:00.000Z',
    state: 'planned' as const,
    staffId: consultantA.staffId,
    note: whoIs.get(row.id)!.name,
  }))
  await house.records.transaction(house.actors.owner, (tx) => tx.createMany(house.scope(house.actors.owner, 'appointment'), meetings))
  for (const row of rows)
    await house.db.owner.query('insert into careless values ($1, $2, $3, $4)', [
      row.id,
      createHash('sha256')
        .update(whoIs.get(row.id)!.phones![0] ?? '')
        .digest(),
      createHmac('sha256', 'a key the thief lacks')
        .update(Array.from(whoIs.get(row.id)!.name)[0]!)
        .digest(),
      Buffer.alloc(Buffer.byteLength(JSON.stringify(whoIs.get(row.id)))),
    ])
}, 120_000)

afterAll(() => house?.close())

const guessableKeys = ['', 'phones', 'customer.phones', 'anechoic', 'secret', 'changeme']

/** What an unkeyed or guessably keyed index of the value could hold. */
const digestsOf = (value: string): Buffer[] => [
  ...['md5', 'sha1', 'sha256', 'sha512', 'sm3'].map((name) => createHash(name).update(value).digest()),
  ...guessableKeys.map((key) => createHmac('sha256', key).update(value).digest()),
  Buffer.from(hkdfSync('sha256', value, '', '', 32)),
]

const factsOf = (person: Person): string[] =>
  [
    person.name,
    ...person.phones!,
    ...person.phones!.map((phone) => phone.replace('+86', '')),
    ...person.emails!,
    ...person.wechatIds!,
    ...person.addresses!,
  ].filter((fact): fact is string => Boolean(fact))

/** Returns how many rows hold a fact of the directory, in the clear or as a digest (whole or cut to its first 16 bytes). */
const dictionaryAttack = (loot: readonly Loot[]): number => {
  const owners = new Map<string, Person>()
  for (const person of directory)
    for (const fact of factsOf(person))
      for (const form of [Buffer.from(fact), ...digestsOf(fact).flatMap((digest) => [digest, digest.subarray(0, 16)])])
        owners.set(form.toString('hex'), person)
  return loot.filter(({ values }) => values.some((value) => owners.has(value.toString('hex')))).length
}

test('a dictionary of plain and hashed facts names nobody', async () => {
  expect(dictionaryAttack(await steal('careless'))).toBeGreaterThan(people / 2)
  for (const table of [
    'customers',
    'interactions',
    'appointments',
    'staff',
    'audit.entry',
    'auth.session',
    'auth.credential',
    'keys.data_key',
    'setting',
    'job',
  ])
    expect([table, dictionaryAttack(await steal(table))]).toEqual([table, 0])
})

/** Equal stored values, largest group first: what a frequency analysis lines up with how common surnames are. */
const frequencies = (loot: readonly Loot[]): number[] => {
  const counts = new Map<string, number>()
  for (const { values } of loot)
    for (const value of values) if (value.length >= 16) counts.set(value.toString('hex'), (counts.get(value.toString('hex')) ?? 0) + 1)
  return [...counts.values()].sort((left, right) => right - left)
}

test('no stored value repeats among people as surnames, districts or tags do', async () => {
  const careless = frequencies((await steal('careless')).map(({ id, values }) => ({ id, values: values.slice(2, 3) })))
  expect(careless[0]).toBeGreaterThan(people * 0.04) // 王, 李, 张 stand out at once

  const { rows } = await house.db.owner.query<Record<string, unknown>>(
    'select id, sealed_personal, phones_bidx, emails_bidx, wechat_ids_bidx from customers',
  )
  const shared = new Map<string, number>()
  for (const person of directory)
    for (const fact of [...person.phones!, ...person.emails!, ...person.wechatIds!]) shared.set(fact, (shared.get(fact) ?? 0) + 1)
  shared.delete('')
  const mostShared = Math.max(...shared.values())
  const loot = rows.map((row) => ({
    id: String(row['id']),
    values: [row['sealed_personal'], row['phones_bidx'], row['emails_bidx'], row['wechat_ids_bidx']].flatMap(asBytes),
  }))
  // What may repeat is a whole phone or e-mail that people really share (a family line), and nothing else.
  expect(frequencies(loot)[0]).toBeLessThanOrEqual(mostShared)
})

/**
 * The thief knows each person's facts, so their length too. He names a record when one person and one record alone have that length. Returns the
 * share rightly named. `lengthOf` is what he would expect to see stored of a person.
 */
const lengthAttack = (sizes: ReadonlyMap<string, number>, lengthOf: (person: Person) => number): number => {
  const byLength = Map.groupBy(directory, lengthOf)
  const bySize = Map.groupBy([...sizes], ([, size]) => size)
  const right = [...bySize].filter(([size, records]) => {
    const candidates = byLength.get(size) ?? []
    return records.length === 1 && candidates.length === 1 && whoIs.get(records[0]![0]) === candidates[0]
  })
  return right.length / people
}

test('the length of what is stored names almost nobody', async () => {
  const careless = await steal('careless')
  const plain = lengthAttack(new Map(careless.map(({ id, values }) => [id, values.at(-1)!.length])), (person) =>
    Buffer.byteLength(JSON.stringify(person)),
  )
  const { rows } = await house.db.owner.query<{ id: string; size: number }>('select id, octet_length(sealed_personal) size from customers')
  const sizes = new Map(rows.map(({ id, size }) => [id, size]))
  // He does not even know the padding rule's offset, so he tries them all and keeps the luckiest.
  const offsets = Array.from({ length: 160 }, (_, offset) => offset)
  const sealed = Math.max(
    ...offsets.map((offset) =>
      lengthAttack(sizes, (person) => 68 + Math.ceil((Buffer.byteLength(JSON.stringify(person)) + offset - 80) / 64) * 64),
    ),
  )
  console.log(`length attack names ${(plain * 100).toFixed(1)} % of careless rows and ${(sealed * 100).toFixed(2)} % of sealed ones`)
  expect(plain).toBeGreaterThan(0.01)
  expect(sealed).toBeLessThanOrEqual(0.005)
})

test('plain columns of a customer say store, owner, kind, source, basis, referrer and dates, and no combination of them is about one fact of a person', async () => {
  const { rows } = await house.db.owner.query<{ column_name: string; data_type: string }>(
    "select column_name, data_type from information_schema.columns where table_schema = 'public' and table_name = 'customers' and data_type not in ('bytea', 'ARRAY')",
  )
  expect(rows.map((row) => row.column_name).sort()).toEqual(
    [
      'basis',
      'created_at',
      'id',
      'kind',
      'owner_id',
      'referrer_id',
      'source',
      'store_id',
      'subject',
      'trashed_at',
      'updated_at',
      'version',
    ].sort(),
  )
})
