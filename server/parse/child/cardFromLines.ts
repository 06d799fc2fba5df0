import ICAL from 'ical.js'
import type { ForeignCard } from '../../../domain/import/card.ts'

/** A property of jCard (RFC 7095): name, parameters, type, values. */
type JProperty = [string, Record<string, string | string[]>, string, ...unknown[]]

/** Returns one card read by ical.js from content lines without BEGIN, VERSION and END, or null if it cannot be read. */
export function cardFromLines(lines: string[], version: string): ForeignCard | null {
  const properties = parseCard(lines, version)
  if (properties === null) return null
  const card: ForeignCard = { names: [], phones: [], emails: [], addresses: [], org: null, note: null, wechat: null, categories: [] }
  const fullNames: string[] = []
  const otherNames: string[] = []
  const notes: string[] = []
  const labels: string[] = []
  for (const [name, params, , ...values] of properties) {
    const text = texts(values[0]).join(' ').trim()
    if (name === 'fn') fullNames.push(text)
    else if (name === 'n') otherNames.push(joinName(parts(values[0])))
    else if (name === 'nickname') otherNames.push(...values.flatMap(texts))
    else if (name === 'tel') card.phones.push(text.replace(/^tel:/i, ''))
    else if (name === 'email') card.emails.push(text.replace(/^mailto:/i, ''))
    else if (name === 'adr') card.addresses.push(joinAddress(parts(values[0])))
    else if (name === 'label') labels.push(text.replace(/\n+/g, ' '))
    else if (name === 'org')
      card.org ??=
        texts(values[0])
          .filter((part) => part.trim() !== '')
          .join(' ') || null
    else if (name === 'note') notes.push(text)
    else if (name === 'categories') card.categories.push(...values.flatMap(texts))
    else if (isWechat(name, params, text)) card.wechat ??= text.replace(/^(?:wechat|weixin|x-apple):/i, '') || null
  }
  const unique = (list: string[]) => [...new Set(list.map((text) => text.trim()).filter((text) => text !== ''))]
  card.names = unique([...fullNames, ...otherNames])
  card.phones = unique(card.phones)
  card.emails = unique(card.emails)
  card.addresses = unique(card.addresses.some((address) => address !== '') ? card.addresses : labels)
  card.categories = unique(card.categories)
  card.note = unique(notes).join('\n\n') || null
  return card
}

function parseCard(lines: string[], version: string): JProperty[] | null {
  const frame = (body: string[]) => ['BEGIN:VCARD', `VERSION:${version === '4.0' ? '4.0' : '3.0'}`, ...body, 'END:VCARD'].join('\r\n')
  try {
    const [, properties] = ICAL.parse(frame(lines)) as [string, JProperty[]]
    return Array.isArray(properties) ? properties : null
  } catch {
    return null
  }
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.flatMap(texts) : []
}

/** Returns the components of a structured value; a component of several words is joined by blanks. */
function parts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map((part) => texts(part).join(' ').trim())
}

/** N is family; given; additional; prefixes; suffixes. A name in Han is written without blanks, family name first. */
function joinName([family = '', given = '', additional = '']: string[]): string {
  const han = /\p{Script=Han}/u.test(family + given)
  return (han ? [family, additional, given].join('') : [given, additional, family].filter((part) => part !== '').join(' ')).trim()
}

/** ADR is box; extended; street; locality; region; postcode; country. Written large to small for China, small to large elsewhere. */
function joinAddress([box = '', extended = '', street = '', locality = '', region = '', postcode = '', country = '']: string[]): string {
  const filled = (list: string[]) => list.filter((part) => part !== '')
  const ordered = [country === '中国' ? '' : country, region, locality === region ? '' : locality, street, extended, box]
  if (/\p{Script=Han}/u.test(street + locality + region)) return filled(ordered).join('').replace(/\n+/g, ' ')
  return filled([box, extended, street, locality, filled([region, postcode]).join(' '), country])
    .join(', ')
    .replace(/\n+/g, ' ')
}

function isWechat(name: string, params: Record<string, string | string[]>, text: string): boolean {
  if (name === 'x-wechat' || name === 'x-weixin') return true
  if (name !== 'impp' && name !== 'x-socialprofile') return false
  const kinds = [params['x-service-type'], params['type']].flat().join(' ')
  return /wechat|weixin|微信/i.test(kinds) || /^(?:wechat|weixin):/i.test(text)
}
