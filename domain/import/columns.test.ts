import { expect, test } from 'vitest'
import { detectColumns } from './columns.ts'

const fieldsOf = (header: string[], sample: string[][] = []) => detectColumns(header, sample).columns.map(({ field }) => field)

test.each<[string, string, string]>([
  ['管家婆', '单位编号,单位全名,拼音码,联系人,手机一,单位电话,单位地址,业务员,备注', '-,name,-,contact,phones,phones,address,owner,notes'],
  ['有赞', '客户姓名,手机号,微信昵称,会员等级,客户标签,所属门店,收货地址,创建时间,积分', 'name,phones,-,tags,tags,store,address,-,-'],
  [
    '纷享销客',
    '客户名称（必填）,客户类型,电话,邮件,省,市,区,详细地址,负责人（必填）,归属部门,备注',
    'name,kind,phones,emails,address,address,address,address,owner,store,notes',
  ],
  [
    'Salesforce',
    'Account Name,Account Owner,Phone,Fax,Mailing Street,Mailing City,Mailing State/Province,Mailing Zip/Postal ' +
      'Code,Mailing Country,Description,Type',
    'name,owner,phones,-,address,address,address,address,address,notes,kind',
  ],
  [
    'HubSpot',
    'Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Associated Company,Street Address,City,Postal Code,Create Date',
    '-,givenName,familyName,emails,phones,owner,organisation,address,address,address,-',
  ],
  [
    'Outlook',
    'First Name,Last Name,Company,Home Street,Home City,Home Phone,Mobile Phone,Home Fax,E-mail Address,E-mail 2 ' +
      'Address,Notes,Categories,Birthday',
    'givenName,familyName,organisation,address,address,phones,phones,-,emails,emails,notes,tags,-',
  ],
  [
    'Google',
    'First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - ' +
      'Value,Address 1 - Formatted,Address 1 - City,Organization Name,Birthday',
    'givenName,familyName,tags,-,emails,-,phones,phones,address,address,organisation,-',
  ],
  ['phone', '姓,名,手机,住宅电话,电子邮件地址,公司,家庭住址,生日', 'familyName,givenName,phones,phones,emails,organisation,address,-'],
  ['by hand', '*业主姓名, 联系方式 ,微信号,小区名称,楼栋,房号,销售顾问,备注1', 'name,phones,wechat,address,address,address,owner,notes'],
])('the headers of %s are understood', (_, header, expected) => {
  expect(fieldsOf(header.split(','))).toEqual(expected.split(',').map((field) => (field === '-' ? null : field)))
})

test('of home and business address the filled one is taken, and a formatted one makes its parts needless', () => {
  const outlook = ['First Name', 'Home Street', 'Home City', 'Business Street', 'Business City']
  expect(fieldsOf(outlook, [['A', '', '', '1 Main St', 'Austin']])).toEqual(['givenName', null, null, 'address', 'address'])
  expect(fieldsOf(['Name', 'Address 1 - Formatted', 'Address 1 - City'], [['A', '1 Main St, Austin', 'Austin']])).toEqual([
    'name',
    'address',
    null,
  ])
})

test('unknown headers are guessed by content, less surely', () => {
  const { columns, headerIsData } = detectColumns(
    ['A', 'B', 'C', 'D', 'E', 'F'],
    [
      ['张伟', '13812345678', 'a@qq.com', '杭州市西湖区文三路8号云栖花园3栋1单元201室', '想做一间地下影音室，预算十万', '7'],
      ['欧阳娜娜', '010-62345678、13912345678', 'b@163.com', '上海市浦东新区世纪大道88号', '客户对音箱外观要求比较高的', '8'],
    ],
  )
  expect(headerIsData).toBe(false)
  expect(columns.map(({ field }) => field)).toEqual(['name', 'phones', 'emails', 'address', 'notes', null])
  expect(columns.every(({ confidence }) => confidence < 0.9)).toBe(true)
})

test('a file without header is noticed', () => {
  const { columns, headerIsData } = detectColumns(['张伟', '13812345678'], [['李娜', '13912345678']])
  expect(headerIsData).toBe(true)
  expect(columns.map(({ field }) => field)).toEqual(['name', 'phones'])
})

test('there is never more than one name, and a phone column without phones is doubted', () => {
  expect(fieldsOf(['姓名', '昵称', 'Name'])).toEqual(['name', 'notes', 'notes'])
  expect(detectColumns(['电话'], [['有'], ['无']]).columns[0]?.confidence).toBe(0.5)
})

test('identity numbers, passwords and birthdays are never taken over', () => {
  expect(fieldsOf(['身份证号', '生日', 'WiFi密码', '密码'], [['110101199003072316', '1990-03-07', 'a', 'b']])).toEqual([
    null,
    null,
    null,
    null,
  ])
})
