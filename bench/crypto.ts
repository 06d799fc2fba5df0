// What sealing costs: microseconds per operation (median, p95) and operations per second, as JSON. Run: node bench/crypto.ts
import { createSecretKey, randomBytes } from 'node:crypto'
import { cpus } from 'node:os'
import type { SuiteId } from '../server/crypto/aead.ts'
import { blindToken } from '../server/crypto/blindIndex.ts'
import { keyBroker } from '../server/crypto/broker.ts'
import type { KeySource, WrappedKey } from '../server/crypto/broker.ts'
import { deriveDataKey } from '../server/crypto/dataKey.ts'
import { envelopeHash, openEnvelope, sealEnvelope } from '../server/crypto/envelope.ts'
import { rowMac } from '../server/crypto/mac.ts'
import { unwrapDataKey, wrapDataKey } from '../server/crypto/wrap.ts'

const BATCH = 50
const ROUNDS = 400
const round = (value: number) => Math.round(value * 100) / 100

/** Times `act` in batches of 50 (the clock is too coarse for one call) and gives microseconds per call. */
function measure(act: (i: number) => unknown, perCall = 1) {
  for (let i = 0; i < 2_000; i++) act(i)
  const samples: number[] = []
  for (let r = 0; r < ROUNDS; r++) {
    const start = performance.now()
    for (let i = 0; i < BATCH; i++) act(i)
    samples.push(((performance.now() - start) * 1000) / BATCH / perCall)
  }
  samples.sort((a, b) => a - b)
  const at = (part: number) => samples[Math.floor(samples.length * part)] ?? 0
  return { medianUs: round(at(0.5)), p95Us: round(at(0.95)), perSecond: Math.round(1e6 / at(0.5)), n: ROUNDS * BATCH * perCall }
}

const results: Record<string, ReturnType<typeof measure>> = {}
const place = {
  entity: 'customer',
  recordId: '01900000-0000-7000-8000-000000000000',
  subject: 1,
  group: 'personal',
  storeId: '01900000-0000-7000-8000-000000000001',
  ownerId: '01900000-0000-7000-8000-000000000002',
}
const secret = () => createSecretKey(randomBytes(32))
const epochKey = secret()

for (const suite of [1, 2] as SuiteId[]) {
  const material = randomBytes(32)
  const wrapPlace = { subject: 1, epoch: 1, version: 1, suite }
  const key = deriveDataKey(material, wrapPlace)
  const wrapped = wrapDataKey(epochKey, wrapPlace, material)
  for (const size of [200, 2000]) {
    const plaintext = randomBytes(size)
    const envelope = sealEnvelope(key, place, 1, plaintext)
    results[`suite${suite}.sealEnvelope.${size}`] = measure(() => sealEnvelope(key, place, 1, plaintext))
    results[`suite${suite}.openEnvelope.${size}`] = measure(() => openEnvelope(key, place, envelope))
  }
  results[`suite${suite}.wrapDataKey`] = measure(() => wrapDataKey(epochKey, wrapPlace, material))
  results[`suite${suite}.unwrapAndDerive`] = measure(() => deriveDataKey(unwrapDataKey(epochKey, wrapPlace, wrapped), wrapPlace))
}

const source: KeySource = {
  key: async () => epochKey,
  currentEpoch: () => 1,
  epochs: () => [{ epoch: 1, createdAt: '', destroyedAt: null }],
  reloadIfChanged: async () => {},
}
const broker = keyBroker({ keyring: source })
const rows: WrappedKey[] = []
for (let subject = 1; subject <= 10_000; subject++) rows.push((await broker.mint(subject)).row)
const cold = performance.now()
await broker.open(rows)
const coldUs = ((performance.now() - cold) * 1000) / rows.length
const page = rows.slice(0, 50)
const subjects = page.map((row) => row.subject)
const sample = sealEnvelope(deriveDataKey(randomBytes(32), { subject: 1, version: 1, suite: 1 }), place, 1, randomBytes(200))
results['broker.openCached.50'] = measure(() => broker.openCached(page))
results['broker.charge.50'] = measure(() => broker.charge('staff', subjects, 1_000))
results.blindToken = measure(() => blindToken(epochKey, 'customer.phones', '+8613800138000'))
results.rowMac = measure(() => rowMac(epochKey, 'auth.session', ['0190', 7, null, true, 'owner']))
results.envelopeHash = measure(() => envelopeHash(sample))

console.log(
  JSON.stringify(
    {
      node: process.version,
      openssl: process.versions.openssl,
      cpu: cpus()[0]?.model ?? '',
      coldOpenUsPerKey: round(coldUs),
      operations: results,
    },
    null,
    2,
  ),
)
