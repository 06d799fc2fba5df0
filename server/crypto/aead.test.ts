import { createHmac, createSecretKey, hkdfSync } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aeadOpen, aeadSeal } from './aead.ts'
import type { SuiteId } from './aead.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')
const key = (text: string) => createSecretKey(hex(text))

// RFC 8452 appendix C.2 (AEAD_AES_256_GCM_SIV) and C.3 (counter wrap)
const one = `01${'00'.repeat(31)}`
const rfc8452: [key: string, nonce: string, aad: string, plaintext: string, result: string][] = [
  [one, '030000000000000000000000', '', '', '07f5f4169bbf55a8400cd47ea6fd400f'],
  [one, '030000000000000000000000', '', '0100000000000000', 'c2ef328e5c71c83b843122130f7364b761e0b97427e3df28'],
  [one, '030000000000000000000000', '', '010000000000000000000000', '9aab2aeb3faa0a34aea8e2b18ca50da9ae6559e48fd10f6e5c9ca17e'],
  [
    one,
    '030000000000000000000000',
    '',
    '01000000000000000000000000000000',
    '85a01b63025ba19b7fd3ddfc033b3e76c9eac6fa700942702e90862383c6c366',
  ],
  [one, '030000000000000000000000', '01', '0200000000000000', '1de22967237a813291213f267e3b452f02d01ae33e4ec854'],
  [
    '00'.repeat(32),
    '00'.repeat(12),
    '',
    '000000000000000000000000000000004db923dc793ee6497c76dcc03a98e108',
    'f3f80f2cf0cb2dd9c5984fcda908456cc537703b5ba70324a6793a7bf218d3eaffffffff000000000000000000000000',
  ],
]
test.each(rfc8452)('RFC 8452 %#', (k, nonce, aad, plaintext, result) => {
  expect(aeadSeal(1, key(k), hex(nonce), hex(aad), hex(plaintext)).toString('hex')).toBe(result)
  expect(aeadOpen(1, key(k), hex(nonce), hex(aad), hex(result)).toString('hex')).toBe(plaintext)
})

test('RFC 8998 appendix A.1 (SM4-GCM)', () => {
  const plaintext = hex(`AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD
    EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA`)
  const result = hex(`17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735
    D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D 83DE3541E4C2B58177E065A9BF7B62EC`)
  const k = key('0123456789ABCDEFFEDCBA9876543210')
  const nonce = hex('00001234567800000000ABCD')
  const aad = hex('FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2')
  expect(aeadSeal(2, k, nonce, aad, plaintext)).toEqual(result)
  expect(aeadOpen(2, k, nonce, aad, result)).toEqual(plaintext)
})

