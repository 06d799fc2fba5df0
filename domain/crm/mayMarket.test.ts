import { expect, test } from 'vitest'
import { mayMarket, newestConsent } from './mayMarket.ts'

const said = (channel: 'sms' | 'call', state: 'given' | 'withdrawn', day: number, recorded = day) => ({
  channel,
  state,
  happenedAt: `2026-03-${String(day).padStart(2, '0')}T08:00:00.000Z`,
  createdAt: `2026-03-${String(recorded).padStart(2, '0')}T09:00:00.000Z`,
})

test('nothing said means no, and each channel stands for itself', () => {
  expect(mayMarket([], 'sms')).toBe(false)
  expect(mayMarket([said('sms', 'given', 1)], 'sms')).toBe(true)
  expect(mayMarket([said('sms', 'given', 1)], 'call')).toBe(false)
})

test('what was said last counts, whenever and in whatever order it was written down', () => {
  const list = [said('sms', 'withdrawn', 5, 5), said('sms', 'given', 3, 9)]
  expect(mayMarket(list, 'sms')).toBe(false)
  expect(mayMarket(list.toReversed(), 'sms')).toBe(false)
  expect(mayMarket([...list, said('sms', 'given', 6)], 'sms')).toBe(true)
})

test('of a consent and a refusal at the same instant the later recorded counts, and then the refusal', () => {
  expect(newestConsent([said('sms', 'given', 1, 2), said('sms', 'withdrawn', 1, 1)], 'sms')?.state).toBe('given')
  expect(mayMarket([said('sms', 'given', 1), said('sms', 'withdrawn', 1)], 'sms')).toBe(false)
  expect(mayMarket([said('sms', 'withdrawn', 1), said('sms', 'given', 1)], 'sms')).toBe(false)
})
