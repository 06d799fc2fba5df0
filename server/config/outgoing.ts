import { isIP } from 'node:net'
import { isMailAddress } from '../mail/sendMail.ts'
import { type Find, invalid, isHostName, readList, readPath, required, type Source } from './source.ts'

/** The mail server for notices and invitations. `caFile`: a certificate authority of one's own, absolute path. */
export type MailConfig = { readonly url: string; readonly from: string; readonly caFile: string | null }

export type OutgoingKey = keyof typeof outgoingVariables

/** The settings of this file, by their key in the configuration file. */
export const outgoingVariables = {
  outgoingAllow: 'ANECHOIC_OUTGOING_ALLOW',
  smtpUrl: 'ANECHOIC_SMTP_URL',
  smtpCaFile: 'ANECHOIC_SMTP_CA_FILE',
  mailFrom: 'ANECHOIC_MAIL_FROM',
} as const

/** Places that may be gone to though they are private or on another port: `host` or `host:port`. Throws `not_places`. */
export const readAllowed = (source: Source | null): string[] => {
  const places = readList(source).map((place) => place.toLowerCase())
  for (const place of places) {
    const [, host = '', port] = /^(.*?)(?::(\d{1,5}))?$/.exec(place) ?? []
    const isPort = port === undefined || (Number(port) > 0 && Number(port) < 65_536)
    if (!isPort || (isIP(host) !== 4 && !isHostName(host))) throw invalid(source!.name, 'not_places')
  }
  return places
}

/** The mail server, or null where none is configured. Throws `config_invalid`; the address never gets into an error: it holds a password. */
export const readMail = (find: Find<OutgoingKey>): MailConfig | null => {
  const [url, from, caFile] = [find('smtpUrl'), find('mailFrom'), find('smtpCaFile')]
  if (url === null) {
    const stray = from ?? caFile
    if (stray !== null) throw invalid(stray.name, 'without_smtp_url')
    return null
  }
  const parsed = URL.canParse(url.value) ? new URL(url.value) : null
  const isMail =
    parsed !== null && /^smtps?:$/.test(parsed.protocol) && parsed.hostname !== '' && /^\/?$/.test(parsed.pathname) && parsed.search === ''
  if (!isMail) throw invalid(url.name, 'not_smtp')
  const sender = required(from, outgoingVariables.mailFrom)
  if (!isMailAddress(sender.value)) throw invalid(sender.name, 'not_an_address')
  return { url: url.value, from: sender.value, caFile: readPath(caFile) }
}
