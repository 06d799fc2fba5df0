import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkInput } from '../catalogue/check.ts'
import { customer } from '../crm/customer.ts'
import { generateCustomers } from '../../test/support/people.ts'
import { cardToCustomer } from './cardToCustomer.ts'
import type { ForeignCard } from './card.ts'
import { customerProblems } from './problems.ts'
import { rowToCustomer, type ColumnMapping } from './rowToCustomer.ts'

const all: ColumnMapping = { fields: ['name', 'phones', 'emails', 'wechat', 'address', 'tags', 'notes', 'kind', 'store', 'owner'] }
const storeId = '01890a5d-ac96-774b-bcce-b302099a8057'

test('a full row becomes a customer', () => {
  expect(
    rowToCustomer(all, [
      ' 欧阳　娜娜 ',
      '138 1234 5678、010-62345678转801',
      'Na@QQ.com',
      'wxid_abc',
      '杭州市西湖区',
      '老客户，发烧音响;老客户',
      '想听\r\n黑胶',
      '个人',
      '西湖店',
      'xiaoli',
    ]),
  ).toEqual({
    input: {
      name: '欧阳 娜娜',
      kind: 'household',
      phones: ['+8613812345678', '+861062345678'],
      emails: ['Na@qq.com'],
      wechatIds: ['wxid_abc'],
      addresses: ['浙江省杭州市西湖区'],
      tags: ['老客户', '发烧音响'],
      notes: '想听\n黑胶\n+861062345678 转 801',
      storeName: '西湖店',
      ownerLogin: 'xiaoli',
    },
  })
})

test('words for nothing are nothing, a type of the dealer is a tag, a firm is an organisation', () => {
  expect(rowToCustomer(all, ['杭州声远有限公司', '无', '-', '暂无', 'N/A', '', '', '重点客户'])).toEqual({
    input: {
      name: '杭州声远有限公司',
      kind: 'organisation',
      phones: [],
      emails: [],
      wechatIds: [],
      addresses: [],
      tags: ['重点客户'],
      notes: null,
    },
  })
})

test('parts of names and addresses are joined, companies and contacts kept', () => {
  const fields = ['familyName', 'givenName', 'organisation', 'address', 'address', 'address', 'notes', 'notes'] as const
  const header = ['姓', '名', '公司', '省', '市', '地址', '需求', '来源说明']
  expect(
    rowToCustomer({ fields, header }, ['单', '田芳', '声远', '广东省', '深圳市', '深圳市南山区科技园路1号', '影院', '朋友']),
  ).toMatchObject({
    input: { name: '单田芳', addresses: ['广东省深圳市南山区科技园路1号'], notes: '公司: 声远\n需求: 影院\n来源说明: 朋友' },
  })
  expect(rowToCustomer({ fields, header }, ['', '', '声远', '', '', '', '', ''])).toMatchObject({
    input: { name: '声远', kind: 'organisation', notes: null },
  })
  expect(
    rowToCustomer({ fields: ['givenName', 'familyName', 'address', 'address'] }, ['John', 'Doe', '1 Main St', 'Austin']),
  ).toMatchObject({ input: { name: 'John Doe', addresses: ['1 Main St, Austin'] } })
})

test('everything wrong with a row is said, with its column and never its value', () => {
  const { refused } = rowToCustomer(all, [
    '',
    '1.38E+10;6234567;138****5678',
    'nobody',
    'w'.repeat(41),
    '',
    't'.repeat(31),
    '长'.repeat(4_001),
  ])
  expect(refused).toEqual([
    { problem: 'phone_scientific', field: 'phones', column: 1 },
    { problem: 'phone_area_code_missing', field: 'phones', column: 1 },
    { problem: 'masked', field: 'phones', column: 1 },
    { problem: 'email_not_an_email', field: 'emails', column: 2 },
    { problem: 'name_missing', field: 'name', column: 0 },
    { problem: 'too_long', field: 'tags', column: 5 },
    { problem: 'too_long', field: 'notes', column: 6 },
    { problem: 'too_long', field: 'wechatIds', column: 3 },
  ])
  expect(rowToCustomer(all, ['名'.repeat(5_000)]).refused).toEqual([{ problem: 'too_long', field: 'name', column: 0 }])
  expect(rowToCustomer(all, ['张*']).refused).toEqual([{ problem: 'masked', field: 'name', column: 0 }])
})

