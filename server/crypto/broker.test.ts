import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keyBroker } from './broker.ts'
import type { WrappedKey } from './broker.ts'
import { createDataKeyCache } from './dataKeyCache.ts'
import { deriveDataKey } from './dataKey.ts'
import { openEnvelope, sealEnvelope } from './envelope.ts'
import { createKeyring, openKeyring } from './keyring.ts'
import type { Keyring } from './keyring.ts'
import { keyFileProvider } from './providers/keyFileProvider.ts'
import { createRecoveryKit } from './recoveryKit.ts'

let folder: string
let keyring: Keyring
const place = (subject: number) => ({ entity: 'customer', recordId: `r${subject}`, subject, group: 'personal' })
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'anechoic-broker-'))
  const provider = await keyFileProvider(join(folder, 'root.key'), { create: true })
  keyring = await createKeyring(join(folder, 'keyring.json'), provider, (await createRecoveryKit({ shares: 3, threshold: 2 })).recipient)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const mintRows = async (broker: ReturnType<typeof keyBroker>, ...subjects: number[]) =>
  Promise.all(subjects.map(async (subject) => (await broker.mint(subject)).row))

test('a minted key opens again from its row, in this process and in another, in both suites', async () => {
  for (const suite of [1, 2] as const) {
    const { row, key } = await keyBroker({ keyring, suite }).mint(7)
    expect(row).toMatchObject({ subject: 7, epoch: keyring.currentEpoch(), version: 1, suite })
    const envelope = sealEnvelope(key, place(7), 1, Buffer.from('张伟'))
    const opened = (await keyBroker({ keyring }).open([row])).get(7)
    expect(opened && openEnvelope(opened, place(7), envelope).plaintext.toString()).toBe('张伟')
  }
})

test('cached keys come back at once; a minted key is not cached until its row was read back', async () => {
  const broker = keyBroker({ keyring })
  const rows = await mintRows(broker, 1, 2, 3)
  expect(broker.openCached(rows)).toBeNull()
  const keys = await broker.open(rows)
  expect([...keys.keys()].sort()).toEqual([1, 2, 3])
  expect(broker.openCached(rows)?.get(2)).toBe(keys.get(2))
  let ticks = 0
  const counting = (async () => {
    for (; ticks < 5; ticks++) await Promise.resolve()
  })()
  await broker.open(rows)
  expect(ticks).toBeLessThanOrEqual(1)
  await counting
  broker.forget(2)
  expect(broker.openCached(rows)).toBeNull()
  expect(broker.openCached(rows.filter((row) => row.subject !== 2))).not.toBeNull()
  broker.forgetAll()
  expect(broker.openCached(rows.slice(0, 1))).toBeNull()
})

test('a key unwrapped while its subject is being forgotten is not kept', async () => {
  const broker = keyBroker({ keyring })
  const rows = await mintRows(broker, 4)
  const opening = broker.open(rows)
  broker.forget(4)
  await opening
  expect(broker.openCached(rows)).toBeNull()
})

test('a row of another subject, version, suite or epoch does not open, and none of the call is returned', async () => {
  const broker = keyBroker({ keyring })
  const [one, two] = (await mintRows(broker, 11, 12)) as [WrappedKey, WrappedKey]
  for (const bad of [
    { ...two, subject: 13 },
    { ...two, version: 2 },
    { ...two, suite: 2 as const },
    { ...two, wrapped: one.wrapped },
    { ...two, wrapped: Buffer.alloc(0) },
  ]) {
    await expect(broker.open([one, bad])).rejects.toThrow('envelope_invalid')
  }
  await expect(broker.open([one, { ...two, epoch: 999 }])).rejects.toThrow('key_unavailable')
  const newer = (await broker.mint(11, { version: 2 })).row
  await expect(broker.open([one, newer])).rejects.toThrow('internal')
  expect((await broker.open([newer])).get(11)?.version).toBe(2)
  expect((await broker.open([one])).get(11)?.version).toBe(1)
})