// RFC 5869 appendix A.1 to A.3: the HKDF that every key here is derived with
const bytes = (from: number, to: number) => Buffer.from(Array.from({ length: to - from + 1 }, (_, i) => from + i))
test.each([
  [
    Buffer.alloc(22, 0x0b),
    bytes(0, 0x0c),
    bytes(0xf0, 0xf9),
    '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  ],
  [
    bytes(0, 0x4f),
    bytes(0x60, 0xaf),
    bytes(0xb0, 0xff),
    'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09' +
      'da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87',
  ],
  [
    Buffer.alloc(22, 0x0b),
    Buffer.alloc(0),
    Buffer.alloc(0),
    '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
  ],
])('RFC 5869 %#', (material, salt, info, result) => {
  expect(Buffer.from(hkdfSync('sha256', createSecretKey(material), salt, info, result.length / 2)).toString('hex')).toBe(result)
})

// RFC 4231 sections 4.2 to 4.8: the HMAC of row MACs and blind tokens (4.6 is the cut to 128 bits)
test.each([
  [Buffer.alloc(20, 0x0b), Buffer.from('Hi There'), 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  [Buffer.from('Jefe'), Buffer.from('what do ya want for nothing?'), '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  [Buffer.alloc(20, 0xaa), Buffer.alloc(50, 0xdd), '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe'],
  [bytes(1, 0x19), Buffer.alloc(50, 0xcd), '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b'],
  [Buffer.alloc(20, 0x0c), Buffer.from('Test With Truncation'), 'a3b6167473100ee06e0c796c2955552b'],
  [
    Buffer.alloc(131, 0xaa),
    Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First'),
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
])('RFC 4231 %#', (k, data, result) => {
  expect(createHmac('sha256', createSecretKey(k)).update(data).digest('hex').slice(0, result.length)).toBe(result)
})

type Vector = { tcId: number; key: string; iv: string; aad: string; msg: string; ct: string; tag: string; result: 'valid' | 'invalid' }
type Group = { ivSize: number; keySize: number; tagSize: number; tests: Vector[] }
const folder = fileURLToPath(new URL('../../../shared/data/vectors/', import.meta.url))

describe.each<[string, SuiteId, number]>([
  ['aes_gcm_siv_test.json', 1, 256],
  ['sm4_gcm_test.json', 2, 128],
])('Wycheproof %s', (file, suite, keySize) => {
  const path = folder + file
  test.skipIf(!existsSync(path))(`every vector (skipped without ../shared/data/vectors/${file})`, () => {
    const groups = (JSON.parse(readFileSync(path, 'utf8')) as { testGroups: Group[] }).testGroups.filter(
      (group) => group.keySize === keySize,
    )
    let opened = 0
    let refused = 0
    for (const group of groups)
      for (const v of group.tests) {
        const open = () => aeadOpen(suite, key(v.key), hex(v.iv), hex(v.aad), hex(v.ct + v.tag)).toString('hex')
        // Nonces of other lengths are valid for GCM as such; here they are refused, since no envelope has one.
        if (v.result === 'invalid' || group.ivSize !== 96) {
          expect(open, `${file} ${v.tcId}`).toThrow('envelope_invalid')
          refused++
        } else {
          expect(open(), `${file} ${v.tcId}`).toBe(v.msg)
          expect(aeadSeal(suite, key(v.key), hex(v.iv), hex(v.aad), hex(v.msg)).toString('hex'), `${file} ${v.tcId}`).toBe(v.ct + v.tag)
          opened++
        }
      }
    expect(opened).toBeGreaterThan(30)
    expect(refused).toBeGreaterThan(20)
  })
})

describe.each<[SuiteId, number]>([
  [1, 32],
  [2, 16],
])('suite %i', (suite, size) => {
  const blob = fc.uint8Array({ maxLength: 300 })
  test('opens what it sealed, and refuses any flipped bit, any cut and any other nonce, text or key', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: size, maxLength: size }),
        fc.uint8Array({ minLength: 12, maxLength: 12 }),
        blob,
        blob,
        fc.nat(),
        (k, nonce, aad, plaintext, bit) => {
          const secret = createSecretKey(k)
          const sealed = aeadSeal(suite, secret, nonce, aad, plaintext)
          expect(aeadOpen(suite, secret, nonce, aad, sealed)).toEqual(Buffer.from(plaintext))
          const flip = (bytesToFlip: Uint8Array) => {
            const copy = Buffer.from(bytesToFlip)
            const at = bit % (copy.length * 8)
            copy[at >> 3] = (copy[at >> 3] ?? 0) ^ (1 << (at & 7))
            return copy
          }
          expect(() => aeadOpen(suite, secret, nonce, aad, flip(sealed))).toThrow('envelope_invalid')
          expect(() => aeadOpen(suite, secret, flip(nonce), aad, sealed)).toThrow('envelope_invalid')
          expect(() => aeadOpen(suite, createSecretKey(flip(k)), nonce, aad, sealed)).toThrow('envelope_invalid')
          expect(() => aeadOpen(suite, secret, nonce, Buffer.concat([aad, Buffer.from('x')]), sealed)).toThrow('envelope_invalid')
          expect(() => aeadOpen(suite, secret, nonce, aad, sealed.subarray(0, bit % sealed.length))).toThrow('envelope_invalid')
        },
      ),
    )
  })
  test('refuses a key of the other size as a mistake in the code', () => {
    expect(() => aeadSeal(suite, createSecretKey(Buffer.alloc(48 - size)), Buffer.alloc(12), Buffer.alloc(0), Buffer.alloc(1))).toThrow(
      'internal',
    )
  })
})
