import { expect, test } from 'vitest'
import { detectColumns } from './columns.ts'
import type { ImportField } from './headerWords.ts'
import { readConsent } from './readConsent.ts'
import { purchaseText, readInstant } from './readPurchase.ts'
import { readBasis, readSource } from './readSource.ts'
import { rowToCustomer } from './rowToCustomer.ts'
import { uncachedFormula } from './uncachedFormula.ts'

const now = Date.parse('2026-03-01T00:00:00Z')

test.each<[string, ReturnType<typeof readSource>]>([
  ['转介绍', 'referral'],
  ['老客户带来', 'referral'],
  ['自然进店', 'walkIn'],
  ['Walk-in', 'walkIn'],
  ['抖音直播间', 'douyin'],
  ['小红书', 'xiaohongshu'],
  ['广州音响展', 'exhibition'],
  ['XX 设计师合作', 'partner'],
  ['公众号', 'wechat'],
  ['百度', 'web'],
  ['Web', 'web'],
  ['来电咨询', 'phone'],
  ['other', 'other'],
  ['量房时认识', null],
])('a source in words is known or not guessed: %s', (text, source) => {
  expect(readSource(text)).toBe(source)
})

test('a lawful basis is known by its label, in either language, or a word for it', () => {
  expect(['订立、履行合同', 'Contract with the person', '个人同意', 'consent', '随便'].map(readBasis)).toEqual([
    'contract',
    'contract',
    'consent',
    'consent',
    null,
  ])
})

test.each<[string, string, string[] | null]>([
  ['是', '营销同意', ['call+', 'wechat+']],
  ['TRUE', 'Marketing consent', ['call+', 'wechat+']],
  ['否', '营销同意', ['call-', 'sms-', 'wechat-', 'email-', 'post-']],
  ['短信、微信', '营销同意', ['sms+', 'wechat+']],
  ['拒绝短信', '营销同意', ['sms-']],
  ['是', '短信同意', ['sms+']],
  ['1', 'Email Opt Out', ['email-']],
  ['0', 'Email Opt Out', ['email+']],
  ['是', '拒收短信', ['sms-']],
  ['看心情', '营销同意', null],
])('a consent is read for the channels it names: %s under %s', (text, heading, expected) => {
  const read = readConsent(text, heading, ['call', 'wechat'])
  expect(read && read.map(({ channel, state }) => `${channel}${state === 'given' ? '+' : '-'}`)).toEqual(expected)
})

test.each<[string, string | null]>([
  ['2024-03-15', '2024-03-15T04:00:00.000Z'],
  ['2024/3/5', '2024-03-05T04:00:00.000Z'],
  ['2024年3月15日', '2024-03-15T04:00:00.000Z'],
  ['２０２４．３．１５', '2024-03-15T04:00:00.000Z'],
  ['20240315', '2024-03-15T04:00:00.000Z'],
  ['2024-03-15 14:30', '2024-03-15T06:30:00.000Z'],
  ['2024-03-15T14:30:05.123+08:00', '2024-03-15T06:30:05.000Z'],
  ['3/15/2024', '2024-03-15T04:00:00.000Z'],
  ['15.3.2024', '2024-03-15T04:00:00.000Z'],
  ['3/3/2024', '2024-03-03T04:00:00.000Z'],
  ['3/4/2024', null],
  ['45366', null],
  ['2024-02-30', null],
  ['1969-12-31', null],
  ['2027-01-01', null],
  ['去年春天', null],
])('a date is read for certain or not at all: %s', (text, instant) => {
  expect(readInstant(text, now)).toBe(instant)
})

test('what was bought is one line', () => {
  expect(purchaseText(['KEF LS60 ', '支架'], ['¥32,000.50'])).toBe('KEF LS60 · 支架 · ¥32,000.5')
  expect(purchaseText([], ['3.2万'])).toBe('3.2万')
  expect(purchaseText([`${'y'.repeat(3_999)}😀😀`], [])).toBe(`${'y'.repeat(3_999)}😀`)
})

const fields: ImportField[] = ['name', 'source', 'basis', 'consent', 'referrer', 'purchaseDate', 'purchase', 'purchaseAmount']
const header = ['姓名', '来源', '依据', '短信同意', '介绍人', '购买日期', '产品', '金额']
const row = (...cells: string[]) => rowToCustomer({ fields, header, now }, cells)

test('what stands beside a customer comes with them, and what nobody understands is kept in the notes', () => {
  expect(row('张三', '抖音', '合同', '是', '13800138000', '2024-03-15', 'KEF LS60', '32000').input).toMatchObject({
    source: 'douyin',
    basis: 'contract',
    consents: [{ channel: 'sms', state: 'given' }],
    referrerPhone: '+8613800138000',
    purchase: { happenedAt: '2024-03-15T04:00:00.000Z', text: 'KEF LS60 · ¥32,000' },
    notes: null,
  })
  const odd = row('张三', '量房认识', '随便', '看心情', '王老板', '', 'KEF LS60', '').input!
  expect(odd.notes).toBe('来源: 量房认识\n处理依据: 随便\n短信同意: 看心情\n介绍人: 王老板\n购买: KEF LS60')
  expect([odd.source, odd.basis, odd.consents, odd.referrerPhone, odd.purchase]).toEqual(Array(5).fill(undefined))
  expect(row('张三', '', '', '', '', '45366', 'KEF', '').refused).toEqual([
    { problem: 'date_unreadable', field: 'purchaseDate', column: 5 },
  ])
})

test('a cell with an error or a formula without a value is no text, unless its column is left out', () => {
  expect(row('#REF!').refused).toEqual([{ problem: 'cell_error', field: 'name', column: 0 }])
  expect(row(uncachedFormula('A1')).refused).toEqual([{ problem: 'formula_uncached', field: 'name', column: 0 }])
  expect(row('张三', '#N/A', '', '', '', '#N/A').input).toMatchObject({ name: '张三' })
  expect(rowToCustomer({ fields: ['name', null] }, ['张三', '#REF!']).input).toMatchObject({ name: '张三' })
})

test('a number that a spreadsheet rounded is refused also when it was saved as a number', () => {
  const phone = (text: string) => rowToCustomer({ fields: ['name', 'phones'] }, ['张三', text])
  expect(phone('13800000000').refused).toEqual([{ problem: 'phone_scientific', field: 'phones', column: 1 }])
  expect(phone('1.38E+10').refused).toEqual([{ problem: 'phone_scientific', field: 'phones', column: 1 }])
  expect(phone('13800100000').input).toMatchObject({ phones: ['+8613800100000'] })
  expect(phone('１３８　００１３　８０００').input).toMatchObject({ phones: ['+8613800138000'] })
})

test.each<[string, string, string]>([
  ['有赞订单', '收货人姓名,收货人手机号,商品名称,实付金额,下单时间,客户来源', 'name,phones,purchase,purchaseAmount,purchaseDate,source'],
  ['Salesforce', 'Name,Lead Source,Email Opt Out,Close Date,Amount', 'name,source,consent,purchaseDate,purchaseAmount'],
  ['HubSpot', 'First Name,Last Name,Original Source,Legal basis for processing contact’s data', 'givenName,familyName,source,basis'],
  ['by hand', '业主姓名,介绍人,成交日期,成交金额,型号,是否接收短信', 'name,referrer,purchaseDate,purchaseAmount,purchase,consent'],
])('the headers of %s beside the customer are understood', (_, list, expected) => {
  expect(detectColumns(list.split(','), []).columns.map(({ field }) => field)).toEqual(expected.split(','))
})