test('rotation: another process adds an epoch, mint and rewrap follow it, the data key stays, the old epoch can go', async () => {
  const broker = keyBroker({ keyring })
  const [row] = (await mintRows(broker, 21)) as [WrappedKey]
  const key = (await broker.open([row])).get(21)
  const old = keyring.currentEpoch()
  const elsewhere = await openKeyring(keyring.file, await keyFileProvider(join(folder, 'root.key')))
  const epoch = await elsewhere.addEpoch()
  expect((await broker.mint(22)).row.epoch).toBe(epoch)
  const moved = await broker.rewrap(row)
  expect(moved).toMatchObject({ subject: 21, epoch, version: 1 })
  expect(await broker.rewrap(moved)).toBe(moved)
  await elsewhere.destroyEpoch(old)
  await keyring.reloadIfChanged()
  const fresh = keyBroker({ keyring })
  await expect(fresh.open([row])).rejects.toThrow('key_erased')
  expect((await fresh.open([moved])).get(21)?.seal.equals(key?.seal as never)).toBe(true)
})

test('losing the provider fails the request and loses nothing', async () => {
  const broker = keyBroker({ keyring })
  const [one, two] = (await mintRows(broker, 31, 32)) as [WrappedKey, WrappedKey]
  await broker.open([one])
  keyring.lock()
  const file = join(folder, 'root.key')
  renameSync(file, `${file}.away`)
  await expect(broker.open([one, two])).rejects.toThrow('key_unavailable')
  await expect(broker.mint(33)).rejects.toThrow('key_unavailable')
  renameSync(`${file}.away`, file)
  expect((await broker.open([one, two])).size).toBe(2)
})

test('the budget is charged before anything is opened', () => {
  const broker = keyBroker({ keyring })
  broker.charge('staff 1', [1, 2], 2)
  expect(() => broker.charge('staff 1', [3], 2)).toThrow('open_budget')
})

test('the cache stays within its bound and keeps what is used', () => {
  const material = Buffer.alloc(32, 1)
  const keyOf = (subject: number) => deriveDataKey(material, { subject, version: 1, suite: 1 })
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 20 }), fc.array(fc.nat(40), { maxLength: 200 }), (max, subjects) => {
      const cache = createDataKeyCache(max)
      for (const subject of subjects) {
        if (!cache.find({ subject, epoch: 1, version: 1, suite: 1 })) cache.add(1, keyOf(subject))
        expect(cache.find({ subject, epoch: 1, version: 1, suite: 1 })?.subject).toBe(subject)
        expect(cache.find({ subject, epoch: 2, version: 1, suite: 1 })).toBeUndefined()
        expect(cache.size).toBeLessThanOrEqual(max)
      }
    }),
    { numRuns: 30 },
  )
})

test('a worker thread opens rows with the keys that were posted, and no others', async () => {
  const broker = keyBroker({ keyring })
  const { row, key } = await broker.mint(41)
  const envelope = sealEnvelope(key, place(41), 1, Buffer.from('seen by the worker'))
  const from = (name: string) => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)))
  const worker = new Worker(
    `
    import { parentPort, workerData } from 'node:worker_threads'
    const { keyBroker, keySourceFromSnapshot } = await import(${from('./broker.ts')})
    const { openEnvelope } = await import(${from('./envelope.ts')})
    const { snapshot, row, envelope, place } = workerData
    const broker = keyBroker({ keyring: keySourceFromSnapshot(snapshot) })
    const wrapped = { ...row, wrapped: Buffer.from(row.wrapped) }
    const key = (await broker.open([wrapped])).get(row.subject)
    const refused = await broker.open([{ ...wrapped, epoch: 999 }]).then(() => 'opened', (error) => error.code)
    parentPort.postMessage([openEnvelope(key, place, envelope).plaintext.toString(), refused])`,
    { eval: true, workerData: { snapshot: await broker.snapshotForWorker(), row, envelope, place: place(41) } },
  )
  const answer = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
  await worker.terminate()
  expect(answer).toEqual(['seen by the worker', 'key_unavailable'])
})
