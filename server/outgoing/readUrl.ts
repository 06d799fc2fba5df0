import { domainToUnicode } from 'node:url'
import { AppError } from '../../domain/errors.ts'

const refused = (problem: string): AppError => new AppError('outgoing_refused', { problem })

/**
 * The address somebody entered, as a URL that a request may be tried to: `https:`, without name or password, its host written as it is meant.
 * `http://2130706433`, `0x7f.1`, `0177.0.0.1` and full-width digits are read by URL parsers as addresses (WHATWG URL, 3.5), and written by nobody
 * who means well. Throws `outgoing_refused` (`not_a_url`, `not_https`, `holds_a_password`, `unusual_host`).
 */
export const readUrl = (text: string): URL => {
  if (text.length > 2_048 || !URL.canParse(text)) throw refused('not_a_url')
  const url = new URL(text)
  if (url.protocol !== 'https:') throw refused('not_https')
  if (url.username !== '' || url.password !== '') throw refused('holds_a_password')
  const written = /^[a-z][a-z\d+.-]*:\/\/(\[[^\]]*\]|[^/?#:\\]*)/i.exec(text)?.[1]?.toLowerCase()
  // A name in Chinese is one, if it is written as it is read back.
  const isWritten =
    written === url.hostname || (written !== '' && written === domainToUnicode(url.hostname)) || url.hostname.startsWith('[')
  if (written === undefined || !isWritten) throw refused('unusual_host')
  if (url.hostname.endsWith('.')) throw refused('unusual_host')
  return url
}
