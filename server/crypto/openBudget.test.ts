import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createOpenBudget } from './openBudget.ts'

const HOUR = 3_600_000

test('counts different subjects, refuses the one over the limit, and charges nothing then', () => {
  let time = 0
  const budget = createOpenBudget(() => time)
  budget.charge('a', [1, 2, 2, 1, 3], 4)
  budget.charge('a', [3, 2, 1], 4)
  expect(() => budget.charge('a', [3, 4, 5], 4)).toThrow(
    expect.objectContaining({ code: 'open_budget', details: { limit: 4, opened: 3, asked: 2 } }),
  )
  expect(budget.opened('a')).toBe(3)
  budget.charge('a', [4], 4)
  budget.charge('b', [5, 6, 7, 8], 4)
  expect(() => budget.charge('a', [5], 4)).toThrow('open_budget')
  time = HOUR
  budget.charge('a', [5, 6, 7, 8], 4)
})

test('agrees with counting the log of a rolling hour by hand', () => {
  const act = fc.record({
    wait: fc.integer({ min: 0, max: HOUR / 2 }),
    subjects: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 5 }),
    limit: fc.integer({ min: 0, max: 10 }),
  })
  fc.assert(
    fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
      let time = 0
      const budget = createOpenBudget(() => time)
      const log: { at: number; subject: number }[] = []
      for (const { wait, subjects, limit } of acts) {
        time += wait
        const recent = new Set(log.filter(({ at }) => at > time - HOUR).map(({ subject }) => subject))
        const fits = new Set([...recent, ...subjects]).size <= limit
        let accepted = true
        try {
          budget.charge('a', subjects, limit)
        } catch {
          accepted = false
        }
        expect(accepted).toBe(fits)
        if (accepted) for (const subject of subjects) log.push({ at: time, subject })
      }
    }),
  )
})

test('an actor who opened nothing for an hour takes no memory', () => {
  let time = 0
  const budget = createOpenBudget(() => time)
  for (let i = 0; i < 1000; i++) budget.charge(`actor ${i}`, [i], 1)
  time = HOUR
  budget.charge('one more', [1], 1)
  expect(budget.opened('actor 0')).toBe(0)
  expect(budget.opened('one more')).toBe(1)
})
