import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isDeeperThan } from './jsonDepth.ts'

const depthOf = (value: unknown): number =>
  value === null || typeof value !== 'object' ? 0 : 1 + Math.max(0, ...Object.values(value).map(depthOf))

test('agrees with the depth of any JSON value, brackets and quotes in strings included', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = JSON.stringify(value)
      const depth = depthOf(value)
      expect(isDeeperThan(text, depth)).toBe(false)
      if (depth > 0) expect(isDeeperThan(text, depth - 1)).toBe(true)
    }),
  )
  expect(isDeeperThan(JSON.stringify('[[[["[[[\\'), 0)).toBe(false)
})
