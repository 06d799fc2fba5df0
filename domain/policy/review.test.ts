import { expect, test } from 'vitest'
import { isHasty, peerDifference, unusedRights } from './review.ts'
import { roles } from './roles.ts'

const at = (seconds: number): string => new Date(1_700_000_000_000 + seconds * 1000).toISOString()
const keeps = (gap: number, count = 6) =>
  Array.from({ length: count }, (_, i) => ({ decision: 'keep' as const, shownAt: at(0), decidedAt: at((i + 1) * gap) }))

test('who keeps everything faster than it can be read is said to', () => {
  expect(isHasty(keeps(1))).toBe(true)
  expect(isHasty(keeps(10))).toBe(false)
  expect(isHasty(keeps(1, 4))).toBe(false)
  expect(isHasty([...keeps(1), { decision: 'remove', shownAt: at(0), decidedAt: at(9) }])).toBe(false)
  // Shown long ago, decided in one go: what counts is the time since the decision before.
  expect(isHasty(keeps(0.5).map((one) => ({ ...one, shownAt: at(-1_000) })))).toBe(true)
})

test('rights that the log shows no use of are named, and those used all day are not asked', () => {
  expect(unusedRights(roles.storeManager, new Set(['import']))).toEqual(['trash', 'export'])
  expect(unusedRights(roles.auditor, new Set(['audit_read']))).toEqual([])
  expect(unusedRights(roles.salesConsultant, new Set())).toEqual([])
})

test('what somebody has and their colleagues have not', () => {
  const one = (staffId: string, held: string[], storeIds = ['s1']) => ({ staffId, roles: held, storeIds })
  const people = [one('a', ['sales', 'finance']), one('b', ['sales']), one('c', ['sales']), one('d', ['sales', 'finance'], ['s2'])]
  expect(peerDifference(people[0]!, people)).toEqual({ peers: 2, unusual: ['finance'] })
  expect(peerDifference(people[3]!, people)).toEqual({ peers: 0, unusual: [] })
})
