import { createSecretKey, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WRAPPED_KEY_BYTES, unwrapDataKey, wrapDataKey } from './wrap.ts'

const epochKey = createSecretKey(Buffer.from(Array.from({ length: 32 }, (_, i) => 32 + i)))
const material = Buffer.from(Array.from({ length: 32 }, (_, i) => i))

// Computed with Python from the format in docs/crypto.md.
test('unwraps what another implementation wrapped', () => {
  const wrapped = Buffer.from(
    '01090909090909090909090909d0b7409e4123ceec4896df4c11f4e0e25a14627f21c1fc2c0a0247f38b7216fedf3ba66abee1ca1a423f336ced9cdabf',
    'hex',
  )
  expect(unwrapDataKey(epochKey, { subject: 7, epoch: 5, version: 3, suite: 1 }, wrapped).export()).toEqual(material)
})

test('round trip; nothing else opens: subject, epoch, version, suite, key, any bit, any length', () => {
  const n = fc.integer({ min: 1, max: 2 ** 31 })
  fc.assert(
    fc.property(
      n,
      n,
      n,
      fc.constantFrom(1 as const, 2 as const),
      fc.nat(WRAPPED_KEY_BYTES * 8 - 1),
      (subject, epoch, version, suite, bit) => {
        const place = { subject, epoch, version, suite }
        const wrapped = wrapDataKey(epochKey, place, material)
        expect(wrapped).toHaveLength(WRAPPED_KEY_BYTES)
        expect(unwrapDataKey(epochKey, place, wrapped).export()).toEqual(material)
        for (const field of ['subject', 'epoch', 'version'] as const) {
          expect(() => unwrapDataKey(epochKey, { ...place, [field]: place[field] + 1 }, wrapped)).toThrow('envelope_invalid')
        }
        expect(() => unwrapDataKey(epochKey, { ...place, suite: suite === 1 ? 2 : 1 }, wrapped)).toThrow('envelope_invalid')
        expect(() => unwrapDataKey(epochKey, { ...place, suite: 3 as never }, wrapped)).toThrow('envelope_invalid')
        expect(() => unwrapDataKey(createSecretKey(randomBytes(32)), place, wrapped)).toThrow('envelope_invalid')
        const flipped = Buffer.from(wrapped)
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(() => unwrapDataKey(epochKey, place, flipped)).toThrow('envelope_invalid')
        expect(() => unwrapDataKey(epochKey, place, wrapped.subarray(0, bit % WRAPPED_KEY_BYTES))).toThrow('envelope_invalid')
      },
    ),
  )
})
