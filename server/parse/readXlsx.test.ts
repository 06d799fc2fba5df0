import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { strToU8, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { type Cell, errorCell, formula, makeWorkbook, shared, sheetXml, styled } from '../../test/support/workbook.ts'
import { isUncachedFormula, readableCell } from '../../domain/import/uncachedFormula.ts'
import type { ParseEvent, ParseOptions } from './events.ts'
import { parseFile } from './parseFile.ts'

type Outcome = {
  header: Extract<ParseEvent, { type: 'header' }> | undefined
  rows: { line: number; cells: string[] }[]
  refused: { line: number; problem: string }[]
  events: ParseEvent[]
  error: unknown
}

async function* chunks(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const read = async (file: Uint8Array, options: ParseOptions = {}, kind: 'xlsx' | 'auto' | 'csv' = 'xlsx'): Promise<Outcome> => {
  const outcome: Outcome = { header: undefined, rows: [], refused: [], events: [], error: null }
  try {
    for await (const event of parseFile({ kind, bytes: chunks(file), options })) {
      outcome.events.push(event)
      if (event.type === 'header') outcome.header = event
      if (event.type === 'rows') outcome.rows.push(...event.rows)
      if (event.type === 'refused') outcome.refused.push({ line: event.line, problem: event.problem })
    }
  } catch (error) {
    outcome.error = error
  }
  return outcome
}

/** Reads one sheet whose header is 甲, 乙, … and returns the cells below it. */
const cellsOf = async (rows: Cell[][], of: Parameters<typeof makeWorkbook>[1] = {}): Promise<string[][]> => {
  const width = Math.max(...rows.map((row) => row.length))
  const names = [...'甲乙丙丁戊己庚辛'].slice(0, width)
  const outcome = await read(makeWorkbook([{ name: '客户', rows: [names, ...rows] }], of))
  expect(outcome.error).toBe(null)
  return outcome.rows.map(({ cells }) => cells)
}

test('texts, numbers, booleans, rich text and empty cells are read, with their line', async () => {
  const file = makeWorkbook(
    [
      {
        name: '客户',
        rows: {
          1: ['姓名', '手机', '备注'],
          2: [shared(0), 13_800_138_000, '先看"样板间"\n再定'],
          5: ['𠮷野家 & <Söhne>', '１３９', true],
          6: [null, null, null],
          9: [shared(1), null, shared(2)],
        },
      },
    ],
    {
      strings: [
        '<t>张三</t>',
        '<r><rPr><b/></rPr><t>李</t></r><r><t xml:space="preserve">四 </t></r><rPh sb="0" eb="1"><t>リ</t></rPh>',
        '<t>a_x000D_&#10;b</t>',
      ],
    },
  )
  const outcome = await read(file)
  expect(outcome.header).toEqual({
    type: 'header',
    line: 1,
    columns: ['姓名', '手机', '备注'],
    encoding: null,
    delimiter: null,
    sheet: 0,
    sheets: ['客户'],
  })
  expect(outcome.rows).toEqual([
    { line: 2, cells: ['张三', '13800138000', '先看"样板间"\n再定'] },
    { line: 5, cells: ['𠮷野家 & <Söhne>', '１３９', 'TRUE'] },
    { line: 9, cells: ['李四 ', '', 'a\nb'] },
  ])
  expect(outcome.events.at(-1)).toEqual({ type: 'end', rows: 3, complete: true })
})

test('a number keeps its digits whatever it is shown as, and noughts that only its format shows', async () => {
  const rows = [
    [13_800_138_000, styled(13_800_138_000, 4), styled(1_062_345_678, 3)],
    [{ xml: '<c r="REF"><v>1.3800138E10</v></c>' }, 0.1 + 0.2, 8_613_800_138_000],
    ['1.38E+10', -3.5, { xml: '<c r="REF"><v>1E21</v></c>' }],
  ]
  expect(await cellsOf(rows)).toEqual([
    ['13800138000', '13800138000', '01062345678'],
    ['13800138000', '0.3', '8613800138000'],
    ['1.38E+10', '-3.5', '1000000000000000000000'],
  ])
})

test('dates are serial numbers of the 1900 or the 1904 system', async () => {
  // Serial numbers as Excel shows them: 45366 is 15 March 2024 in the one, 43904 in the other.
  const rows = (serial: number) => [[styled(serial, 1), styled(serial + 0.604_166_666_7, 2), serial]]
  expect(await cellsOf(rows(45_366))).toEqual([['2024-03-15', '2024-03-15 14:30', '45366']])
  expect(await cellsOf(rows(43_904), { date1904: true })).toEqual([['2024-03-15', '2024-03-15 14:30', '43904']])
  expect(await cellsOf([[styled(1, 1), styled(59, 1), styled(61, 1), styled(60, 1), styled(0.5, 2)]])).toEqual([
    ['1900-01-01', '1900-02-28', '1900-03-01', '60', '12:00'],
  ])
  expect(await cellsOf([[styled(-1, 1), styled(3_000_000, 1), { xml: '<c r="REF" t="d"><v>2024-03-15T00:00:00</v></c>' }]])).toEqual([
    ['-1', '3000000', '2024-03-15'],
  ])
})

test('of a formula the value it last had is taken; one without any is told apart from an empty cell', async () => {
  const [row] = await cellsOf([
    [
      formula('A1&B1', '张三'),
      formula('1+1', 2),
      formula('""', ''),
      formula('VLOOKUP(A2,表2!A:B,2,0)'),
      errorCell('#N/A'),
      errorCell('#REF!'),
    ],
  ])
  expect(row!.slice(0, 3)).toEqual(['张三', '2', ''])
  expect(row!.map(isUncachedFormula)).toEqual([false, false, false, true, false, false])
  expect(row!.slice(3).map(readableCell)).toEqual(['=VLOOKUP(A2,表2!A:B,2,0)', '#N/A', '#REF!'])
})

test('a merged cell has its value in the first, and the others are empty', async () => {
  const file = makeWorkbook([
    {
      name: '客户',
      rows: [
        ['姓名', '电话', '门店'],
        ['张三', '13800138000', '静安店'],
        ['李四', '13800138001', null],
      ],
      tail: '<mergeCells count="1"><mergeCell ref="C2:C3"/></mergeCells>',
    },
  ])
  expect((await read(file)).rows.map(({ cells }) => cells[2])).toEqual(['静安店', ''])
})

test('the header is found in row 4, below a title and a date, and another can be told', async () => {
  const file = makeWorkbook([
    {
      name: '客户',
      rows: [
        ['静安店客户资料表'],
        ['制表人', '王芳', '日期', styled(45_366, 1)],
        [],
        ['客户姓名', '手机号码', '小区', '成交金额'],
        ['张三', '13800138000', '静安里', 32_000],
        ['李四', '13800138001', '静安里', 1_200],
      ],
    },
  ])
  const found = await read(file, { head: true })
  expect(found.header).toMatchObject({ line: 4, columns: ['客户姓名', '手机号码', '小区', '成交金额'] })
  expect(found.rows.map(({ line }) => line)).toEqual([5, 6])
  const head = found.events.find((event) => event.type === 'head')
  expect(head?.rows.map(({ line, cells }) => [line, cells[0]])).toEqual([
    [1, '静安店客户资料表'],
    [2, '制表人'],
    [4, '客户姓名'],
    [5, '张三'],
    [6, '李四'],
  ])
  expect((await read(file, { headerLine: 5 })).header).toMatchObject({ line: 5, columns: ['张三', '13800138000', '静安里', '32000'] })
  expect((await read(file, { headerLine: 7 })).error).toMatchObject({ code: 'file_unreadable', details: { reason: 'empty' } })
})

test('of several sheets the first visible one with data is read, or the one that is asked for', async () => {
  const people = (name: string): Cell[][] => [
    ['姓名', '电话'],
    [name, '13800138000'],
  ]
  const file = makeWorkbook([
    { name: '说明', rows: [['请勿修改']] },
    { name: '旧', rows: people('藏起来的'), hidden: true },
    { name: '空', rows: [] },
    { name: '客户 & 朋友', rows: people('张三') },
    { name: '其他', rows: people('李四') },
  ])
  const first = await read(file)
  expect(first.header).toMatchObject({ sheet: 3, sheets: ['说明', '旧', '空', '客户 & 朋友', '其他'] })
  expect(first.rows[0]!.cells[0]).toBe('张三')
  expect((await read(file, { sheet: 4 })).rows[0]!.cells[0]).toBe('李四')
  expect((await read(file, { sheet: 1 })).rows[0]!.cells[0]).toBe('藏起来的')
  expect((await read(file, { sheet: 9 })).error).toMatchObject({ details: { reason: 'empty' } })
})

test('single bad rows are refused with their number, the others pass', async () => {
  const outcome = await read(
    makeWorkbook([
      {
        name: '客户',
        rows: [['姓名', '备注'], ['张三', '长'.repeat(10_001)], Array.from({ length: 260 }, () => 'x'), ['王五', '好', '没有表头的']],
      },
    ]),
  )
  expect(outcome.header?.columns).toEqual(['姓名', '备注', ''])
  expect(outcome.refused).toEqual([
    { line: 2, problem: 'cell_too_long' },
    { line: 3, problem: 'too_many_columns' },
  ])
  expect(outcome.rows).toEqual([{ line: 4, cells: ['王五', '好', '没有表头的'] }])
  const later = await read(
    makeWorkbook([
      {
        name: '客户',
        rows: [
          ['姓名', '备注'],
          ['张三', '长'.repeat(10_001)],
          ...Array.from({ length: 20 }, (_, i): Cell[] => [`客户${i}`, '']),
          Array.from({ length: 260 }, () => 'x'),
          ['赵六', '', '', '多出来的'],
          ['孙七', '好'],
        ],
      },
    ]),
  )
  expect(later.refused).toEqual([
    { line: 2, problem: 'cell_too_long' },
    { line: 23, problem: 'too_many_columns' },
    { line: 24, problem: 'columns_mismatch' },
  ])
  expect(later.rows.at(-1)).toEqual({ line: 25, cells: ['孙七', '好'] })
})

const people = { name: '客户', rows: [['姓名', '电话'] as Cell[], ['张三', 13_800_138_000]] }
const ole = (name: string): Buffer =>
  Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2_000), Buffer.from(name, 'utf16le'), Buffer.alloc(2_000)])
