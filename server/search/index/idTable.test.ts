import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createIdTable, ID_BYTES } from './idTable.ts'

test('agrees with a map through any history of setting, replacing and deleting', () => {
  // Few distinct tails, so that ids collide and deletions leave holes in the middle of runs.
  const step = fc.record({ id: fc.integer({ min: 0, max: 400 }), gone: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 600 }), (steps) => {
      const ids = new Uint8Array(steps.length * ID_BYTES + ID_BYTES)
      const table = createIdTable(() => ids)
      const truth = new Map<number, number>()
      const write = (id: number, at: number): void => void Buffer.from(ids.buffer).writeUInt32BE(id, at + 4 * (id % 4))
      steps.forEach(({ id, gone }, slot) => {
        const held = truth.get(id)
        if (gone && held !== undefined) {
          table.delete(held)
          truth.delete(id)
        } else if (!gone) {
          write(id, slot * ID_BYTES)
          table.set(slot)
          truth.set(id, slot)
        }
      })
      expect(table.size).toBe(truth.size)
      const probe = new Uint8Array(ID_BYTES)
      for (let id = 0; id <= 400; id++) {
        probe.fill(0)
        Buffer.from(probe.buffer).writeUInt32BE(id, 4 * (id % 4))
        expect(table.get(probe, 0)).toBe(truth.get(id) ?? -1)
      }
    }),
    { numRuns: 100 },
  )
})

test('finds everyone after growing', () => {
  const count = 5_000
  const ids = new Uint8Array(count * ID_BYTES)
  const table = createIdTable(() => ids)
  for (let slot = 0; slot < count; slot++) {
    Buffer.from(ids.buffer).writeUInt32BE(slot, slot * ID_BYTES + 12)
    table.set(slot)
  }
  for (let slot = 0; slot < count; slot++) expect(table.get(ids, slot * ID_BYTES)).toBe(slot)
})
