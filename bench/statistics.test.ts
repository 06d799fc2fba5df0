import fc from 'fast-check'
import { expect, test } from 'vitest'
import { growthExponent, median, quantile, round } from './statistics.ts'

test('the median is the middle, or the mean of the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([7])).toBe(7)
  expect(median([])).toBeNaN()
})

test('a quantile is a sample, by nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)
  expect(quantile(hundred, 0.95)).toBe(95)
  expect(quantile(hundred, 0)).toBe(1)
  expect(quantile(hundred, 1)).toBe(100)
  expect(quantile([3], 0.95)).toBe(3)
  expect(quantile([], 0.5)).toBeNaN()
})

test('neither changes the samples nor minds their order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, min: 0, max: 1e6 }), { minLength: 1 }),
      fc.double({ noNaN: true, min: 0, max: 1 }),
      (samples, part) => {
        const before = [...samples]
        expect(quantile(samples, part)).toBe(quantile(samples.toReversed(), part))
        expect(median(samples)).toBe(median(samples.toReversed()))
        expect(samples).toEqual(before)
        expect(samples.filter((one) => one <= quantile(samples, part)).length).toBeGreaterThanOrEqual(Math.floor(part * samples.length))
      },
    ),
  )
})

test('the growth exponent of a power law is its power, whatever its factor', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -1, max: 3 }), fc.double({ noNaN: true, min: 0.01, max: 100 }), (power, factor) => {
      const points = [1e4, 1e5, 1e6].map((size) => ({ size, cost: factor * size ** power }))
      expect(growthExponent(points)).toBeCloseTo(power, 6)
    }),
  )
})

test('there is no growth to tell from one size', () => {
  expect(growthExponent([{ size: 10, cost: 1 }])).toBeNaN()
  expect(
    growthExponent([
      { size: 10, cost: 1 },
      { size: 10, cost: 2 },
    ]),
  ).toBeNaN()
  expect(
    growthExponent([
      { size: 10, cost: 1 },
      { size: 100, cost: 0 },
    ]),
  ).toBeNaN()
})

test('rounding keeps the digits asked for', () => {
  expect(round(1.2345)).toBe(1.23)
  expect(round(1.2345, 3)).toBe(1.235)
})