const nested = (open: string): string => `<?xml version="1.0"?>${open}<worksheet><sheetData/></worksheet>`

test.each<[string, () => Buffer, string]>([
  ['with a password', () => ole('EncryptedPackage'), 'is_encrypted'],
  ['of Excel before 2007', () => ole('Workbook'), 'is_old_excel'],
  ['that is cut off', () => makeWorkbook([people]).subarray(0, -100), 'workbook_damaged'],
  ['whose content is cut off', () => cutPart(makeWorkbook([{ ...people, rows: [...people.rows, ...noise(2_000)] }])), 'workbook_damaged'],
  ['without sheets', () => makeWorkbook([]), 'empty'],
  ['with nothing on its sheets', () => makeWorkbook([{ name: '空', rows: [] }]), 'empty'],
  ['with a header only', () => makeWorkbook([{ name: '空', rows: [['姓名', '电话']] }]), 'header_only'],
  ['that is a ZIP of something else', () => Buffer.from(zipSync({ 'a.txt': strToU8('姓名,电话') })), 'is_zip'],
  [
    'in the binary format',
    () =>
      makeWorkbook([], {
        parts: {
          'xl/workbook.bin': 'x',
          '_rels/.rels': '<Relationships><Relationship Id="rId1" Type="a/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        },
      }),
    'is_binary_excel',
  ],
  [
    'with a document type',
    () =>
      makeWorkbook([people], {
        parts: {
          'xl/worksheets/sheet1.xml': nested('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'),
        },
      }),
    'workbook_damaged',
  ],
  [
    'with an entity nobody knows',
    () => makeWorkbook([people], { parts: { 'xl/worksheets/sheet1.xml': sheetXml(people).replace('张三', '&lol9;') } }),
    'workbook_damaged',
  ],
  [
    'whose XML does not close',
    () => makeWorkbook([people], { parts: { 'xl/worksheets/sheet1.xml': sheetXml(people).replace('</sheetData></worksheet>', '') } }),
    'workbook_damaged',
  ],
])('a workbook %s is refused clearly', async (_, make, reason) => {
  expect((await read(make())).error).toMatchObject({ code: 'file_unreadable', details: { reason } })
})

/** Rows that hardly shrink, so that a part has a middle. */
function noise(count: number): Cell[][] {
  let seed = 7
  const next = (): number => (seed = (seed * 48_271) % 2_147_483_647)
  return Array.from({ length: count }, () => [`客${next()}`, `${next()}${next()}`])
}

/** Overwrites bytes in the middle of the archive's largest part with noughts. */
function cutPart(file: Buffer): Buffer {
  const broken = Buffer.from(file)
  broken.fill(0, Math.floor(file.length / 2), Math.floor(file.length / 2) + 500)
  return broken
}

/** Replaces the sheet of a workbook by deflated bytes of one's own, said to unpack to `said` bytes. */
function withSheet(packed: Buffer, said: number): Buffer {
  const name = 'xl/worksheets/sheet1.xml'
  const entry = (text: string, content: Buffer, size: number, method: number, at: number): [Buffer, Buffer] => {
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(20, 4)
    local.writeUInt16LE(method, 8)
    local.writeUInt32LE(content.length, 18)
    local.writeUInt32LE(size, 22)
    local.writeUInt16LE(text.length, 26)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(20, 4)
    central.writeUInt16LE(20, 6)
    central.writeUInt16LE(method, 10)
    central.writeUInt32LE(content.length, 20)
    central.writeUInt32LE(size, 24)
    central.writeUInt16LE(text.length, 28)
    central.writeUInt32LE(at, 42)
    return [Buffer.concat([local, Buffer.from(text), content]), Buffer.concat([central, Buffer.from(text)])]
  }
  const office = 'x/officeDocument'
  const parts: [string, Buffer, number, number][] = [
    ['_rels/.rels', Buffer.from(`<Relationships><Relationship Id="r1" Type="${office}" Target="xl/workbook.xml"/></Relationships>`), 0, 0],
    ['xl/workbook.xml', Buffer.from('<workbook><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'), 0, 0],
    [
      'xl/_rels/workbook.xml.rels',
      Buffer.from('<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'),
      0,
      0,
    ],
    [name, packed, said, 8],
  ]
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let at = 0
  for (const [text, content, size, method] of parts) {
    const [local, central] = entry(text, content, size || content.length, method, at)
    locals.push(local)
    centrals.push(central)
    at += local.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(
    centrals.reduce((sum, { length }) => sum + length, 0),
    12,
  )
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, ...centrals, end])
}

