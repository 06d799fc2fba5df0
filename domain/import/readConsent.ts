import type { Row } from '../catalogue/entity.ts'
import { consent } from '../crm/consent.ts'

export type ConsentChannel = Row<typeof consent>['channel']
export type ImportedConsent = { channel: ConsentChannel; state: 'given' | 'withdrawn' }

export const consentChannels = Object.keys(consent.fields.channel.values ?? {}) as ConsentChannel[]

const yes = /^(?:是|同意|允许|已同意|接受|已接受|订阅|已订阅|愿意|可以|有|y|yes|true|1|on|ok|given|agreed|subscribed|optin|optedin|√|✓|✔)$/
const no =
  /^(?:否|不|不同意|不允许|拒绝|已拒绝|退订|已退订|不愿意|不可以|无|勿扰|免打扰|n|no|false|0|off|withdrawn|unsubscribed|optout|optedout|×|✗|✘|x)$/
/** Headings whose yes means no: 'Email Opt Out', '拒收短信'. */
const inverse = /opt(?:ed)?out|donot|unsubscribed|拒|退订|免打扰|勿扰/
const named: [RegExp, ConsentChannel][] = [
  [/短信|sms|text/, 'sms'],
  [/电话|call|phone/, 'call'],
  [/微信|wechat|weixin/, 'wechat'],
  [/邮件|邮箱|电邮|e?mail|newsletter/, 'email'],
  [/邮寄|信函|post/, 'post'],
]

const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}]/gu, '')

const channelsIn = (folded: string): ConsentChannel[] => named.flatMap(([pattern, channel]) => (pattern.test(folded) ? [channel] : []))

/**
 * Returns what a cell says about marketing, or null when it cannot be told: then nothing is recorded, and unknown means no. The channels are those that the
 * cell names ('短信、微信'), else those of its heading ('Email Opt Out', which turns yes into no), else `usual`; a general no counts for every channel.
 */
export const readConsent = (text: string, heading: string, usual: readonly ConsentChannel[]): ImportedConsent[] | null => {
  const folded = fold(text)
  const head = fold(heading)
  const inCell = channelsIn(folded)
  const refuses = /^(?:不|拒|勿|no)/.test(folded)
  const said = yes.test(folded) ? true : no.test(folded) ? false : inCell.length > 0 ? !refuses : null
  if (said === null) return null
  const isGiven = inverse.test(head) ? !said : said
  const inHead = channelsIn(head)
  const channels = inCell.length > 0 ? inCell : inHead.length > 0 ? inHead : isGiven ? usual : consentChannels
  return channels.map((channel) => ({ channel, state: isGiven ? 'given' : 'withdrawn' }))
}
