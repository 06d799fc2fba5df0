import { expect, test } from 'vitest'
import { erasureState, expectedCompletion, promisedCompletion } from './erasureState.ts'

const erasedAt = '2026-01-01T00:00:00.000Z'
const completeBy = promisedCompletion(erasedAt)
const judge = (epochDestroyedAt: string | null | undefined, now: string) => erasureState({ erasedAt, completeBy, epochDestroyedAt }, now)

test('the promise is 30 days of epoch and 14 of copies', () => expect(completeBy).toBe('2026-02-14T00:00:00.000Z'))

test.each([
  [null, '2026-01-31T00:00:00.000Z', 'waiting'],
  [null, '2026-01-31T00:00:00.001Z', 'late'],
  [null, '2026-03-01T00:00:00.000Z', 'late'],
  ['2026-01-05T00:00:00.000Z', '2026-02-13T23:59:59.999Z', 'rotated'],
  ['2026-01-05T00:00:00.000Z', '2026-02-14T00:00:00.000Z', 'complete'],
  ['2026-02-10T00:00:00.000Z', '2026-02-14T00:00:00.000Z', 'rotated'],
  ['2026-02-10T00:00:00.000Z', '2026-02-24T00:00:00.000Z', 'complete'],
  [undefined, '2030-01-01T00:00:00.000Z', 'unknown'],
] as const)('epoch key gone at %s, judged at %s: %s', (end, now, state) => expect(judge(end, now)).toBe(state))

test('an epoch key that went late moves the date; one that went in time does not', () => {
  expect(expectedCompletion(completeBy, '2026-01-20T00:00:00.000Z')).toBe(completeBy)
  expect(expectedCompletion(completeBy, '2026-02-10T00:00:00.000Z')).toBe('2026-02-24T00:00:00.000Z')
  expect(expectedCompletion(completeBy, null)).toBe(completeBy)
})
