import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../test/support/app.ts'
import { type Cell, errorCell, formula, makeWorkbook } from '../../test/support/workbook.ts'
import type { Staged } from '../actions/imports/stageImport.ts'

let it: TestApp
let port: number
beforeAll(async () => {
  it = await testApp()
  await it.app.listen({ host: '127.0.0.1', port: 0 })
  port = (it.app.server.address() as AddressInfo).port
})
afterAll(() => it.close())

type Answer = { status: number; code?: string; connection: string | undefined; sent: number }

const stagedFiles = (): Promise<string[]> => readdir(join(it.house.folder, 'staging')).catch(() => [])

/** Sends a list piece by piece over a socket until it is all sent or an answer comes. `length`: what the request says its length is. */
const upload = async (pieces: Iterable<Buffer>, length?: number): Promise<Answer> => {
  const headers = {
    ...(await it.headersOf('owner')),
    host: 'localhost',
    'content-type': 'application/octet-stream',
    ...(length === undefined ? {} : { 'content-length': String(length) }),
  }
  const sent = request({ host: '127.0.0.1', port, method: 'POST', path: '/api/imports', headers })
  let answer: Answer | null = null
  let bytes = 0
  const answered = new Promise<void>((resolve, reject) => {
    sent.on('response', (response) => {
      response.setEncoding('utf8')
      let text = ''
      response.on('data', (part: string) => (text += part))
      response.on('end', () => {
        const { code } = JSON.parse(text) as { code?: string }
        answer = { status: response.statusCode!, connection: response.headers.connection, sent: bytes, ...(code ? { code } : {}) }
        resolve()
      })
    })
    // Whoever is still sending when the answer has come loses the connection; that is no answer lost.
    sent.on('error', (error) => (answer ? resolve() : reject(error)))
  })
  for (const piece of pieces) {
    if (answer) break
    bytes += piece.length
    if (!sent.write(piece)) await Promise.race([once(sent, 'drain'), answered])
  }
  sent.end()
  await answered
  return answer!
}

test('an upload over the limit is refused by the length it says it has, before any of it is read', async () => {
  const answer = await upload([Buffer.from('姓名,电话\n')], 512 * 1024 * 1024 + 1)
  expect(answer).toMatchObject({ status: 413, code: 'input_too_large', connection: 'close' })
  expect(await stagedFiles()).toEqual([])
})

test('an upload that does not say its length is refused where it passes the limit, and nothing of it stays', async () => {
  const piece = Buffer.alloc(8 * 1024 * 1024, '张三,13800138000\n')
  const pieces = function* () {
    for (let i = 0; i < 128; i++) yield piece
  }
  const answer = await upload(pieces())
  expect(answer).toMatchObject({ status: 413, code: 'input_too_large' })
  expect(answer.sent).toBeLessThan(1_000 * 1024 * 1024)
  expect(await stagedFiles()).toEqual([])
}, 120_000)

test('of an upload whose sender goes away nothing stays', async () => {
  const headers = { ...(await it.headersOf('owner')), host: 'localhost', 'content-type': 'application/octet-stream' }
  const sent = request({ host: '127.0.0.1', port, method: 'POST', path: '/api/imports', headers })
  sent.on('error', () => {})
  sent.write(Buffer.alloc(1_000_000, 'a,b\n'))
  await expect.poll(async () => (await stagedFiles()).length, { timeout: 10_000 }).toBe(1)
  sent.destroy()
  await expect.poll(async () => (await stagedFiles()).length, { timeout: 10_000 }).toBe(0)
})

const octets = { 'content-type': 'application/octet-stream' }
const stage = async (file: Buffer, query = ''): Promise<Staged> => {
  const answer = await it.send('owner', 'POST', `/api/imports${query}`, file, octets)
  expect(answer.statusCode).toBe(201)
  return answer.json<Staged>()
}
const reread = (id: string, body: object) => it.send('owner', 'POST', `/api/imports/${id}/read`, body)

const workbook = (): Buffer =>
  makeWorkbook([
    { name: '说明', rows: [['每月更新']] },
    {
      name: '静安店',
      rows: [
        ['静安店客户表'],
        ['打印时间', '2024-03-15'],
        ['客户姓名', '手机号', '地址'],
        ['张三', 13_800_138_000, '静安里'],
        ['李四', '1.38E+10', '静安里'],
        [formula('B2&B3'), '13800138001', '静安里'],
        ['赵六', errorCell('#REF!'), errorCell('#N/A')],
      ] as Cell[][],
    },
    {
      name: '浦东店',
      rows: [
        ['姓名', '电话'],
        ['钱七', '13800138002'],
      ],
    },
  ])