test('what cannot be read may go to the notes instead, but never a rounded number', () => {
  expect(rowToCustomer({ ...all, unreadable: 'note' }, ['张三', '6234567', 'nobody'])).toMatchObject({
    input: { phones: [], emails: [], notes: '电话: 6234567\n邮箱: nobody' },
  })
  expect(rowToCustomer({ ...all, unreadable: 'note' }, ['张三', '1.38E+10']).refused).toHaveLength(1)
})

const card = (part: Partial<ForeignCard>): ForeignCard => ({
  names: [],
  phones: [],
  emails: [],
  addresses: [],
  org: null,
  note: null,
  wechat: null,
  categories: [],
  ...part,
})

test('a card becomes a customer, named by what there is', () => {
  expect(
    cardToCustomer(
      card({
        names: ['张三', '小张'],
        phones: ['+86 139-8765-4321'],
        org: '声远',
        note: '老友',
        addresses: ['甲', '乙'],
        categories: ['My Contacts', '黑胶'],
        wechat: 'zs',
      }),
    ),
  ).toEqual({
    input: {
      name: '张三',
      kind: 'household',
      phones: ['+8613987654321'],
      emails: [],
      wechatIds: ['zs'],
      addresses: ['甲'],
      tags: ['黑胶'],
      notes: '老友\n公司: 声远\n地址: 乙',
    },
  })
  expect(cardToCustomer(card({ org: '声远', emails: ['a@b.cn'] }))).toMatchObject({
    input: { name: '声远', kind: 'organisation', notes: null },
  })
  expect(cardToCustomer(card({ emails: ['john.doe@company.com'] }))).toMatchObject({ input: { name: 'john.doe@company.com' } })
  expect(cardToCustomer(card({})).refused).toEqual([{ problem: 'name_missing', field: 'name', column: null }])
  expect(cardToCustomer(card({ names: ['John'], phones: ['BusinessPhone'] })).refused).toEqual([
    { problem: 'phone_not_a_phone', field: 'phones', column: null },
  ])
  expect(cardToCustomer(card({ names: ['John'], phones: ['BusinessPhone', '+1-418-656-9254;ext=102'] }), 'note')).toMatchObject({
    input: { phones: ['+14186569254'], notes: '电话: BusinessPhone\n+14186569254 转 102' },
  })
})

/** The catalogue's own check on what an import made; store and owner names are looked up before. */
function checks(input: object): unknown {
  const { storeName: _, ownerLogin: __, ...fields } = input as Record<string, unknown>
  return checkInput(customer, { ...fields, storeId }, 'create').problems
}

test('whatever is accepted passes the catalogue, whatever is refused says why', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom('13812345678', '张三', 'a@b.cn', '无', '\u202e张', '138 1234 5678/010-62345678'),
  )
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 12 }), fc.constantFrom('refuse' as const, 'note' as const), (cells, unreadable) => {
      const result = rowToCustomer({ ...all, unreadable }, cells)
      if (result.input) expect(checks(result.input)).toBe(undefined)
      else for (const { problem } of result.refused) expect(customerProblems).toContain(problem)
    }),
    { numRuns: 3_000 },
  )
})

test('invented customers are all accepted as they were made', () => {
  for (const person of generateCustomers(11).take(5_000)) {
    const { input } = rowToCustomer(all, [
      person.name,
      person.phones.join('、'),
      person.emails.join(';'),
      person.wechatIds[0] ?? '',
      person.addresses[0] ?? '',
      person.tags.join('、'),
      person.notes ?? '',
      person.kind,
    ])
    expect(input).toEqual(person)
    expect(checks(person)).toBe(undefined)
  }
})
