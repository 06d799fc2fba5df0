import { createSecretKey, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AppError } from '../../domain/errors.ts'
import { aeadSeal } from './aead.ts'
import { deriveDataKey } from './dataKey.ts'
import type { DataKey } from './dataKey.ts'
import {
  ENVELOPE_CHECK_SQL,
  ENVELOPE_HEADER_BYTES,
  ENVELOPE_TAG_BYTES,
  envelopeHash,
  envelopeKeyVersion,
  envelopeSuite,
  openEnvelope,
  sealEnvelope,
} from './envelope.ts'
import type { Place } from './envelope.ts'
import { lengthPrefixed } from './lengthPrefixed.ts'

const material = Buffer.from(Array.from({ length: 32 }, (_, i) => i))

// Computed once with Python's hmac and cryptography.AESGCMSIV from the format in docs/crypto.md, not with this code.
test('derives the data key, and opens the envelope, that another implementation computed', () => {
  const key = deriveDataKey(material, { subject: 7, version: 3, suite: 1 })
  expect(key.seal.export().toString('hex')).toBe('ff6d1d46fe9ed650c8900c2181bca617b36d8691a8206eea95398326f9dfb2e5')
  expect(key.commitment.toString('hex')).toBe('3c7ccae68d60430e83eac52873d457ded0533e177d6cc7b86cc04a0a508746e2')
  const sm = deriveDataKey(createSecretKey(material), { subject: 7, version: 3, suite: 2 })
  expect(sm.seal.export().toString('hex')).toBe('abfb62c0430c0dc2ec507fbdff881f9d')
  expect(sm.commitment.toString('hex')).toBe('5ebb3b951a31a24c38516b937994fba9626d78679ea6b4a9fa2e851a940e195a')
  const envelope = Buffer.from(
    '02010002000000033c7ccae68d60430e83eac52873d457ded0533e177d6cc7b86cc04a0a508746e2090909090909090909090909' +
      'ebdd2ee796e1a3d6825f211c372f4ee1a3cb1f65ce59fc3e66227267162976fdff6848475c9a4ff2f84eac3975b146c8342d5e666cc8da9636d53477509260e5' +
      '6ae6ac63ea111efa5ce7094d878a34ac',
    'hex',
  )
  const at = { entity: 'customer', recordId: '0190-aa', subject: 7, group: 'personal', storeId: '0190-5a', ownerId: null }
  const opened = openEnvelope(key, at, envelope)
  expect(opened).toEqual({ plaintext: Buffer.from('张伟'), schemaVersion: 2 })
})

const suite = fc.constantFrom(1 as const, 2 as const)
const place = fc.record({
  entity: fc.string({ minLength: 1, maxLength: 20 }),
  recordId: fc.uuid(),
  subject: fc.integer({ min: 1, max: 2 ** 40 }),
  group: fc.string({ maxLength: 12 }),
  storeId: fc.option(fc.uuid()),
  ownerId: fc.option(fc.uuid()),
})
const version = fc.integer({ min: 1, max: 2 ** 32 - 1 })
const schema = fc.integer({ min: 0, max: 65535 })
const text = fc.uint8Array({ maxLength: 400 })

const failure = (act: () => unknown) => {
  try {
    return act()
  } catch (error) {
    const { code, details, cause } = error as AppError
    return { code, details, cause }
  }
}

test('opens what it sealed, in whole buckets; equal texts never give equal envelopes', () => {
  fc.assert(
    fc.property(suite, place, version, schema, text, (s, p, v, sv, plaintext) => {
      const key = deriveDataKey(randomBytes(32), { subject: p.subject, version: v, suite: s })
      const envelope = sealEnvelope(key, p, sv, plaintext)
      expect(openEnvelope(key, p, envelope)).toEqual({ plaintext: Buffer.from(plaintext), schemaVersion: sv })
      expect((envelope.length - ENVELOPE_HEADER_BYTES - ENVELOPE_TAG_BYTES) % 64).toBe(0)
      expect([envelopeKeyVersion(envelope), envelopeSuite(envelope)]).toEqual([v, s])
      expect(sealEnvelope(key, p, sv, plaintext)).not.toEqual(envelope)
      expect(envelopeHash(sealEnvelope(key, p, sv, plaintext))).not.toEqual(envelopeHash(envelope))
    }),
  )
})

test('any flipped bit and any cut fails with the one opaque error', () => {
  fc.assert(
    fc.property(suite, place, text, fc.nat(), (s, p, plaintext, n) => {
      const key = deriveDataKey(material, { subject: p.subject, version: 1, suite: s })
      const envelope = sealEnvelope(key, p, 1, plaintext)
      const cut = envelope.subarray(0, n % envelope.length)
      const flipped = Buffer.from(envelope)
      const bit = n % (envelope.length * 8)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      for (const bad of [cut, flipped, Buffer.concat([envelope, Buffer.alloc(64)])]) {
        expect(failure(() => openEnvelope(key, p, bad))).toEqual({ code: 'envelope_invalid', details: {}, cause: undefined })
      }
    }),
    { numRuns: 300 },
  )
})

