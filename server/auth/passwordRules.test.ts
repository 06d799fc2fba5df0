import { expect, test } from 'vitest'
import { passwordProblem } from './passwordRules.ts'

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
