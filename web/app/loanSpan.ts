import { longestLoan } from '../../domain/policy/longestLoan.ts'
import { instantIn, shopZone } from '../../domain/text/zonedTime.ts'

const midnight = (day: string, later: number): Date => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  // Counted in UTC, so that 31 + 1 is the first of the next month.
  const at = new Date(Date.UTC(year, month - 1, date + later))
  return instantIn(shopZone, { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate(), hour: 0, minute: 0 })
}

/** A stretch of time as the server takes it; without `startsAt` it begins now. */
export type LoanSpan = { readonly startsAt?: string; readonly endsAt: string }

/** Returns the stretch from the first day to the last, both included, by the shop's clocks; or what is wrong with it. `today` and days: `2026-11-25`. */
export const loanSpan = (from: string, to: string, today: string): LoanSpan | 'missing' | 'bad_days' | 'too_long' => {
  if (from === '' || to === '') return 'missing'
  if (to < from || to < today) return 'bad_days'
  const [starts, ends] = [midnight(from, 0), midnight(to, 1)]
  const begins = from <= today ? midnight(today, 0) : starts
  if (ends.getTime() - begins.getTime() > longestLoan * 86_400_000) return 'too_long'
  return { ...(from <= today ? {} : { startsAt: starts.toISOString() }), endsAt: ends.toISOString() }
}
