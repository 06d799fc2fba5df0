import { useTranslation } from 'react-i18next'
import { useLanguage } from '../../app/preferences.ts'
import { formatClock, formatDay } from '../../ui/formatTime.ts'
import { dayOf, daysBetween, today } from './week.ts'

/** Returns how days and spans of time are written: `11-25 周三`, `今天`; `10:00–11:30`, over midnight with the day. */
export const useTimes = () => {
  const { t } = useTranslation()
  const language = useLanguage()
  const weekday = (day: Date): string => new Intl.DateTimeFormat(language, { weekday: 'short' }).format(day)
  const relative = (day: Date): string | null => {
    const away = daysBetween(today(), day)
    return away === 0 ? t('today') : away === 1 ? t('day.tomorrow') : away === -1 ? t('yesterday') : null
  }
  const dayName = (day: Date): string => {
    const near = relative(day)
    return `${near ? `${near} · ` : ''}${formatDay(day.toISOString()).slice(5)} ${weekday(day)}`
  }
  const span = (startsAt: string, endsAt: string): string => {
    const over = daysBetween(dayOf(new Date(startsAt)), dayOf(new Date(endsAt))) > 0
    return `${formatClock(startsAt)}–${over ? `${formatDay(endsAt).slice(5)} ` : ''}${formatClock(endsAt)}`
  }
  return { weekday, dayName, span }
}