test('a ZIP bomb is refused by what it says of itself, and stopped where it lies', async () => {
  const row = Buffer.from('<row><c t="inlineStr"><is><t>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</t></is></c></row>')
  const sheet = Buffer.concat([
    Buffer.from('<worksheet><sheetData>'),
    Buffer.alloc(row.length * 1_200_000, row),
    Buffer.from('</sheetData></worksheet>'),
  ])
  const packed = deflateRawSync(sheet, { level: 9 })
  expect(packed.length * 200).toBeLessThan(sheet.length)
  expect((await read(withSheet(packed, sheet.length))).error).toMatchObject({ details: { reason: 'unpacks_too_large' } })
  expect((await read(withSheet(packed, 4_000_000_000))).error).toMatchObject({ details: { reason: 'unpacks_too_large' } })
  // It says that it is small, and is not: reading stops at the size it named.
  expect((await read(withSheet(packed, 100_000))).error).toMatchObject({ details: { reason: 'workbook_damaged' } })
  const many = Object.fromEntries(Array.from({ length: 5_001 }, (_, i) => [`xl/media/${i}`, 'x']))
  expect((await read(makeWorkbook([people], { parts: many }))).error).toMatchObject({ details: { reason: 'unpacks_too_large' } })
}, 60_000)

test('the format is told by the bytes, not by the name', async () => {
  const formatOf = async (file: Uint8Array) => (await read(file, {}, 'auto')).events[0]
  expect(await formatOf(makeWorkbook([people]))).toEqual({ type: 'format', format: 'xlsx' })
  expect(await formatOf(Buffer.from('姓名,电话\n张三,1\n'))).toEqual({ type: 'format', format: 'csv' })
  expect(await formatOf(Buffer.from('\ufeff姓名\t电话\n张三\t1\n', 'utf16le'))).toEqual({ type: 'format', format: 'csv' })
  expect(await formatOf(Buffer.from('\ufeff\r\nBEGIN:VCARD\r\nFN:A\r\nEND:VCARD\r\n'))).toEqual({ type: 'format', format: 'vcard' })
  expect(await formatOf(Buffer.from('\ufeffbegin:vcard\r\nFN:A\r\nEND:VCARD\r\n', 'utf16le'))).toEqual({ type: 'format', format: 'vcard' })
  expect((await read(ole('EncryptedPackage'), {}, 'auto')).error).toMatchObject({ details: { reason: 'is_encrypted' } })
  expect((await read(makeWorkbook([people]), {}, 'csv')).error).toMatchObject({ details: { reason: 'is_excel' } })
})

