import { createSecretKey, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowMac, verifyRowMac } from './mac.ts'
import type { MacPart } from './mac.ts'

const key = createSecretKey(Buffer.from(Array.from({ length: 32 }, (_, i) => 32 + i)))
const part = fc.oneof<fc.Arbitrary<MacPart>[]>(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.uint8Array({ maxLength: 8 }))

// Computed with Python from the format in docs/crypto.md.
test('gives the MAC another implementation computed', () => {
  const parts = ['id-1', 42, null, true, Uint8Array.of(255), new Date(1700000000000)]
  expect(rowMac(key, 'auth.session', parts).toString('hex')).toBe('4d3e006d6119ccf375168eb19b2ca655757140af6d021df21004ef6ee39044c9')
})

test('two different rows never share a MAC; moved text between columns is another row', () => {
  const mac = (...parts: MacPart[]) => rowMac(key, 't', parts).toString('hex')
  const rows: MacPart[][] = [
    ['ab', 'c'],
    ['a', 'bc'],
    ['abc'],
    ['abc', ''],
    ['abc', null],
    ['', 'abc'],
    [1],
    ['1'],
    [true],
    [Buffer.from('1')],
    [],
    [null],
  ]
  expect(new Set(rows.map((row) => mac(...row))).size).toBe(rows.length)
  expect(mac(1n)).toBe(mac(1))
})

test('verifies its own row only: not another table, key, column order, value or MAC', () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), fc.nat(255), (parts, bit) => {
      const mac = rowMac(key, 'auth.grant', parts)
      expect(verifyRowMac(key, 'auth.grant', parts, mac)).toBe(true)
      expect(verifyRowMac(key, 'auth.session', parts, mac)).toBe(false)
      expect(verifyRowMac(createSecretKey(randomBytes(32)), 'auth.grant', parts, mac)).toBe(false)
      expect(verifyRowMac(key, 'auth.grant', [...parts, null], mac)).toBe(false)
      const flipped = Buffer.from(mac)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      for (const bad of [flipped, mac.subarray(0, 31), Buffer.alloc(0), null, undefined])
        expect(verifyRowMac(key, 'auth.grant', parts, bad)).toBe(false)
    }),
  )
})
