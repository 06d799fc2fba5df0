import fc from 'fast-check'
import { expect, test } from 'vitest'
import { auditActions, outcomes } from '../../domain/audit/actions.ts'
import { decodeLeaf, encodeLeaf, MAX_LEAF_BYTES } from './leaf.ts'
import type { LoggedEntry } from './entry.ts'

const uuid = fc.uuid()
const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((one) => Buffer.from(one))
const entry = fc
  .record({
    at: fc.integer({ min: 0, max: 8_640_000_000_000_000 }),
    staffId: fc.option(
      uuid.filter((id) => !id.startsWith('00000000-0000-0000')),
      { nil: null },
    ),
    sessionId: fc.option(fc.string({ minLength: 1, unit: 'grapheme' }), { nil: null }),
    roles: fc.array(fc.constantFrom('owner', 'auditor')),
    action: fc.constantFrom(...auditActions),
    entity: fc.constantFrom('customer' as const, 'session' as const),
    ids: fc.uniqueArray(uuid, { maxLength: 20 }),
    subjects: fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 31 - 1 }), { maxLength: 20 }).map((list) => list.toSorted((a, b) => a - b)),
    fields: fc.array(fc.string({ maxLength: 20, unit: 'grapheme' })),
    reason: fc.option(fc.constantFrom('visit' as const, 'other' as const), { nil: null }),
    outcome: fc.constantFrom(...outcomes),
    groups: fc.array(fc.tuple(fc.nat(), fc.constantFrom('personal' as const, 'sensitive' as const, 'secret' as const), bytes), {
      maxLength: 20,
    }),
    detailCommitment: fc.option(bytes, { nil: null }),
    list: fc.option(fc.record({ count: fc.integer({ min: 1, max: 1_000_000 }), root: bytes }), { nil: null }),
  })
  .map(({ groups, ...rest }): LoggedEntry => ({
    ...rest,
    envelopes: rest.ids.length === 0 ? [] : groups.map(([i, group, hash]) => ({ id: rest.ids[i % rest.ids.length]!, group, hash })),
  }))

test('a leaf reads back as the entry, and two entries never share bytes', () => {
  fc.assert(
    fc.property(entry, entry, (one, other) => {
      expect(decodeLeaf(encodeLeaf(one))).toEqual(one)
      if (JSON.stringify(one) !== JSON.stringify(other)) expect(encodeLeaf(one).equals(encodeLeaf(other))).toBe(false)
    }),
  )
})

const plain: LoggedEntry = {
  at: 1_700_000_000_000,
  staffId: null,
  sessionId: null,
  roles: [],
  action: 'list',
  entity: 'customer',
  ids: [],
  subjects: [],
  fields: [],
  reason: null,
  outcome: 'done',
  envelopes: [],
  detailCommitment: null,
  list: null,
}

test('a thousand records with their hashes fit into a leaf; what does not fit is refused', () => {
  const ids = Array.from({ length: 1_100 }, (_, i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`)
  const envelopes = ids.slice(0, 1_000).map((id) => ({ id, group: 'personal' as const, hash: Buffer.alloc(32, 1) }))
  const subjects = Array.from({ length: 1_000 }, (_, i) => 2_000_000_000 + i * 100)
  expect(encodeLeaf({ ...plain, ids: ids.slice(0, 1_000), envelopes, subjects }).length).toBeLessThanOrEqual(MAX_LEAF_BYTES)
  const fields = Array.from({ length: 2_000 }, () => 'a-rather-long-name-of-a-field')
  expect(() => encodeLeaf({ ...plain, ids, envelopes, subjects, fields })).toThrow(expect.objectContaining({ code: 'internal' }))
})

test('bytes that are not a leaf are refused', () => {
  const leaf = encodeLeaf({ ...plain, ids: ['00000000-0000-4000-8000-000000000001'] })
  for (let end = 0; end < leaf.length; end++) expect(() => decodeLeaf(leaf.subarray(0, end))).toThrow()
  expect(() => decodeLeaf(Buffer.concat([leaf, Buffer.alloc(1)]))).toThrow()
  expect(() => decodeLeaf(Buffer.concat([Buffer.from([2]), leaf.subarray(1)]))).toThrow()
})
