import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldText } from './foldText.ts'

test.each([
  ['Ａｂｃ１２３', 'abc123'],
  ['José Müller-Straße', 'jose muller-strasse'],
  ['阿不都·买买提', '阿不都买买提'],
  ["O’Brien  D'Arcy", 'obrien darcy'],
  ['上海市 浦东新区\n世纪大道', '上海市浦东新区世纪大道'],
  ['沈知远 Tom', '沈知远 tom'],
  ['𠮷野家', '𠮷野家'],
  ['สมชาย', 'สมชาย'],
  ['İstanbul', 'istanbul'],
])('%s folds to %s', (text, folded) => {
  expect(foldText(text)).toBe(folded)
})

test('never holds what separates values and records, whatever goes in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
      expect(foldText(text)).not.toMatch(/[\u0000-\u001f\u007f]/)
    }),
    { numRuns: 500 },
  )
})
