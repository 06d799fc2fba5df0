import { createSecretKey, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { STREAM_CHUNK_BYTES, STREAM_HEADER_BYTES, mintJobKey, openJobKey, openStream, sealStream } from './staging.ts'

const stagingKey = createSecretKey(randomBytes(32))
const { jobKey, wrapped } = mintJobKey(stagingKey, 'job-1')
const pieces = (bytes: Buffer, size: number) =>
  Readable.from(Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size)))
const seal = (plain: Buffer, size = 50_000, label = 'upload') => buffer(pieces(plain, size).compose(sealStream(jobKey, label)))
const open = (sealed: Buffer, size = 70_001, label = 'upload', key = jobKey) => buffer(pieces(sealed, size).compose(openStream(key, label)))

test('a job key opens for its own job only', () => {
  expect(openJobKey(stagingKey, 'job-1', wrapped).equals(jobKey)).toBe(true)
  for (const act of [
    () => openJobKey(stagingKey, 'job-2', wrapped),
    () => openJobKey(createSecretKey(randomBytes(32)), 'job-1', wrapped),
    () => openJobKey(stagingKey, 'job-1', wrapped.subarray(1)),
    () => openJobKey(stagingKey, 'job-1', Buffer.alloc(60)),
  ])
    expect(act).toThrow('envelope_invalid')
})

const chunk = STREAM_CHUNK_BYTES
test.each([0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 3 * chunk + 17])(
  '%i bytes come back, however they arrive, and nothing of them shows',
  async (length) => {
    const plain = Buffer.alloc(length, 'gate code 4711 ')
    const sealed = await seal(plain, 1 + Math.ceil(length / 7))
    expect(sealed.length).toBe(STREAM_HEADER_BYTES + length + 16 * Math.max(1, Math.ceil(length / chunk)))
    for (const size of [1_000_000, 9_999, chunk + 16]) expect((await open(sealed, size)).equals(plain)).toBe(true)
    expect(sealed.includes('4711')).toBe(false)
  },
)

test('cut, reordered, repeated, spliced, extended or changed streams fail, and so do another label or key', async () => {
  const plain = randomBytes(3 * chunk)
  const sealed = await seal(plain)
  const other = await seal(plain)
  const full = chunk + 16
  const head = sealed.subarray(0, STREAM_HEADER_BYTES)
  const part = (i: number, of = sealed) => of.subarray(STREAM_HEADER_BYTES + i * full, STREAM_HEADER_BYTES + (i + 1) * full)
  const bad: Record<string, Buffer> = {
    empty: Buffer.alloc(0),
    header: head,
    'half a header': head.subarray(0, 20),
    'cut at a chunk': Buffer.concat([head, part(0), part(1)]),
    'cut inside': sealed.subarray(0, -1),
    reordered: Buffer.concat([head, part(1), part(0), part(2)]),
    repeated: Buffer.concat([head, part(0), part(0), part(1), part(2)]),
    'last twice': Buffer.concat([sealed, part(2)]),
    'without the first': Buffer.concat([head, part(1), part(2)]),
    spliced: Buffer.concat([head, part(0, other), part(1), part(2)]),
    'another header': Buffer.concat([other.subarray(0, STREAM_HEADER_BYTES), part(0), part(1), part(2)]),
    extended: Buffer.concat([sealed, Buffer.alloc(16)]),
    'another format': Buffer.concat([Buffer.from('ANST\x02'), sealed.subarray(5)]),
  }
  for (const [name, bytes] of Object.entries(bad)) await expect(open(bytes), name).rejects.toMatchObject({ code: 'envelope_invalid' })
  await expect(open(sealed, 70_001, 'refused')).rejects.toThrow('envelope_invalid')
  await expect(open(sealed, 70_001, 'upload', mintJobKey(stagingKey, 'job-1').jobKey)).rejects.toThrow('envelope_invalid')
  await fc.assert(
    fc.asyncProperty(fc.nat(sealed.length * 8 - 1), async (bit) => {
      const flipped = Buffer.from(sealed)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      await expect(open(flipped)).rejects.toThrow('envelope_invalid')
    }),
    { numRuns: 40 },
  )
})

test('a stream passes through without being held whole', async () => {
  let passed = 0
  let ahead = 0
  const source = Readable.from(
    (function* () {
      for (let i = 0; i < 400; i++) {
        ahead = Math.max(ahead, i * chunk - passed)
        yield Buffer.alloc(chunk, i)
      }
    })(),
  )
  await pipeline(source, sealStream(jobKey), openStream(jobKey), async (plain: AsyncIterable<Buffer>) => {
    for await (const part of plain) passed += part.length
  })
  expect(passed).toBe(400 * chunk)
  expect(ahead).toBeLessThan(60 * chunk)
})
