import fc from 'fast-check'
import { expect, test } from 'vitest'
import { look, lowOf, type Outlook, rangesOf } from './gaps.ts'

/**
 * A model of a database: transactions take ids in any order, then commit or roll back. A look sees what has committed, in the ranges it asked for and
 * at most `most` ids at once.
 */
type Step = { kind: 'begin'; entries: number } | { kind: 'end'; which: number; commit: boolean } | { kind: 'look'; most: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('begin' as const), entries: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('end' as const), which: fc.nat(20), commit: fc.boolean() }),
  fc.record({ kind: fc.constant('look' as const), most: fc.integer({ min: 1, max: 6 }) }),
)

const play = (steps: readonly Step[]) => {
  let nextId = 1
  let nextTx = 1n
  const running = new Map<bigint, number[]>()
  const committed = new Set<number>()
  const found: number[] = []
  let outlook: Outlook = { high: 0, gaps: [] }
  const lookOnce = (most: number): number => {
    const { from, to } = rangesOf(outlook)
    const inRange = [...committed].filter((id) => from.some((low, i) => id >= low && (to[i] === null || id <= to[i]!)))
    const ids = inRange.toSorted((a, b) => a - b).slice(0, most)
    const xmin = [...running.keys()].reduce((least, tx) => (tx < least ? tx : least), nextTx)
    for (const id of ids) if (!found.includes(id)) found.push(id)
    outlook = look(outlook, { ids, xmin, own: ids.length > 0 ? nextTx++ : 0n, cut: ids.length === most })
    // Nothing that may still come lies at or below the low-water mark.
    for (const open of running.values()) for (const id of open) expect(id).toBeGreaterThan(lowOf(outlook))
    return ids.length
  }
  for (const one of steps) {
    if (one.kind === 'begin')
      running.set(
        nextTx++,
        Array.from({ length: one.entries }, () => nextId++),
      )
    if (one.kind === 'look') lookOnce(one.most)
    if (one.kind === 'end' && running.size > 0) {
      const tx = [...running.keys()][one.which % running.size]!
      if (one.commit) for (const id of running.get(tx)!) committed.add(id)
      running.delete(tx)
    }
  }
  for (const ids of running.values()) for (const id of ids) committed.add(id)
  running.clear()
  for (let rounds = 0; rounds < 200; rounds++) lookOnce(5)
  return { found, committed, outlook }
}

test('every committed entry is found exactly once, and gaps of rolled-back ones close', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { found, committed, outlook } = play(steps)
      expect(found.toSorted((a, b) => a - b)).toEqual([...committed].toSorted((a, b) => a - b))
      expect(outlook.gaps).toEqual([])
    }),
    { numRuns: 500 },
  )
})