test('a workbook is staged from its first sheet with data, and read again from another', async () => {
  const staged = await stage(workbook())
  expect(staged).toMatchObject({
    format: 'xlsx',
    sheets: ['说明', '静安店', '浦东店'],
    sheet: 1,
    headerLine: 3,
    encoding: null,
    delimiter: null,
    rows: 4,
    checked: 4,
    mapping: { 客户姓名: 'name', 手机号: 'phones', 地址: 'address' },
  })
  expect(staged.head.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(staged.preview.map(({ row, problems }) => [row, ...problems.map(({ field, problem }) => `${field} ${problem}`)])).toEqual([
    [4],
    [5, 'phones phone_scientific'],
    [6, 'name formula_uncached'],
    [7, 'phones cell_error'],
  ])
  expect(staged.preview[2]!.values).toMatchObject({ name: '=B2&B3' })
  expect(staged.problems).toHaveLength(3)

  const other = (await reread(staged.id, { sheet: 2 })).json<Staged>()
  expect(other).toMatchObject({ id: staged.id, sheet: 2, headerLine: 1, rows: 1, mapping: { 姓名: 'name', 电话: 'phones' } })
  const lower = (await reread(staged.id, { sheet: 1, headerLine: 4 })).json<Staged>()
  expect(lower).toMatchObject({ sheet: 1, headerLine: 4, rows: 4 })
  expect((await reread(staged.id, { sheet: 9 })).json()).toMatchObject({ code: 'file_unreadable', details: { reason: 'empty' } })
  // What could not be read leaves the list as it was.
  const started = await it.send('owner', 'POST', `/api/imports/${staged.id}/start`, {
    mapping: lower.mapping,
    storeId: it.house.stores.north.id,
    onDuplicate: 'skip',
  })
  expect(started.json()).toMatchObject({ state: 'queued', total: 4 })
  expect((await reread(staged.id, { sheet: 2 })).json()).toMatchObject({ code: 'input_invalid', details: { problem: 'started' } })
})

test('encoding and delimiter can be set right, and the preview follows the columns as they are chosen', async () => {
  // So short that nothing tells Western from Chinese.
  const staged = await stage(iconv.encode('name|phone;note\n王一|13800138000;x\n李二|1381;y\n', 'gb18030'))
  const read = (await reread(staged.id, { encoding: 'gb18030', delimiter: '|' })).json<Staged>()
  expect(read).toMatchObject({ encoding: 'gb18030', delimiter: '|', mapping: { name: 'name', 'phone;note': null } })
  const semicolons = (await reread(staged.id, { encoding: 'gb18030', delimiter: ';' })).json<Staged>()
  expect(Object.keys(semicolons.mapping)).toEqual(['name|phone', 'note'])
  await reread(staged.id, { encoding: 'gb18030', delimiter: '|' })
  const preview = (mapping: object) => it.send('owner', 'POST', `/api/imports/${staged.id}/preview`, { mapping })
  expect((await preview({ name: 'name' })).json()).toMatchObject({ checked: 2, problems: [], preview: [{ values: { name: '王一' } }, {}] })
  expect((await preview({ name: 'name', 'phone;note': 'phones' })).json()).toMatchObject({
    problems: [
      { problem: 'phone_not_a_phone', count: 2 },
      { problem: 'phone_too_short', count: 1 },
    ],
  })
  expect((await preview({ nickname: 'name' })).json()).toMatchObject({ code: 'input_invalid' })
  expect((await preview({ name: 'password' })).json()).toMatchObject({ code: 'input_invalid' })
  expect((await reread(staged.id, { encoding: 'utf-16le' })).json<{ code: string }>().code).toMatch(/^file_(encoding|unreadable)$/)
})

test("somebody else's staged list is neither read nor previewed", async () => {
  const { id, mapping } = await stage(workbook())
  expect((await it.send('manager', 'POST', `/api/imports/${id}/read`, { sheet: 2 })).json()).toMatchObject({ code: 'not_found' })
  expect((await it.send('manager', 'POST', `/api/imports/${id}/preview`, { mapping })).json()).toMatchObject({ code: 'not_found' })
})

test.each([
  ['a password', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('EncryptedPackage', 'utf16le')]), 'is_encrypted'],
  ['nothing', Buffer.alloc(0), 'empty'],
  ['a PDF', Buffer.from('%PDF-1.7\n'), 'is_pdf'],
])('a file with %s is refused with its reason, and nothing of it stays', async (_what, file, reason) => {
  const before = await stagedFiles()
  const answer = await it.send('owner', 'POST', '/api/imports', file, octets)
  expect(answer.json()).toMatchObject({ code: 'file_unreadable', details: { reason } })
  expect(await stagedFiles()).toEqual(before)
})

test('what is uploaded lies on disk only sealed', async () => {
  const { id } = await stage(Buffer.from('姓名,电话\n金丝雀测试,13800138000\n'))
  const { readFile } = await import('node:fs/promises')
  const bytes = await readFile(join(it.house.folder, 'staging', `${id}.sealed`))
  expect(bytes.includes('金丝雀测试')).toBe(false)
  expect(bytes.includes('13800138000')).toBe(false)
})
