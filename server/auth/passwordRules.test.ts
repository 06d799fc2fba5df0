import { expect, test } from 'vitest'
import { inventPassword } from './inventPassword.ts'
import { isTooLong, passwordProblem } from './passwordRules.ts'

test.each([
  ['short1', 'too_short'],
  ['fourteen-chars', 'too_short'],
  ['x'.repeat(129), 'too_long'],
  ['aaaaaaaaaaaaaaaaaaaa', 'too_common'],
  ['123456789012345678', 'too_common'],
  ['woaini1314woaini1314', 'too_common'],
  ['passwordpassword', 'too_common'],
  ['qwertyuiopasdfgh', 'too_common'],
  ['5201314888888666666', 'too_common'],
  ['laobanlaobanlaoban', 'contains_name'],
])('%s is refused as %s', (password, problem) => {
  expect(passwordProblem(password, ['laoban'])).toBe(problem)
})

test.each(['quiet-room-with-thick-walls-41', '安静的房间里有厚厚的墙壁和地毯', 'fjKd93 lkw0 vmEi', '月落乌啼霜满天 江枫渔火对愁眠'])(
  '%s is accepted',
  (password) => {
    expect(passwordProblem(password, ['laoban', '静听影音'])).toBe(null)
  },
)

test('beside a second factor eight characters do', () => {
  expect(passwordProblem('vK3-pLw9', [], 'beside')).toBe(null)
  expect(passwordProblem('vK3-pLw', [], 'beside')).toBe('too_short')
})

// What the mission names: pinyin names, lucky numbers, mobile numbers, plates, birthdays, the dealer's own names, brands.
test.each([
  ['zhangwei19900101', 'pinyin name and birthday'],
  ['liuxiaoming-13812345678', 'pinyin name and mobile number'],
  ['13812345678-19900101', 'mobile number and birthday'],
  ['ouyangxiaoxiao2024', 'double surname'],
  ['wangweiailili520', 'two names'],
  ['5201314-5201314-1314', 'love numbers'],
  ['woaini5201314woaini', 'love words'],
  ['京A12345-京A12345', 'plate'],
  ['yueb12345-yueb12345', 'plate in pinyin'],
  ['粤BD12345.13812345678', 'plate of an electric car'],
  ['yamaha-klipsch-2024', 'brands'],
  ['jtyy-20240101-88888888', 'initials of the company'],
])('%s (%s) is too common', (password) => {
  expect(passwordProblem(password, ['静听影音'])).toBe('too_common')
})

test.each(['jingtingyingyin2024', '静听影音静听影音静听影音2024', 'shenjingan-1990'])('%s says the own name', (password) => {
  expect(['contains_name', 'too_common']).toContain(passwordProblem(password, ['静听影音', '沈静安']))
})

test('an over-long text is refused before anything else looks at it', () => {
  expect(isTooLong('长'.repeat(129))).toBe(true)
  expect(isTooLong('长'.repeat(128))).toBe(false)
  expect(passwordProblem('𠮷'.repeat(100_000), [])).toBe('too_long')
})

test('passwords that the product invents pass its own rules', () => {
  for (let i = 0; i < 300; i += 1) expect(passwordProblem(inventPassword(), ['laoban', '静听影音'])).toBe(null)
})
