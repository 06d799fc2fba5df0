import type { Random } from './random.ts'

const hour = 3_600_000
export const day = 24 * hour
/** China has one time zone, eight hours before UTC, and no summer time. */
const zone = 8 * hour

// New Year's Eve of the lunar calendar: the shop is closed from then for five days, and nobody is called for two weeks around it.
const newYearsEves = ['2024-02-09', '2025-01-28', '2026-02-16', '2027-02-05', '2028-01-25', '2029-02-12', '2030-02-02'].map(
  (eve) => Date.parse(`${eve}T00:00:00Z`) - zone,
)

/** When something takes place: in the shop, by phone, in a chat, at a desk, at the customer's. */
export type Setting = 'shop' | 'phone' | 'chat' | 'desk' | 'home'

// First and last hour, and how much more of it falls on a weekend than on another day.
const hours: Readonly<Record<Setting, readonly [from: number, to: number]>> = {
  shop: [10, 19],
  phone: [10, 18],
  chat: [9, 21],
  desk: [10, 17],
  home: [9, 16],
}

const weekdayOf = (at: number): number => new Date(at + zone).getUTCDay()
const isClosed = (at: number): boolean => newYearsEves.some((eve) => at >= eve - day && at < eve + 5 * day)

/** Returns a moment of this kind on or soon after the day of `at`, in working hours: visits of the shop mostly at weekends, desk work never. */
export const momentOn = (random: Random, at: number, setting: Setting): number => {
  let midnight = Math.floor((at + zone) / day) * day - zone
  const isFree = (): boolean => weekdayOf(midnight) === 0 || weekdayOf(midnight) === 6
  if (setting === 'shop' && random.chance(0.6)) while (!isFree()) midnight += day
  while (isClosed(midnight) || (setting === 'desk' && isFree())) midnight += day
  const [from, to] = hours[setting]
  return midnight + random.between(from, to) * hour + random.between(0, 59) * 60_000
}

/** Whether what is said in a chat belongs to a time of the year. */
export type Season = 'beforeNewYear' | 'afterNewYear' | 'plumRain' | 'heat' | 'nationalDay' | 'doubleEleven' | 'none'

/** Returns what time of the year it is for a dealer: the weeks around the lunar new year, the plum rains, the heat, the days of sales. */
export const seasonOf = (at: number): Season => {
  const date = new Date(at + zone)
  const [month, dayOfMonth] = [date.getUTCMonth() + 1, date.getUTCDate()]
  if (newYearsEves.some((eve) => at > eve - 45 * day && at <= eve)) return 'beforeNewYear'
  if (newYearsEves.some((eve) => at > eve && at < eve + 20 * day)) return 'afterNewYear'
  if ((month === 6 && dayOfMonth > 10) || (month === 7 && dayOfMonth < 10)) return 'plumRain'
  if (month === 7 || month === 8) return 'heat'
  if ((month === 9 && dayOfMonth > 22) || (month === 10 && dayOfMonth < 9)) return 'nationalDay'
  return month === 11 && dayOfMonth < 13 ? 'doubleEleven' : 'none'
}

/** 周六 and the like: the day of the week in words. */
export const weekdayName = (at: number): string => `周${'日一二三四五六'[weekdayOf(at)]}`
