import { isUtf8 } from 'node:buffer'
import { isQuotedPrintable, type RawProperty } from './readProperties.ts'

/**
 * Returns a property's value as text: quoted-printable undone (RFC 2045, 6.7), bytes decoded by the CHARSET parameter, else as UTF-8
 * where they are valid, else as GB18030 (what old Chinese phones and Outlook write). Bytes that fit nothing become U+FFFD.
 */
export function decodeValue(property: RawProperty): string {
  const raw = isQuotedPrintable(property)
    ? property.value.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))).replace(/=$/, '')
    : property.value
  const bytes = Buffer.from(raw, 'latin1')
  const named = property.params.get('CHARSET')?.[0]?.replaceAll('"', '')
  return (
    decodeAs(bytes, named, true) ??
    (isUtf8(bytes) ? bytes.toString('utf8') : null) ??
    decodeAs(bytes, 'gb18030', true) ??
    bytes.toString('utf8')
  )
}

function decodeAs(bytes: Buffer, encoding: string | undefined, fatal: boolean): string | null {
  if (encoding === undefined) return null
  try {
    return new TextDecoder(/^(?:gbk|gb2312|cp936|gb_2312-80)$/i.test(encoding) ? 'gb18030' : encoding, { fatal }).decode(bytes)
  } catch {
    return null
  }
}
