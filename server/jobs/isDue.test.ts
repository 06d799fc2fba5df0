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

test('an epoch is rotated at night in its last days, and by day before its thirtieth', () => {
  const made = at(1, 14).toISOString()
  expect(isRotationDue(made, at(28, 3))).toBe(false)
  expect(isRotationDue(made, at(29, 13))).toBe(false)
  expect(isRotationDue(made, at(30, 2))).toBe(true)
  expect(isRotationDue(made, at(29, 15))).toBe(false)
  expect(isRotationDue(made, at(30, 15))).toBe(true)
})
