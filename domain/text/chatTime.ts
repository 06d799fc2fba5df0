import { localTimeIn } from './zonedTime.ts'

/** A day of the calendar. */
export type Day = { readonly year: number; readonly month: number; readonly day: number }
/** What a chat writes beside a message: a day, a time, or both. */
export type ChatTime = { readonly day: Day | null; readonly clock: { readonly hour: number; readonly minute: number } | null }

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const englishMonth = String.raw`(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?`
const weekdays = '日一二三四五六'
const englishDays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const weekday = String.raw`(?:星期|周|礼拜)[日天一二三四五六]|(?:sun|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?)(?:day)?`

// The ways WeChat writes days: ISO-like, with 年月日, without the year, by distance from today; in English by the names of months and as month/day/year.
const dayForms = [
  String.raw`(?<y1>\d{4})\s*[-/.年]\s*(?<m1>\d{1,2})\s*[-/.月]\s*(?<d1>\d{1,2})\s*日?`,
  String.raw`(?<m2>\d{1,2})\s*月\s*(?<d2>\d{1,2})\s*[日号]`,
  String.raw`(?<m3>\d{1,2})/(?<d3>\d{1,2})/(?<y3>\d{4}|\d{2})`,
  String.raw`(?<m4>${englishMonth})\s*(?<d4>\d{1,2})(?:st|nd|rd|th)?(?:,?\s*(?<y4>\d{4}))?`,
  String.raw`(?<d5>\d{1,2})(?:st|nd|rd|th)?\s+(?<m5>${englishMonth})(?:,?\s*(?<y5>\d{4}))?`,
  String.raw`(?<near>今天|昨天|前天|today|yesterday)`,
  String.raw`(?<week>${weekday})`,
]
const period = '凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|深夜'
const clock = String.raw`(?<period>${period})?\s*(?<h>\d{1,2})[:：](?<min>\d{2})(?:[:：]\d{2})?(?:\s*(?<half>[ap])\.?m\.?)?`
const dayText = String.raw`(?:${dayForms.join('|')})(?:\s*[(（]?(?:${weekday})[)）]?)?`

/** A time expression without anchors, to be built into larger patterns. Case does not count. */
export const chatTimePattern = String.raw`(?:${dayText}(?:\s*,?\s*(?:at\s+)?${clock})?|${clock.replaceAll('?<', '?<t')})`
const whole = new RegExp(`^${chatTimePattern}$`, 'iu')

const DAY = 86_400_000
const toDay = (time: number): Day => {
  const at = new Date(time)
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() }
}
const toTime = ({ year, month, day }: Day): number => Date.UTC(year, month - 1, day)

const exists = (day: Day): boolean => {
  const back = toDay(toTime(day))
  return back.month === day.month && back.day === day.day && day.year > 2009 && day.year < 2100 // WeChat is of 2011
}

const monthOf = (text: string): number => (/^\d/.test(text) ? Number(text) : months.indexOf(text.slice(0, 3).toLowerCase()) + 1)

// A day without its year is the last one that has been.
const lastOf = (today: Day, month: number, day: number): Day => {
  const thisYear = { year: today.year, month, day }
  return toTime(thisYear) > toTime(today) ? { ...thisYear, year: today.year - 1 } : thisYear
}

const nearDay = (today: Day, word: string): Day => {
  const back = /^(今天|today)$/i.test(word) ? 0 : /^(昨天|yesterday)$/i.test(word) ? 1 : 2
  return toDay(toTime(today) - back * DAY)
}

// WeChat names the weekday for days less than a week ago; today's own name means a week ago.
const lastWeekday = (today: Day, word: string): Day => {
  const chinese = /[日天一二三四五六]$/u.exec(word)?.[0]
  const wanted = chinese ? weekdays.indexOf(chinese === '天' ? '日' : chinese) : englishDays.indexOf(word.slice(0, 3).toLowerCase())
  const back = (new Date(toTime(today)).getUTCDay() - wanted + 7) % 7
  return toDay(toTime(today) - (back || 7) * DAY)
}

type Groups = Readonly<Record<string, string | undefined>>

const dayOf = (g: Groups, today: Day): Day | null => {
  if (g['near']) return nearDay(today, g['near'])
  if (g['week']) return lastWeekday(today, g['week'])
  const month = g['m1'] ?? g['m2'] ?? g['m3'] ?? g['m4'] ?? g['m5']
  const day = Number(g['d1'] ?? g['d2'] ?? g['d3'] ?? g['d4'] ?? g['d5'])
  if (month === undefined) return null
  const year = g['y1'] ?? g['y3'] ?? g['y4'] ?? g['y5']
  if (year === undefined) return lastOf(today, monthOf(month), day)
  const full = Number(year) < 100 ? 2000 + Number(year) : Number(year)
  // 25/3/2026 can only be day first.
  return g['m3'] !== undefined && Number(month) > 12
    ? { year: full, month: day, day: monthOf(month) }
    : { year: full, month: monthOf(month), day }
}

const hourOf = (hour: number, part: string | undefined, half: string | undefined): number => {
  if (half) return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
  if (part === undefined || hour > 12) return hour
  if (part === '下午' || part === '傍晚') return (hour % 12) + 12
  if (part === '晚上' || part === '夜里' || part === '深夜') return hour === 12 ? 0 : hour < 6 ? hour : hour + 12
  if (part === '中午') return hour < 10 ? hour + 12 : hour
  return hour % 12 === 0 ? 0 : hour
}

/**
 * Reads a time as WeChat writes it beside messages and between them (2026/3/5 14:03, 3月5日 下午2:30, 昨天 14:03, 星期三, Mar 5, 2026 2:30 PM), seen at
 * `now` in `zone`. Returns null for anything else, and for days and times that do not exist.
 */
export const readChatTime = (text: string, now: Date, zone: string): ChatTime | null => {
  const found = whole.exec(text.trim())?.groups as Groups | undefined
  if (!found) return null
  const { year, month, day } = localTimeIn(zone, now)
  const on = dayOf(found, { year, month, day })
  if (on && !exists(on)) return null
  const [hour, minute] = [found['h'] ?? found['th'], found['min'] ?? found['tmin']]
  if (hour === undefined) return on ? { day: on, clock: null } : null
  const at = { hour: hourOf(Number(hour), found['period'] ?? found['tperiod'], found['half'] ?? found['thalf']), minute: Number(minute) }
  return at.hour > 23 || at.minute > 59 ? null : { day: on, clock: at }
}
