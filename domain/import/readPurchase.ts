import { interaction } from '../crm/interaction.ts'
import { cutCodePoints, normaliseText } from '../text/normalise.ts'

/** A past purchase as a dated entry of the timeline. `happenedAt` is ISO 8601. */
export type ImportedPurchase = { happenedAt: string; text: string }

const pad = (text: string): string => text.padStart(2, '0')

/** The parts of a date as people and programs write it, or null. 3/15/2024 is read where only one order makes a date; 3/4/2024 could be either, so it is none. */
const partsOf = (text: string): { year: string; month: string; day: string; rest: string } | null => {
  const yearFirst = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(.*)$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})()$/.exec(text)
  if (yearFirst) return { year: yearFirst[1]!, month: yearFirst[2]!, day: yearFirst[3]!, rest: yearFirst[4]! }
  const yearLast = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(.*)$/.exec(text)
  if (!yearLast) return null
  const [, a = '', b = '', year = '', rest = ''] = yearLast
  if (Number(a) > 12 === Number(b) > 12 && a !== b) return null
  return Number(a) > 12 ? { year, month: b, day: a, rest } : { year, month: a, day: b, rest }
}

/**
 * Returns the instant that a date in a list means, in China's time (lists name none; noon where they give no hour), or null where it cannot be told for
 * certain: a day that is not in the calendar, an order of day and month that could be either, a bare serial number, a time before 1970 or after tomorrow.
 */
export const readInstant = (input: string, now: number): string | null => {
  const parts = partsOf(input.normalize('NFKC').trim())
  if (!parts) return null
  const { year, month, day, rest } = parts
  const clock = /^(?:[T\s]*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(?:Z|[+]0?8:?00)?$/.exec(rest)
  if (!clock) return null
  const [hour, minute, second] = clock[1] === undefined ? ['12', '00', '00'] : [clock[1], clock[2]!, clock[3] ?? '00']
  const date = `${year}-${pad(month)}-${pad(day)}`
  const at = Date.parse(`${date}T${pad(hour)}:${minute}:${second}+08:00`)
  if (Number.isNaN(at) || new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10) !== date) return null
  return at < 0 || at > now + 2 * 86_400_000 ? null : new Date(at).toISOString()
}

/** Returns what was bought for how much, as one line: `KEF LS60 · ¥32,000`. A sum that is no plain number stays as it is written, and what the timeline has no room for is cut off. */
export const purchaseText = (products: readonly string[], amounts: readonly string[]): string => {
  const sums = amounts.map((text) => {
    const digits = text.normalize('NFKC').replace(/[,，\s¥￥元]|RMB|CNY/gi, '')
    const sum = Number(digits)
    return digits !== '' && Number.isFinite(sum) ? `¥${sum.toLocaleString('en-US', { maximumFractionDigits: 2 })}` : text.trim()
  })
  const whole = normaliseText(
    [...products, ...sums]
      .map((text) => text.trim())
      .filter(Boolean)
      .join(' · '),
  )
  return cutCodePoints(whole, interaction.fields.text.max)
}