test('does not open in another row, group, entity, store, owner or subject, nor under another version, suite or key', () => {
  fc.assert(
    fc.property(suite, place, place, version, text, (s, p, q, v, plaintext) => {
      const of = { subject: p.subject, version: v, suite: s }
      const key = deriveDataKey(material, of)
      const envelope = sealEnvelope(key, p, 1, plaintext)
      const refused = (k: DataKey, at: Place) => expect(() => openEnvelope(k, at, envelope)).toThrow('envelope_invalid')
      for (const part of ['entity', 'recordId', 'group', 'storeId', 'ownerId'] as const)
        if (p[part] !== q[part]) refused(key, { ...p, [part]: q[part] })
      const other = { ...p, subject: p.subject + 1 }
      refused(key, other)
      refused({ ...key, subject: other.subject }, other)
      refused(deriveDataKey(material, { ...of, subject: other.subject }), other)
      refused({ ...key, version: v - 1 }, p)
      refused(deriveDataKey(material, { ...of, version: v - 1 }), p)
      refused(deriveDataKey(material, { ...of, suite: s === 1 ? 2 : 1 }), p)
      refused(deriveDataKey(randomBytes(32), of), p)
      refused({ ...key, commitment: randomBytes(32) }, p)
    }),
  )
})

test('store and owner do not open in each other’s place', () => {
  const p = { entity: 'customer', recordId: 'r', subject: 1, group: 'personal', storeId: 'a', ownerId: null }
  const key = deriveDataKey(material, { subject: 1, version: 1, suite: 1 })
  const envelope = sealEnvelope(key, p, 1, Buffer.from('x'))
  for (const bad of [{ storeId: null, ownerId: 'a' }, { ownerId: 'a' }, { storeId: null }, { storeId: 'b' }])
    expect(() => openEnvelope(key, { ...p, ...bad }, envelope)).toThrow('envelope_invalid')
})

test('the header is bound: another schema or key version written over it does not open', () => {
  const p = { entity: 'customer', recordId: 'r', subject: 1, group: 'personal' }
  const key = deriveDataKey(material, { subject: 1, version: 1, suite: 1 })
  const envelope = sealEnvelope(key, p, 1, Buffer.from('x'))
  envelope.writeUInt16BE(2, 2)
  expect(() => openEnvelope(key, p, envelope)).toThrow('envelope_invalid')
})

test('a text with wrong padding does not open, though its tag is right', () => {
  const p = { entity: 'customer', recordId: 'r', subject: 1, group: 'personal' }
  const key = deriveDataKey(material, { subject: 1, version: 1, suite: 1 })
  const header = sealEnvelope(key, p, 1, Buffer.from('x')).subarray(0, ENVELOPE_HEADER_BYTES)
  const aad = lengthPrefixed(['anechoic/envelope/2/1', 'customer', 'r', '1', 'personal', '1', '1', '', ''])
  const withFrame = (frame: Buffer) => Buffer.concat([header, aeadSeal(1, key.seal, header.subarray(-12), aad, frame)])
  const frame = (length: number, size: number, last: number) => {
    const bytes = Buffer.alloc(size)
    bytes.writeUInt32BE(length)
    bytes[size - 1] = last
    return bytes
  }
  expect(openEnvelope(key, p, withFrame(frame(1, 64, 0))).plaintext).toEqual(Buffer.alloc(1))
  for (const bad of [frame(1, 64, 1), frame(61, 64, 0), frame(1, 128, 0), frame(2 ** 32 - 1, 64, 0)]) {
    expect(() => openEnvelope(key, p, withFrame(bad))).toThrow('envelope_invalid')
  }
})

test('refuses to seal with the key of another subject, or more than the limit', () => {
  const key = deriveDataKey(material, { subject: 1, version: 1, suite: 1 })
  const p = { entity: 'customer', recordId: 'r', subject: 2, group: 'personal' }
  expect(() => sealEnvelope(key, p, 1, Buffer.alloc(1))).toThrow('internal')
  expect(() => sealEnvelope(key, { ...p, subject: 1 }, 1, Buffer.alloc(16 * 1024 * 1024 + 1))).toThrow('input_too_large')
})

test('the CHECK text takes only a plain identifier', () => {
  expect(ENVELOPE_CHECK_SQL('sealed_personal')).toContain('substring("sealed_personal" from 1 for 2)')
  for (const bad of ['a"b', 'A', '', 'x y', 'x)--']) expect(() => ENVELOPE_CHECK_SQL(bad)).toThrow('internal')
})
