import { createReadStream, existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { stringify } from 'csv-stringify/sync'
import { expect, test } from 'vitest'
import { generateCustomers } from '../../test/support/people.ts'
import type { ParseEvent, ParseOptions } from './events.ts'
import { parseFile, type ParserSetup } from './parseFile.ts'

type Outcome = {
  events: ParseEvent[]
  rows: { line: number; cells: string[] }[]
  refused: { line: number; problem: string; stopped?: true }[]
  error: unknown
}

async function* chunks(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(
  input: string | Uint8Array | AsyncIterable<Uint8Array>,
  options: ParseOptions = {},
  setup: ParserSetup = {},
): Promise<Outcome> {
  const bytes = typeof input === 'string' ? chunks(Buffer.from(input)) : input instanceof Uint8Array ? chunks(input) : input
  const outcome: Outcome = { events: [], rows: [], refused: [], error: null }
  try {
    for await (const event of parseFile({ kind: 'csv', bytes, options }, setup)) {
      outcome.events.push(event)
      if (event.type === 'rows') outcome.rows.push(...event.rows)
      if (event.type === 'refused') outcome.refused.push(event)
    }
  } catch (error) {
    outcome.error = error
  }
  return outcome
}

const end = (outcome: Outcome) => outcome.events.at(-1)
const header = (outcome: Outcome) => outcome.events[0]
const people = '姓名,电话,备注\r\n张三,13812345678,"想听\n黑胶"\r\n\r\n𠮷野家,01062345678,㐂\r\n'

test.each(['utf-8', 'gb18030', 'utf-16le', 'utf-16be'] as const)(
  'a table in %s is read with lines, with and without byte order mark',
  async (encoding) => {
    for (const addBOM of encoding === 'gb18030' ? [false] : [true, false]) {
      const outcome = await read(iconv.encode(people, encoding, { addBOM }))
      expect(header(outcome)).toEqual({ type: 'header', line: 1, columns: ['姓名', '电话', '备注'], encoding, delimiter: ',' })
      expect(outcome.rows).toEqual([
        { line: 2, cells: ['张三', '13812345678', '想听\n黑胶'] },
        { line: 5, cells: ['𠮷野家', '01062345678', '㐂'] },
      ])
      expect(end(outcome)).toEqual({ type: 'end', rows: 2, complete: true })
    }
  },
)

test('Western and Taiwanese files are told from mainland ones', async () => {
  expect(header(await read(iconv.encode('Name,City\nJürgen Müller,Köln\nBjörk,Malmö\n', 'windows-1252')))).toMatchObject({
    encoding: 'windows-1252',
  })
  const taiwan = '姓名,地址,備註\n' + '陳先生,臺北市信義區松仁路,想裝潢客廳的環繞音響並請設計師規劃燈光\n'.repeat(20)
  expect(header(await read(iconv.encode(taiwan, 'big5')))).toMatchObject({ encoding: 'big5', columns: ['姓名', '地址', '備註'] })
})

test('a file that is plain ASCII for long is still read as GBK when Chinese comes', async () => {
  const text = 'name,phone\n' + 'John Smith,13800000000\n'.repeat(5_000) + '张三丰,13812345678\n'
  const outcome = await read(iconv.encode(text, 'gbk'))
  expect(outcome.rows.at(-1)).toEqual({ line: 5_002, cells: ['张三丰', '13812345678'] })
})

test.each([
  [';', 'a;b;c\n1,5;2;3\n'],
  ['\t', 'a\tb\tc\n1,5\t2;x\t3\n'],
  [',', 'a,b,c\n"1;;;;5",2,3\n'],
  [';', 'sep=;\na;b;c\n1;2;3\n'],
] as const)('delimiter %j is found in %j', async (delimiter, text) => {
  const outcome = await read(text)
  expect(header(outcome)).toMatchObject({ delimiter, columns: ['a', 'b', 'c'], line: text.startsWith('sep') ? 2 : 1 })
  expect(outcome.rows).toHaveLength(1)
})

test('a title above the table, old Mac line ends, empty columns at the end and short rows are understood', async () => {
  const outcome = await read('客户资料表,,,,\r姓名,电话,地址,,\r张三,1,2,,\r李四\r')
  expect(header(outcome)).toMatchObject({ line: 2, columns: ['姓名', '电话', '地址'] })
  expect(outcome.rows).toEqual([
    { line: 3, cells: ['张三', '1', '2'] },
    { line: 4, cells: ['李四', '', ''] },
  ])
})

test('inch signs are no quotes', async () => {
  const outcome = await read('名称,尺寸\n电视,75"\n投影幕,120"16:9\n')
  expect(outcome.rows.map((row) => row.cells[1])).toEqual(['75"', '120"16:9'])
})

test('a quote never closed is reported where it opened, and the rows before stand', async () => {
  const outcome = await read('a,b\n1,"x\ny"\n3,4\n"5,6\n7,8\n')
  expect(outcome.rows.map((row) => row.line)).toEqual([2, 4])
  expect(outcome.refused).toEqual([{ type: 'refused', line: 5, problem: 'quote_unclosed', stopped: true }])
  expect(end(outcome)).toEqual({ type: 'end', rows: 2, complete: false })
  const second = await read('a,b\n"x\ny","z\n1,2\n')
  expect(second.refused).toEqual([{ type: 'refused', line: 3, problem: 'quote_unclosed', stopped: true }])
  const huge = await read(`a,b\n1,2\n"${'x,y\n'.repeat(400_000)}`)
  expect(huge.refused).toEqual([{ type: 'refused', line: 3, problem: 'quote_unclosed', stopped: true }])
  expect((await read('a,"b\n1,2\n')).error).toMatchObject({ code: 'file_unreadable', details: { reason: 'quote_unclosed', line: 1 } })
})

test('rows swallowed by a stray quote are never taken for one customer', async () => {
  const outcome = await read('a,b,c\n"1,2,3\n4,5,6\n"7",8,9\n10,11,12\n')
  expect(outcome.refused).toEqual([{ type: 'refused', line: 2, problem: 'quote_unclosed' }])
  expect(outcome.rows).toEqual([{ line: 5, cells: ['10', '11', '12'] }])
})

test('single bad rows are refused with their line, the others pass', async () => {
  const outcome = await read(
    `a,b\n1,2\n3,4,5\nx\0,1\n${'长'.repeat(10_001)},1\n${'1,'.repeat(10_000)}\n${'1,'.repeat(10_000)}1\n${'名'.repeat(5_000)},ok\n`,
  )
  expect(outcome.refused.map(({ line, problem }) => [line, problem])).toEqual([
    [3, 'columns_mismatch'],
    [4, 'nul_byte'],
    [5, 'cell_too_long'],
    [6, 'too_many_columns'],
    [7, 'too_many_columns'],
  ])
  expect(outcome.rows.map((row) => row.line)).toEqual([2, 8])
})

test('a row over a megabyte stops the reading, with its line', async () => {
  for (const row of ['y'.repeat(3_000_000), 'yy,'.repeat(600_000)]) {
    const outcome = await read(`a,b\n1,2\n${row}\n3,4\n`)
    expect(outcome.refused).toEqual([{ type: 'refused', line: 3, problem: 'row_too_long', stopped: true }])
    expect(outcome.rows).toHaveLength(1)
  }
})

test.each<[string, string | Uint8Array, string, number]>([
  ['nothing', '', 'empty', 1],
  ['only line ends', '\n\r\n\n', 'empty', 1],
  ['only a byte order mark', '\ufeff', 'empty', 1],
  ['only a header', 'a,b\n', 'header_only', 1],
  ['10,000 columns', `${'c,'.repeat(9_999)}c\n1\n`, 'too_many_columns', 1],
  ['an Excel workbook', Buffer.from('PK\x03\x04....xl/workbook.xml', 'latin1'), 'is_excel', 1],
  ['an old Excel workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'is_old_excel', 1],
  ['a PDF', '%PDF-1.7\n', 'is_pdf', 1],
])('a file of %s is refused clearly', async (_, file, reason, line) => {
  expect((await read(file)).error).toMatchObject({ code: 'file_unreadable', details: { reason, line } })
})

test('bytes that fit no encoding are refused with the line', async () => {
  const bad = Buffer.concat([
    Buffer.from('姓名,电话\n张三,1\n'.repeat(9_000)),
    Buffer.from([0x41, 0xff, 0xfe, 0x0a]),
    Buffer.from('李四,1\n'),
  ])
  expect((await read(bad)).error).toMatchObject({ code: 'file_encoding', details: { encoding: 'utf-8', line: 18_001 } })
  expect((await read(iconv.encode(people, 'gbk'), { encoding: 'utf-8' })).error).toMatchObject({
    code: 'file_encoding',
    details: { encoding: 'utf-8', line: 1 },
  })
  expect((await read(Buffer.from([0x80, 0xff, 0xff, 0x0a, 0xff, 0xff]))).error).toMatchObject({ code: 'file_encoding' })
})

test('a preview reads no further than it was told', async () => {
  let served = 0
  const source = (async function* () {
    yield Buffer.from('a,b\n')
    for (;;) {
      served++
      yield Buffer.from('1,2\n'.repeat(10_000))
    }
  })()
  const outcome = await read(source, { limitRows: 20 })
  expect(outcome.rows).toHaveLength(20)
  expect(end(outcome)).toEqual({ type: 'end', rows: 20, complete: false })
  expect(served).toBeLessThan(200)
})

test('a slow reader holds the source back', async () => {
  let served = 0
  const source = (async function* () {
    yield Buffer.from('a,b\n')
    for (let i = 0; i < 2_000; i++) {
      served++
      yield Buffer.from('1,2\n'.repeat(10_000))
    }
  })()
  const events = parseFile({ kind: 'csv', bytes: source, options: {} })
  await events.next()
  await events.next()
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(served).toBeLessThan(400)
  await events.return(undefined)
})

test('every table that is written is read back, whatever stands in it', async () => {
  const cell = fc
    .string({ unit: 'grapheme', maxLength: 12 })
    .map((text) => text.replace(/[\r\n\0]+/g, ' ').trim())
    .filter((text) => !text.startsWith('"'))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 30 }),
      fc.constantFrom('utf-8', 'utf-16le', 'gb18030'),
      fc.integer({ min: 1, max: 64 }),
      async (rows, encoding, size) => {
        const table = [['姓名', '电话号码', '备注说明'], ...rows.map(([a, b, c]) => [`客户${a}`, b, c])]
        const bytes = iconv.encode(stringify(table, { quoted: true }), encoding, { addBOM: encoding !== 'gb18030' })
        const outcome = await read(chunks(bytes, size), encoding === 'gb18030' ? { encoding } : {})
        expect(outcome.error).toBe(null)
        expect(outcome.rows.map((row) => row.cells)).toEqual(table.slice(1).map((cells) => cells.map((text) => text)))
      },
    ),
    { numRuns: 12 },
  )
}, 60_000)

