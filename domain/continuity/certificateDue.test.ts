import { expect, test } from 'vitest'
import { isCertificateDue } from './certificateDue.ts'

test.each([
  [90, null, false],
  [22, null, false],
  [21, null, true],
  [-1, null, true],
  [90, 'certificate_key', true],
  [null, null, false],
  [null, 'connection refused', true],
])('with %s days left and the problem %s somebody must see to it: %s', (daysLeft, problem, due) => {
  expect(isCertificateDue({ daysLeft, problem })).toBe(due)
})
