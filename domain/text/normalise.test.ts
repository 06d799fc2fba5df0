import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countCodePoints, normaliseName, normaliseText } from './normalise.ts'

test('a name keeps what belongs to it', () => {
  for (const name of ['张三', '𠮷野家', '㐂多', 'محمد علي', 'דוד', '陈🎧先生', '👨‍👩‍👧 王家', 'Ñandú', '神田\ufa19'])
    expect(normaliseName(name)).toBe(name)
})

test('a name loses what deceives or breaks lines', () => {
  expect(normaliseName('  Ａｂｃ\u3000公司\u200b ')).toBe('Abc 公司')
  expect(normaliseName('张\u202e三\u0000\u0007\n李')).toBe('张三 李')
})

test('text keeps its lines and compatibility signs', () => {
  expect(normaliseText(' 一 \r\n二\u2028三\n\n\n\n四 ①㎡ ')).toBe('一\n二\n三\n\n四 ①㎡')
})

test('normalising twice changes nothing, and nothing deceptive is left', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const normalise of [normaliseName, normaliseText]) {
        const once = normalise(text)
        expect(normalise(once)).toBe(once)
        expect(once.isWellFormed()).toBe(true)
        // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
        expect(/[\u0000\u202a-\u202e\u2066-\u2069]/.test(once)).toBe(false)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('code points are counted, not halves', () => {
  expect(countCodePoints('𠮷a🎧')).toBe(3)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(countCodePoints(text)).toBe([...text].length)
    }),
  )
})
