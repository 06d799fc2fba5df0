import { expect, test } from 'vitest'
import { isBackupDue } from './backupDue.ts'

test.each([
  [null, true],
  ['2026-03-01T00:00:00.000Z', true],
  ['2026-03-03T11:59:59.999Z', true],
  ['2026-03-03T12:00:00.000Z', false],
  ['2026-03-10T11:00:00.000Z', false],
])('after %s a backup is due: %s', (last, due) => {
  expect(isBackupDue(last, new Date('2026-03-10T12:00:00.000Z'))).toBe(due)
})
