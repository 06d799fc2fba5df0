import { expect, test } from 'vitest'
import { formatSize } from './backupsStatus.ts'

test.each([
  [7_721, '0.1 MB'],
  [440_000, '0.4 MB'],
  [12_400_000, '12 MB'],
  [3_149_000_000, '3.1 GB'],
])('%d bytes read %s', (bytes, text) => {
  expect(formatSize(bytes)).toBe(text)
})
