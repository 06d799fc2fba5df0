import { expect, test } from 'vitest'
import { createTextColumn, appendText } from './textColumn.ts'
import { encodeSyllables, findSyllables, scanSyllables, syllableNeedle } from './syllables.ts'
import { clearHits, createHitSet } from './hitSet.ts'

const matchOf = (letters: string, ...values: string[]): number => {
  const needle = syllableNeedle(letters)
  if (!needle) return -1
  const column = createTextColumn(4)
  appendText(column, [])
  appendText(column, values.map(encodeSyllables))
  const found = createHitSet()
  clearHits(found, 4)
  scanSyllables(column, 0, needle, { group: new Uint32Array(4), table: Uint8Array.of(1), mask: null, found, ranked: true })
  const match = findSyllables(column, 1, needle)?.match ?? 0
  // What is scanned and what is looked up record by record say the same.
  expect([found.marks[0], found.marks[1]]).toEqual([0, match])
  return match
}

test.each([
  ['xian', 'XiAn', 3],
  ['xian', 'Xian', 3],
  ['xian', 'XianXia', 2],
  ['xian', 'XiangShan', 2],
  ['xian', 'XiaNing', 2],
  ['xian', 'LiXiAn', 1],
  ['zhiyuan', 'ShenZhiYuan', 1],
  ['shenzhiyuan', 'ShenZhiYuan', 3],
  ['shenzhiyu', 'ShenZhiYuan', 2],
  ['henzhi', 'ShenZhiYuan', 0],
  ['an', 'ShanXi', 0],
  ['lvse', 'LvSe', 3],
  ['li', 'LinLi', 2],
  ['ng', 'NgLi', -1],
  ['li', 'NgLi', 1],
])('%s in %s', (letters, marked, match) => {
  expect(matchOf(letters, marked)).toBe(match)
})

test('any of several readings may match, and the best tells how well', () => {
  expect(matchOf('dan', 'ShanXiao', 'DanXiao')).toBe(2)
  expect(matchOf('li', 'XiLi', 'Li')).toBe(3)
  expect(matchOf('xiaodan', 'ShanXiao', 'DanXiao')).toBe(0)
})

test('letters that are no syllables give no needle, and countless readings are one needle', () => {
  for (const letters of ['szy', 'john', 'a'.repeat(300)]) expect(syllableNeedle(letters)).toBeNull()
  expect(matchOf(`x${'ian'.repeat(20)}`, `X${'ian'.repeat(20)}`)).toBe(0)
  expect(matchOf('xianian', 'XiAnIan')).toBe(3)
})