test('random bytes never crash the child', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 3_000 }), async (bytes) => {
      const { error } = await read(bytes)
      if (error !== null) expect(['file_encoding', 'file_unreadable']).toContain((error as { code: string }).code)
    }),
    { numRuns: 12 },
  )
}, 60_000)

test.each([
  ['silent.ts', 'stuck'],
  ['crashing.ts', 'crashed'],
  ['greedy.ts', 'memory'],
  ['lying.ts', 'protocol'],
  ['absent.ts', 'crashed'],
])(
  'a child that is %s fails with reason %s',
  async (fixture, reason) => {
    const entry = fileURLToPath(new URL(`fixtures/${fixture}`, import.meta.url))
    const outcome = await read('a,b\n1,2\n', {}, { entry, stuckMs: reason === 'stuck' ? 1_000 : 30_000, heapMb: 64 })
    expect(outcome.error).toMatchObject({ code: 'parser_failed', details: { reason } })
  },
  60_000,
)

test('the child sees nothing of our environment', async () => {
  process.env['ANECHOIC_PLANTED_SECRET'] = 'planted'
  try {
    const outcome = await read('a,b\n1,2\n', {}, { entry: fileURLToPath(new URL('fixtures/telling.ts', import.meta.url)) })
    expect(outcome.events).toMatchObject([{ type: 'header', columns: [] }, { type: 'end' }])
  } finally {
    delete process.env['ANECHOIC_PLANTED_SECRET']
  }
})

