import { expect, test } from 'vitest'
import { isRotationDue, isSweepDue } from './isDue.ts'

const at = (day: number, hour: number): Date => new Date(2026, 2, day, hour, 20)
const due = (last: Date | null, now: Date): boolean => isSweepDue(last?.toISOString() ?? null, now)

test('a server that always runs sweeps once a night', () => {
  const begun: Date[] = []
  for (let hours = 0; hours < 24 * 5; hours += 1) {
    const now = at(1, 14 + hours)
    if (due(begun.at(-1) ?? null, now)) begun.push(now)
  }
  expect(begun).toEqual([at(1, 14), at(2, 3), at(3, 1), at(4, 1), at(5, 1), at(6, 1)])
})

test('a computer that is off at night sweeps in the day', () => {
  expect(due(at(1, 10), at(2, 10))).toBe(false)
  expect(due(at(1, 10), at(2, 17))).toBe(true)
  expect(due(null, at(2, 9))).toBe(true)
})

test('an epoch is rotated at night after three weeks, by day a little later, and in an office that is closed at weekends before its thirtieth day', () => {
  const made = at(1, 14).toISOString()
  expect(isRotationDue(made, at(21, 3))).toBe(false)
  expect(isRotationDue(made, at(23, 2))).toBe(true)
  expect(isRotationDue(made, at(24, 15))).toBe(false)
  expect(isRotationDue(made, at(25, 15))).toBe(true)
  let since = at(2, 9)
  for (let hours = 0; hours < 24 * 400; hours += 1) {
    const now = at(2, 9 + hours)
    if (now.getDay() % 6 === 0 || now.getHours() < 9 || now.getHours() > 18) continue
    expect(now.getTime() - since.getTime()).toBeLessThan(30 * 86_400_000)
    if (isRotationDue(since.toISOString(), now)) since = now
  }
})

test('what a clock wrote that was ahead is old, not young for ever', () => {
  expect(isRotationDue(new Date(2031, 0, 1).toISOString(), at(1, 10))).toBe(true)
  expect(isSweepDue(new Date(2031, 0, 1).toISOString(), at(1, 10))).toBe(true)
})
