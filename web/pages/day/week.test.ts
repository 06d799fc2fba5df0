import { expect, test } from 'vitest'
import { dayOf, daysBetween, localInput, nextHour, touches, weekOf } from './week.ts'

const at = (day: number, hour = 0, minute = 0): Date => new Date(2026, 10, day, hour, minute)

test('a week is from Monday to Sunday, whichever of its days one asks on', () => {
  const week = weekOf(at(25, 15))
  expect(week.map((day) => [day.getDate(), day.getDay()])).toEqual([
    [23, 1],
    [24, 2],
    [25, 3],
    [26, 4],
    [27, 5],
    [28, 6],
    [29, 0],
  ])
  expect(weekOf(at(29, 23, 59))).toEqual(week)
  expect(weekOf(at(23))).toEqual(week)
})

test('what begins at the next midnight, or ended at this one, is not of the day', () => {
  const iso = (date: Date): string => date.toISOString()
  expect(touches(at(25), iso(at(25, 10)), iso(at(25, 11)))).toBe(true)
  expect(touches(at(25), iso(at(24, 22)), iso(at(25, 1)))).toBe(true)
  expect(touches(at(25), iso(at(26)), iso(at(26, 1)))).toBe(false)
  expect(touches(at(25), iso(at(24, 20)), iso(at(25)))).toBe(false)
})

test('the next hour to offer is one that somebody is in the shop', () => {
  expect(nextHour(at(25, 14, 20))).toEqual(at(25, 15))
  expect(nextHour(at(25, 5))).toEqual(at(25, 10))
  expect(nextHour(at(25, 19))).toEqual(at(26, 10))
  expect(nextHour(at(25, 23, 30))).toEqual(at(26, 10))
})

test('days are counted and written as the reader’s clock has them', () => {
  expect(daysBetween(dayOf(at(25, 9)), dayOf(at(27, 8)))).toBe(2)
  expect(localInput(at(25, 9, 5))).toBe('2026-11-25T09:05')
})