test('beyond the sample only the number of rows is told', async () => {
  const rows: Cell[][] = [['姓名', '电话'], ...Array.from({ length: 3_000 }, (_, i): Cell[] => [`客户${i}`, 13_800_000_000 + i])]
  const outcome = await read(makeWorkbook([{ name: '客户', rows }]), { sampleRows: 600 })
  const counted = outcome.events.reduce((sum, event) => sum + (event.type === 'counted' ? event.rows : 0), 0)
  expect(outcome.rows.length).toBeGreaterThanOrEqual(600)
  expect(outcome.rows.length).toBeLessThan(2_000)
  expect(outcome.rows.length + counted).toBe(3_000)
  expect(outcome.events.at(-1)).toEqual({ type: 'end', rows: 3_000, complete: true })
})

test('every table that is written is read back, whatever stands in it', async () => {
  const cell = fc
    .string({ unit: 'grapheme', maxLength: 12 })
    .map((text) => text.replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '').replaceAll('_x', ''))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 }), async (rows) => {
      const table = rows.map(([a, b], i): string[] => [`客户${i}${a}`, b])
      const outcome = await read(makeWorkbook([{ name: '客户', rows: [['姓名', '电话'], ...table] }]))
      expect(outcome.error).toBe(null)
      expect(outcome.rows.map(({ cells }) => cells)).toEqual(table)
    }),
    { numRuns: 12 },
  )
}, 60_000)

test('a workbook with any bytes spoiled never crashes the child', async () => {
  const good = makeWorkbook([{ name: '客户', rows: [['姓名', '电话'], ...noise(50)] }])
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }), async (spoils) => {
      const bad = Buffer.from(good)
      for (const [at, byte] of spoils) bad[at] = byte
      const { error } = await read(bad)
      if (error !== null) expect(error).toMatchObject({ code: 'file_unreadable' })
    }),
    { numRuns: 25 },
  )
}, 60_000)
