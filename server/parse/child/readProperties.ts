import { readLines } from './readLines.ts'

/** One logical line of a vCard, unfolded. `name` and parameter names are in upper case; `value` is still raw bytes as Latin-1. */
export type RawProperty = { line: number; name: string; params: Map<string, string[]>; value: string; cut: boolean }

/**
 * The only properties that are looked at. Pictures, sounds, keys, birthdays and the rest are dropped line by line, so that 5 MB of
 * photo never stand in memory.
 */
const wanted = new Set([
  'BEGIN',
  'END',
  'VERSION',
  'FN',
  'N',
  'NICKNAME',
  'ORG',
  'TEL',
  'EMAIL',
  'ADR',
  'LABEL',
  'NOTE',
  'CATEGORIES',
  'IMPP',
  'AGENT',
  'X-WECHAT',
  'X-WEIXIN',
  'X-SOCIALPROFILE',
  'X-QQ',
])
const encodingWords = new Set(['QUOTED-PRINTABLE', 'BASE64', 'B', '8BIT', '7BIT'])

/**
 * Yields the properties of a vCard file that matter, of any version: lines unfolded (RFC 6350, 3.2), quoted-printable soft breaks
 * joined (vCard 2.1, 2.1.3), bare parameters of 2.1 (`TEL;CELL`) named. `limit` bounds one logical line in bytes.
 */
export async function* readProperties(bytes: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<RawProperty> {
  let open: RawProperty | null = null
  let keep = false
  for await (const { line, text, cut } of readLines(bytes, limit)) {
    if (open && keep && isQuotedPrintable(open) && open.value.endsWith('=')) {
      // A blank in front belongs to the folding of some phones, not to the text; a blank that is meant is written =20.
      open.value = bounded(open, open.value.slice(0, -1) + text.replace(/^[ \t]+/, ''), limit)
      open.cut ||= cut
      continue
    }
    if (text.startsWith(' ') || text.startsWith('\t')) {
      if (open && keep) open.value = bounded(open, open.value + text.slice(1), limit)
      continue
    }
    if (open && keep) yield open
    open = parseProperty(text, line, cut)
    keep = open !== null && wanted.has(open.name)
  }
  if (open && keep) yield open
}

/** True if the value is written in quoted-printable. */
export function isQuotedPrintable(property: RawProperty): boolean {
  return property.params.get('ENCODING')?.[0]?.toUpperCase() === 'QUOTED-PRINTABLE'
}

function bounded(property: RawProperty, value: string, limit: number): string {
  if (value.length > limit) property.cut = true
  return value.slice(0, limit)
}

function parseProperty(text: string, line: number, cut: boolean): RawProperty | null {
  // A byte order mark may stand before the first. Name and parameters end at the first colon outside quotes; anything else is no
  // property (the inside of a picture, an empty line).
  const head = /^(?:\xef\xbb\xbf)?\s*(?:[\w-]+\.)?([\w-]+)((?:;(?:"[^"]*"|[^":;])*)*):/.exec(text.slice(0, 2_000))
  if (!head) return null
  const params = new Map<string, string[]>()
  for (const part of head[2]?.match(/(?:"[^"]*"|[^";])+/g) ?? []) {
    const at = part.indexOf('=')
    const key = at > 0 ? part.slice(0, at).trim().toUpperCase() : encodingWords.has(part.trim().toUpperCase()) ? 'ENCODING' : 'TYPE'
    params.set(key, [...(params.get(key) ?? []), part.slice(at + 1).trim()])
  }
  return { line, name: (head[1] ?? '').toUpperCase(), params, value: text.slice(head[0].length), cut }
}
