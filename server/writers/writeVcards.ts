import ICAL from 'ical.js'
import type { ExportedCell } from '../../domain/export/cells.ts'

/** What a card is made of, by the field's name in the catalogue. */
export type CardCells = Readonly<Record<string, ExportedCell>>

type JProperty = [string, Record<string, string>, string, ...unknown[]]

// A masked number in an address book would be dialled: what does not leave in the clear is left out of a card.
const open = (cells: CardCells, field: string): readonly string[] => (cells[field] && !cells[field].isMasked ? cells[field].values : [])

const property = (name: string, value: string, params: Record<string, string> = {}): JProperty => [name, params, 'text', value]

// Of the type that the property has by default in version 3: no parameter then says so, which some phones stumble over.
const number = (phone: string): JProperty => ['tel', { type: /^\+?1\d{10}$/.test(phone) ? 'CELL' : 'VOICE' }, 'phone-number', phone]

const card = (cells: CardCells, watermark: string): string => {
  const [name = ''] = open(cells, 'name')
  const notes = [...open(cells, 'facts'), ...open(cells, 'notes'), watermark].join('\n')
  const properties: JProperty[] = [
    ['version', {}, 'text', '3.0'],
    ['prodid', {}, 'text', '-//Anechoic//Export//ZH'],
    property('fn', name),
    ['n', {}, 'text', [name, '', '', '', '']],
    ...open(cells, 'phones').map((phone) => number(phone)),
    ...open(cells, 'emails').map((email) => property('email', email, { type: 'INTERNET' })),
    ...open(cells, 'addresses').map((address): JProperty => ['adr', {}, 'text', ['', '', address, '', '', '', '']]),
    ...open(cells, 'wechatIds').map((id): JProperty => ['x-wechat', {}, 'unknown', id]),
    ...(open(cells, 'tags').length > 0 ? [['categories', {}, 'text', ...open(cells, 'tags')] as JProperty] : []),
    property('note', notes),
  ]
  return `${ICAL.stringify.component(['vcard', properties, []] as never, ICAL.design.vcard3)}\r\n`
}

/**
 * Yields an address book of vCards 3.0 (RFC 2426): the version that phones of both makers and WeCom read. Names, numbers, addresses and notes only; the
 * watermark is the last line of each note, where whoever looks at the card sees it.
 */
export async function* writeVcards(
  rows: AsyncIterable<readonly CardCells[]>,
  { watermark }: { watermark: string },
): AsyncGenerator<Uint8Array> {
  for await (const batch of rows) yield Buffer.from(batch.map((cells) => card(cells, watermark)).join(''), 'utf8')
}