test('a slow upload is not a stuck child, and a failing one says its own error', async () => {
  const slow = (async function* () {
    yield Buffer.from('a,b\n1,2\n')
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    yield Buffer.from('3,4\n')
  })()
  expect((await read(slow, {}, { stuckMs: 800 })).rows).toHaveLength(2)
  const failing = (async function* () {
    yield Buffer.from('a,b\n1,2\n')
    throw new Error('upload broke')
  })()
  expect((await read(failing)).error).toMatchObject({ message: 'upload broke' })
})

test('an abort ends the child and gives the reason', async () => {
  const abort = new AbortController()
  const events = parseFile({
    kind: 'csv',
    bytes: chunks(Buffer.from('a,b\n' + '1,2\n'.repeat(500_000))),
    options: {},
    signal: abort.signal,
  })
  await events.next()
  abort.abort(new Error('left'))
  await expect(
    (async () => {
      for await (const _ of events);
    })(),
  ).rejects.toThrow('left')
})

test('a generated customer list goes through to the last row', async () => {
  const list = [...generateCustomers(3).take(3_000)]
  const bytes = iconv.encode(
    stringify([['姓名', '电话', '备注'], ...list.map((person) => [person.name, person.phones.join('、'), person.notes ?? ''])]),
    'gb18030',
  )
  const outcome = await read(bytes)
  expect(outcome.refused).toEqual([])
  expect(outcome.rows.map((row) => row.cells[0])).toEqual(list.map((person) => person.name))
})

const shared = fileURLToPath(new URL('../../../shared/data/vcards/outlook-2003.vcf', import.meta.url))
test.skipIf(!existsSync(shared))('a vCard taken for a table does no harm (skipped without ../shared)', async () => {
  expect((await read(createReadStream(shared))).events.length).toBeGreaterThan(0)
})
