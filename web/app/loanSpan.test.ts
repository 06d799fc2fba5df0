import { expect, test } from 'vitest'
import { loanSpan } from './loanSpan.ts'

const today = '2026-11-25'

test.each([
  ['2026-11-25', '2026-11-25', { endsAt: '2026-11-25T16:00:00.000Z' }],
  ['2026-11-20', '2026-11-30', { endsAt: '2026-11-30T16:00:00.000Z' }],
  ['2026-12-01', '2026-12-31', { startsAt: '2026-11-30T16:00:00.000Z', endsAt: '2026-12-31T16:00:00.000Z' }],
  ['2026-12-02', '2026-12-01', 'bad_days'],
  ['2026-11-01', '2026-11-24', 'bad_days'],
  ['2026-11-25', '2027-02-24', { endsAt: '2027-02-24T16:00:00.000Z' }],
  ['2026-11-25', '2027-02-25', 'too_long'],
  ['', '2026-11-25', 'missing'],
] as const)('from %s to %s, both included', (from, to, span) => expect(loanSpan(from, to, today)).toEqual(span))
