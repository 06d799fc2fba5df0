import { localTimeIn, shopZone } from '../text/zonedTime.ts'
import type { ExportLanguage } from './terms.ts'

/** Who took the data, when, and under which number the log knows it. */
export type Watermark = { readonly exporter: string; readonly login: string; readonly at: Date; readonly exportId: string }

const two = (n: number): string => String(n).padStart(2, '0')

const offsetOf = (zone: string, at: Date): string => {
  const { year, month, day, hour, minute } = localTimeIn(zone, at)
  const minutes = Math.ceil((Date.UTC(year, month - 1, day, hour, minute) - at.getTime()) / 60_000)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`
}

/** Returns an instant as clocks in the shop show it, with the offset from UTC: `2026-11-25 18:03 +08:00`. */
export const zonedText = (at: Date, zone = shopZone): string => {
  const { year, month, day, hour, minute } = localTimeIn(zone, at)
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)} ${offsetOf(zone, at)}`
}

/** Begins each watermark in a file, so that our own importer knows one and passes over it. */
const sign = '【消声室 Anechoic】'

/** Returns the line that stands in an exported file. */
export const watermarkText = ({ exporter, login, at, exportId }: Watermark, language: ExportLanguage): string =>
  language === 'zh'
    ? `${sign}由 ${exporter}（${login}）于 ${zonedText(at)} 导出，编号 ${exportId}。含个人信息，请勿转发。`
    : `${sign}Exported by ${exporter} (${login}) on ${zonedText(at)}, export ${exportId}. Personal data: do not pass on.`

/** Returns a text without the lines that are watermarks of ours. */
export const withoutWatermark = (text: string): string =>
  text.includes(sign)
    ? text
        .split('\n')
        .filter((line) => !line.trimStart().startsWith(sign))
        .join('\n')
    : text

/** Returns the line that stands across a page that somebody shared: for whom, by whom, when it was opened. */
export const sharedText = (
  { recipient, sharer, login, at }: { recipient: string; sharer: string; login: string; at: Date },
  language: ExportLanguage,
): string =>
  language === 'zh'
    ? `仅供 ${recipient} 查看 · ${sharer}（${login}）分享 · ${zonedText(at)}`
    : `For ${recipient} only · shared by ${sharer} (${login}) · ${zonedText(at)}`
