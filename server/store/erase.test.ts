import { afterAll, beforeAll, expect, test } from 'vitest'
import { testHouse, type TestHouse } from '../../test/support/house.ts'
import { keyBroker } from '../crypto/broker.ts'
import { openKeyring } from '../crypto/keyring.ts'
import { keyFileProvider } from '../crypto/providers/keyFileProvider.ts'
import { databaseError } from './databaseError.ts'
import { openDatabase } from './database.ts'
import { insertKeysStatement } from './subjects.ts'

let house: TestHouse
beforeAll(async () => {
  house = await testHouse()
})
afterAll(() => house.close())

const code = (expected: string) => expect.objectContaining({ code: expected })

test('erasing a person destroys the key and everything sealed under it, and says until when copies live', async () => {
  const { records, scope, actors, addCustomers, db, audit } = house
  const { owner, consultantA: a } = actors
  const [made, other] = await addCustomers([{ name: '将被遗忘' }, { name: '留下' }])
  const note = { customerId: made!.id, kind: 'note' as const, happenedAt: '2026-03-01T08:30:00.000Z', staffId: a.staffId, text: '记下' }
  await records.transaction(a, (tx) => tx.createMany(scope(a, 'interaction'), [note, note]))
  await expect(records.transaction(a, (tx) => tx.erase(scope(a, 'customer'), made!.id))).rejects.toThrow(code('forbidden'))
  await expect(records.transaction(owner, (tx) => tx.erase(scope(owner, 'customer'), made!.id, { version: 7 }))).rejects.toThrow(
    code('version_conflict'),
  )

  const { value: certificate } = await records.transaction(owner, (tx) =>
    tx.erase(scope(owner, 'customer'), made!.id, { version: 1, reason: 'other', detail: { note: '本人要求' } }),
  )
  expect(certificate.subject).toBe(made!.subject)
  // DESIGN 4: 30 days of epoch and 14 days of keyring copies.
  expect(Date.parse(certificate.completeBy) - Date.parse(certificate.erasedAt)).toBe(44 * 86_400_000)
  await expect(records.get(scope(owner, 'customer'), made!.id)).rejects.toThrow(code('not_found'))
  for (const table of ['keys.data_key', 'customers', 'interactions']) {
    expect((await db.owner.query(`select from ${table} where subject = $1`, [made!.subject])).rowCount, table).toBe(0)
  }
  expect((await db.owner.query('select from keys.tombstone where subject = $1', [made!.subject])).rowCount).toBe(1)
  expect(await records.get(scope(owner, 'customer'), other!.id)).toEqual(other)
  // The log still knows what happened to the number.
  expect((await audit.entriesOfSubject(made!.subject, { withDetail: true }))[0]).toMatchObject({
    action: 'erase',
    outcome: 'done',
    detail: { note: '本人要求' },
  })
})

test('an erasure that waited for a change of the same record sees it, and does not take it for a forgery', async () => {
  const { records, scope, actors, addCustomers, db } = house
  const { owner } = actors
  const [made] = await addCustomers([{ ownerId: owner.staffId }])
  const { promise: changed, resolve: tellChanged } = Promise.withResolvers<void>()
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>()
  const change = records.transaction(owner, async (tx) => {
    await tx.change(scope(owner, 'customer'), made!.id, 1, { notes: 'noch schnell' })
    tellChanged()
    await mayEnd
  })
  await changed
  const erase = records.transaction(owner, (tx) => tx.erase(scope(owner, 'customer'), made!.id))
  const waiting = async () =>
    (await db.database.pool.query("select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")).rowCount
  while ((await waiting()) === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  end()
  await change
  expect((await erase).value.subject).toBe(made!.subject)
})

test('a key is never minted again for an erased subject, nor a second one for an existing one', async () => {
  const { records, scope, actors, addCustomers, db, broker } = house
  const [gone, there] = await addCustomers([{}, {}])
  await records.transaction(actors.owner, (tx) => tx.erase(scope(actors.owner, 'customer'), gone!.id))
  const insert = async (subject: number, version = 1) =>
    db.database.pool.query(insertKeysStatement([(await broker.mint(subject, { version })).row])).catch((error: unknown) => {
      throw databaseError(error)
    })
  await expect(insert(gone!.subject)).rejects.toThrow(code('key_erased'))
  await expect(insert(there!.subject)).rejects.toThrow(code('duplicate'))
  // Also when its row was lost in between, and with another version.
  await db.owner.query('delete from keys.data_key where subject = $1', [there!.subject])
  await expect(insert(there!.subject)).rejects.toThrow(code('duplicate'))
  await expect(insert(there!.subject, 2)).rejects.toThrow(code('internal'))
  // And after a restore that brought back the tombstones only.
  await db.owner.query('delete from customers')
  await db.owner.query('delete from keys.subject where id = $1', [gone!.subject])
  await expect(insert(gone!.subject)).rejects.toThrow(code('key_erased'))
})

test('two processes that make a key for one subject at once end with one', async () => {
  const { db, folder } = house
  const file = `${folder}/keyring.json`
  const open = async () => {
    const keyring = await openKeyring(file, await keyFileProvider(`${folder}/root.key`))
    return { broker: keyBroker({ keyring }), database: openDatabase({ url: db.runtimeUrl, name: 'other' }) }
  }
  const processes = [await open(), await open()]
  for (let subject = 900_000; subject < 900_020; subject++) {
    const ends = await Promise.allSettled(
      processes.map(async ({ broker, database }) => {
        const { row } = await broker.mint(subject)
        await database.pool.query(insertKeysStatement([row]))
        return row
      }),
    )
    const winners = ends.filter((end) => end.status === 'fulfilled')
    expect(winners).toHaveLength(1)
    const { rows } = await db.owner.query('select wrapped from keys.data_key where subject = $1', [subject])
    expect(rows).toEqual([{ wrapped: winners[0]!.value.wrapped }])
  }
  await Promise.all(processes.map(({ database }) => database.close()))
})

test('a key row can be wrapped anew or succeeded, and nothing else', async () => {
  const { db, addCustomers } = house
  const [made] = await addCustomers([{}])
  const set = (change: string) => db.database.pool.query(`update keys.data_key set ${change} where subject = $1`, [made!.subject])
  await expect(set('version = version + 2')).rejects.toMatchObject({ code: 'AN003' })
  await expect(set('suite = 2')).rejects.toMatchObject({ code: 'AN003' })
  await expect(set('subject = 1')).rejects.toMatchObject({ code: '42501' })
})
