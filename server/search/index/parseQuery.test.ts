import { expect, test } from 'vitest'
import { parseQuery } from './parseQuery.ts'

const texts = (query: string): string[] | undefined =>
  parseQuery(query)
    ?.words.map((word) => word.phone ?? word.text)
    .toSorted()

test.each([
  ['沈 知远', ['沈', '知远']],
  ['138 0013 8000', ['8613800138000']],
  ['沈 138 0013 8000 上海', ['8613800138000', '上海', '沈']],
  ['+86 (010) 6234-5678', ['861062345678']],
  ['13800138000 13900139000', ['8613800138000', '8613900139000']],
  ['8000 5678', ['5678', '8000']],
  ['１３８００１３８０００', ['8613800138000']],
  ['3D 2', ['2', '3d']],
])('%s is read as %j', (query, words) => {
  expect(texts(query)).toEqual(words)
})

test('blank is no query, and punctuation is one without words', () => {
  expect(parseQuery(' 　\n')).toBeNull()
  expect(parseQuery('·')?.words).toEqual([])
})

test('too long and too many words are refused', () => {
  expect(() => parseQuery('a'.repeat(301))).toThrow('input_invalid')
  expect(() => parseQuery('a b c d e f g h i j k l m')).toThrow('input_invalid')
})
