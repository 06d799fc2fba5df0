import { expect, test } from 'vitest'
import { normaliseEmail, splitEmails } from './email.ts'

test.each([
  [' Zhang.San@Example.COM ', 'Zhang.San@example.com'],
  ['zhang＠qq．com', 'zhang@qq.com'],
  ['mailto:a@b.cn', 'a@b.cn'],
  ['张三 <san@163.com>', 'san@163.com'],
  ['张三@例子.中国', '张三@例子.中国'],
])('%s is read as %s', (input, email) => expect(normaliseEmail(input)).toEqual({ email }))

test.each([
  ['', 'empty'],
  ['  ', 'empty'],
  ['a@b', 'not_an_email'],
  ['a b@c.cn', 'not_an_email'],
  ['a@@c.cn', 'not_an_email'],
  ['.a@c.cn', 'not_an_email'],
  ['无', 'not_an_email'],
  [`${'a'.repeat(65)}@c.cn`, 'not_an_email'],
  [`a@${'b.'.repeat(140)}cn`, 'too_long'],
])('%s is refused: %s', (input, problem) => expect(normaliseEmail(input)).toEqual({ problem }))

test('several addresses in a cell are parted', () => {
  expect(splitEmails('a@b.cn；c@d.cn、e@f.cn g@h.cn')).toEqual(['a@b.cn', 'c@d.cn', 'e@f.cn', 'g@h.cn'])
  expect(splitEmails('A B <a@b.cn>, C <c@d.cn>')).toEqual(['A B <a@b.cn>', 'C <c@d.cn>'])
})
