import { expect, test } from 'vitest'
import { splitSyllables } from './splitSyllables.ts'

test.each([
  ['zhiyuan', ['ZhiYuan', 'ZhiYuAn', 'ZhiYuaN', 'ZhiYuAN']],
  ['xian', ['Xian', 'XiAn', 'XiaN', 'XiAN']],
  ['zhiyu', ['ZhiYu']],
  ['sh', ['Sh']],
  ['szy', []],
  ['john', []],
  ['lvse', ['LvSe']],
])('%s reads as %j', (letters, ways) => {
  expect(splitSyllables(letters, 20).toSorted()).toEqual(ways.toSorted())
})

test('stops where it was told to, also for letters with countless readings', () => {
  expect(splitSyllables('xianianianianianianianianianian', 7)).toHaveLength(7)
})
