import { useTranslation } from 'react-i18next'
import { agoOf } from './ago.ts'

const day = (at: Date): string =>
  `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`
const clock = (at: Date): string => `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`

/** Returns an instant as `2026-11-23`, in the reader's time zone; a dash for none. */
export const formatDay = (iso: string | null | undefined): string => (iso ? day(new Date(iso)) : '—')

/** Returns an instant as `2026-11-23 20:47`, in the reader's time zone; a dash for none. */
export const formatInstant = (iso: string | null | undefined): string => (iso ? `${day(new Date(iso))} ${clock(new Date(iso))}` : '—')

/** Returns the time of day of an instant as `20:47`, in the reader's time zone. */
export const formatClock = (iso: string): string => clock(new Date(iso))

/** Returns a short form for lists: `20:47` today, `昨天 20:47`, `11-18` this year, else the day. */
export const useShortTime = (): ((iso: string | null | undefined) => string) => {
  const { t } = useTranslation()
  return (iso) => {
    if (!iso) return '—'
    const at = new Date(iso)
    const now = new Date()
    if (day(at) === day(now)) return `${t('today')} ${clock(at)}`
    if (day(at) === day(new Date(now.getTime() - 86_400_000))) return `${t('yesterday')} ${clock(at)}`
    return at.getFullYear() === now.getFullYear() ? day(at).slice(5) : day(at)
  }
}

/** Returns how long ago an instant was in plain words: `刚刚`, `3 天前`, `从未`. */
export const useAgo = (): ((iso: string | null) => string) => {
  const { t } = useTranslation()
  return (iso) => {
    const { unit, count } = agoOf(iso, Date.now())
    return unit === 'never' || unit === 'now' || unit === 'yesterday' ? t(`ago.${unit}`) : t(`ago.${unit}`, { count })
  }
}
