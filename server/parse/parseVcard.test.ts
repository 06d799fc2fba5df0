import { createReadStream, existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { expect, test } from 'vitest'
import type { ForeignCard } from '../../domain/import/card.ts'
import { readCsv } from './child/readCsv.ts'
import { readVcards } from './child/readVcards.ts'
import { FileFailure } from './child/fileFailure.ts'
import type { ParseEvent } from './events.ts'
import { parseFile } from './parseFile.ts'

async function* chunks(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(
  input: string | Uint8Array | AsyncIterable<Uint8Array>,
): Promise<{ cards: { line: number; card: ForeignCard }[]; refused: ParseEvent[]; events: ParseEvent[] }> {
  const bytes = typeof input === 'string' ? chunks(Buffer.from(input)) : input instanceof Uint8Array ? chunks(input) : input
  const events: ParseEvent[] = []
  for await (const event of parseFile({ kind: 'vcard', bytes, options: {} })) events.push(event)
  return {
    events,
    cards: events.flatMap((event) => (event.type === 'cards' ? event.cards : [])),
    refused: events.filter((event) => event.type === 'refused'),
  }
}

const quoted = (text: string, encoding: string) =>
  [...iconv.encode(text, encoding)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
const lines = (...list: string[]) => list.join('\r\n') + '\r\n'

test('a vCard 2.1 of an old phone: GBK in quoted-printable, soft breaks, bare parameters', async () => {
  const note = quoted('想做影院,预算;十万\r\n周末联系', 'gbk')
  const { cards } = await read(
    lines(
      'BEGIN:VCARD',
      'VERSION:2.1',
      `N;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:${quoted('欧阳', 'gbk')};${quoted('娜娜', 'gbk')};;;`,
      `FN;ENCODING=QUOTED-PRINTABLE;CHARSET=GB2312:${quoted('欧阳娜娜', 'gbk')}`,
      'TEL;CELL;VOICE:138 1234 5678',
      'TEL;WORK:010-62345678',
      'EMAIL;INTERNET:na@qq.com',
      `ADR;HOME;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:;;${quoted('望京街1号', 'gbk')};${quoted('北京市', 'gbk')};;100102;${quoted('中国', 'gbk')}`,
      `NOTE;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:${note.slice(0, 60)}=`,
      note.slice(60),
      `ORG;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:${quoted('声远,影音', 'gbk')};`,
      'END:VCARD',
    ),
  )
  expect(cards).toEqual([
    {
      line: 1,
      card: {
        names: ['欧阳娜娜'],
        phones: ['138 1234 5678', '010-62345678'],
        emails: ['na@qq.com'],
        addresses: ['北京市望京街1号'],
        org: '声远,影音',
        note: '想做影院,预算;十万\n周末联系',
        wechat: null,
        categories: [],
      },
    },
  ])
})

test('vCards 3.0 and 4.0 with groups, escapes, folds and WeChat', async () => {
  const { cards } = await read(
    lines(
      'BEGIN:VCARD',
      'VERSION:3.0',
      'N:单;田芳;;;',
      'FN:单田芳',
      'item1.TEL;type=CELL;type=pref:+86 139-8765-4321',
      'item1.X-ABLabel:手机',
      'NOTE:第一行\\n第二行\\, 续',
      'IMPP;X-SERVICE-TYPE=WeChat;type=HOME:wechat:shan_tf',
      'CATEGORIES:老客户,发烧音响',
      'ADR;TYPE=HOME:;;人民路8号;沈阳市;辽宁省;;中国',
      'END:VCARD',
      '',
      'BEGIN:VCARD',
      'VERSION:4.0',
      'FN:𠮷野',
      ' 家㐂',
      'TEL;VALUE=uri;TYPE="voice,cell":tel:+852-9123-4567',
      'X-WECHAT:jiye',
      'END:VCARD',
    ),
  )
  expect(cards).toMatchObject([
    {
      line: 1,
      card: {
        names: ['单田芳'],
        phones: ['+86 139-8765-4321'],
        note: '第一行\n第二行, 续',
        wechat: 'shan_tf',
        categories: ['老客户', '发烧音响'],
        addresses: ['辽宁省沈阳市人民路8号'],
      },
    },
    { line: 13, card: { names: ['𠮷野家㐂'], phones: ['+852-9123-4567'], wechat: 'jiye' } },
  ])
})

test('raw GBK without a CHARSET, UTF-16 and byte-sized chunks are read', async () => {
  const text = lines('BEGIN:VCARD', 'VERSION:2.1', 'FN:张三丰', 'TEL:13812345678', 'END:VCARD')
  const names = [['张三丰']]
  for (const bytes of [
    iconv.encode(text, 'gbk'),
    iconv.encode(text, 'utf-16le', { addBOM: true }),
    iconv.encode(text, 'utf-8', { addBOM: true }),
  ])
    expect((await read(bytes)).cards.map(({ card }) => card.names)).toEqual(names)
  expect((await read(chunks(Buffer.from(text), 1))).cards.map(({ card }) => card.names)).toEqual(names)
})

test.each([
  ['in one line', (photo: string) => `PHOTO;ENCODING=b;TYPE=JPEG:${photo}`],
  ['folded', (photo: string) => `PHOTO;ENCODING=BASE64;JPEG:\r\n ${photo.match(/.{1,74}/g)?.join('\r\n ')}\r\n`],
])('a photo of 5 MB %s is passed over', async (_, property) => {
  const { cards, refused } = await read(
    lines('BEGIN:VCARD', 'VERSION:3.0', 'FN:带照片', property('A'.repeat(7_000_000)), 'TEL:13812345678', 'END:VCARD'),
  )
  expect(cards).toMatchObject([{ card: { names: ['带照片'], phones: ['13812345678'] } }])
  expect(refused).toEqual([])
})

test('a bad card is refused with its line and its neighbours pass', async () => {
  const { cards, refused, events } = await read(
    lines(
      'BEGIN:VCARD',
      'VERSION:3.0',
      'FN:一',
      'BEGIN:VCARD',
      'VERSION:3.0',
      'FN:二',
      'END:VCARD',
      'rubbish',
      'BEGIN:VCARD',
      'VERSION:3.0',
      `NOTE:${'x'.repeat(1_200_000)}`,
      'END:VCARD',
      'BEGIN:VCARD',
      'FN:三',
      'TEL',
      'END:VCARD',
      'BEGIN:VCARD',
      'FN:四',
    ),
  )
  expect(refused).toEqual([
    { type: 'refused', line: 1, problem: 'card_unclosed' },
    { type: 'refused', line: 9, problem: 'card_too_long' },
    { type: 'refused', line: 17, problem: 'card_unclosed' },
  ])
  expect(cards.map(({ line, card }) => [line, card.names])).toEqual([
    [4, ['二']],
    [13, ['三']],
  ])
  expect(events.at(-1)).toEqual({ type: 'end', rows: 2, complete: true })
})

test('a card inside a card (AGENT of 2.1) does not leak into it', async () => {
  const { cards } = await read(
    lines(
      'BEGIN:VCARD',
      'VERSION:2.1',
      'FN:Boss',
      'AGENT:',
      'BEGIN:VCARD',
      'VERSION:2.1',
      'FN:Secretary',
      'TEL:1',
      'END:VCARD',
      'TEL:2',
      'END:VCARD',
    ),
  )
  expect(cards).toMatchObject([{ card: { names: ['Boss'], phones: ['2'] } }])
})

test.each([
  ['', 'empty'],
  ['姓名,电话\n', 'not_vcard'],
])('%j is refused as a vCard: %s', async (text, reason) => {
  await expect(read(text)).rejects.toMatchObject({ code: 'file_unreadable', details: { reason, line: 1 } })
})

test('five thousand cards arrive in order', async () => {
  const { cards } = await read(
    Array.from({ length: 5_000 }, (_, i) => lines('BEGIN:VCARD', 'VERSION:2.1', `FN:客户${i}`, 'END:VCARD')).join(''),
  )
  expect(cards.map(({ card }) => card.names[0])).toEqual(Array.from({ length: 5_000 }, (_, i) => `客户${i}`))
})

test('random lines and bytes only ever give events or a clear failure', async () => {
  const word = fc.constantFrom(
    'BEGIN:VCARD',
    'END:VCARD',
    'VERSION:2.1',
    'VERSION:4.0',
    'FN:张',
    'N:a;b,c;\\;',
    'TEL;CELL:1',
    'NOTE;ENCODING=QUOTED-PRINTABLE:=E5=',
    '=BC',
    ' fold',
    'AGENT:',
    'TEL;VALUE=uri:x',
    'ADR:;;',
    'ORG:;',
    'CATEGORIES:,',
    'N;X="a:b;TYPE=\\n:c',
    '"',
    'a,b',
    '1,"2',
    '\ufffe\0',
  )
  const file = fc.oneof(
    fc.array(fc.oneof(word, fc.string({ unit: 'binary' })), { maxLength: 40 }).map((list) => Buffer.from(list.join('\n'))),
    fc.uint8Array({ maxLength: 400 }),
  )
  await fc.assert(
    fc.asyncProperty(file, fc.integer({ min: 1, max: 30 }), async (bytes, size) => {
      for (const reader of [readVcards, readCsv]) {
        const events: ParseEvent[] = []
        try {
          await reader(chunks(bytes, size), {}, async (event) => void events.push(event))
          expect(events.at(-1)?.type).toBe('end')
        } catch (error) {
          expect(error).toBeInstanceOf(FileFailure)
        }
      }
    }),
    { numRuns: 1_500 },
  )
}, 60_000)

const folder = fileURLToPath(new URL('../../../shared/data/vcards/', import.meta.url))
test.skipIf(!existsSync(folder))('the three foreign samples are read (skipped without ../shared)', async () => {
  const outlook = await read(createReadStream(`${folder}outlook-2003.vcf`))
  expect(outlook.cards).toMatchObject([
    {
      card: {
        names: ['John Doe III', 'John Doe', 'Joey'],
        phones: ['BusinessPhone', 'HomePhone', 'MobilePhone', 'BusinessFaxPhone'],
        emails: ['jdoe@hotmail.com'],
        org: 'Company, The TheDepartment',
        note: 'This is the note field!!\nSecond line\n\nThird line is empty',
        addresses: ['TheOffice, 123 Main St, Austin, TX 12345, United States of America'],
      },
    },
  ])
  const android = await read(createReadStream(`${folder}John_Doe_ANDROID.vcf`))
  expect(android.refused).toEqual([])
  expect(android.cards.map(({ card }) => [card.names[0] ?? null, card.phones.length, card.emails[0] ?? null])).toEqual([
    [null, 0, 'john.doe@company.com'],
    [null, 0, 'jane.doe@company.com'],
    ['Ñ Ñ Ñ Ñ Ñ', 1, null],
    ['Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ', 4, null],
    ['Ñ Ñ Ñ Ñ', 1, 'bob@company.com'],
    ['ÑÑÑÑ', 1, 'henry@company.com'],
  ])
  const rfc = await read(createReadStream(`${folder}rfc6350-example.vcf`))
  expect(rfc.cards).toMatchObject([
    {
      card: {
        names: ['Simon Perreault'],
        phones: ['+1-418-656-9254;ext=102', '+1-418-262-6501'],
        emails: ['simon.perreault@viagenie.ca'],
        org: 'Viagenie',
      },
    },
  ])
})
