import { decodeValue } from './decodeValue.ts'
import type { RawProperty } from './readProperties.ts'

/** Properties whose semicolons part components. */
const structured = new Set(['N', 'ADR', 'ORG'])

/**
 * Returns the property as a content line that ical.js reads. A 2.1 value is escaped the 3.0 way (RFC 2426, 4): there a backslash only ever
 * guards a semicolon, commas are plain and line breaks come out of quoted-printable.
 */
export function toContentLine(property: RawProperty, version: string): string {
  const text = decodeValue(property).replace(/\r\n?/g, '\n').replaceAll('\0', '')
  const escaped = version === '2.1' ? escape21(text) : text.replaceAll('\n', '\\n')
  // ical.js leaves a guarded semicolon guarded where semicolons part nothing.
  const value = structured.has(property.name) ? escaped : escaped.replace(/\\([\\;])/g, (pair, mark) => (mark === ';' ? ';' : pair))
  const params = ['TYPE', 'X-SERVICE-TYPE'].flatMap((key) => {
    // Words only: whatever else stands in a parameter has no use here and could break the line apart.
    const values = (property.params.get(key) ?? []).flatMap((param) => param.match(/[\w-]+/g) ?? [])
    return values.length === 0 ? [] : [`${key}=${values.join(',')}`]
  })
  if (/^uri$/i.test(property.params.get('VALUE')?.[0] ?? '')) params.push('VALUE=uri')
  return `${[property.name, ...params].join(';')}:${value}`
}

function escape21(text: string): string {
  return text
    .replace(/\\(?!;)/g, '\\\\')
    .replaceAll(',', '\\,')
    .replaceAll('\n', '\\n')
}
