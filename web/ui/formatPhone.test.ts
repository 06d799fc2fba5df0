import { expect, test } from 'vitest'
import { formatPhone } from './formatPhone.ts'

test.each([
  ['+8613812345678', '138 1234 5678'],
  ['+862162345678', '021 6234 5678'],
  ['+861062345678', '010 6234 5678'],
  ['+8675512345678', '0755 1234 5678'],
  ['+85291234567', '+85291234567'],
  ['••••5678', '••••5678'],
])('%s is read as %s', (stored, shown) => {
  expect(formatPhone(stored)).toBe(shown)
})
