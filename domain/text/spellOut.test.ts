import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalAddress, parseAddress } from './address.ts'
import { provinces } from './divisions.ts'
import { spellOutDivisions } from './spellOut.ts'

test.each([
  ['南山科技园', ['南山区科技园']],
  ['深圳南山', ['深圳市南山', '深圳市南山区']],
  ['深圳市南山科', ['深圳市南山区科']],
  ['朝阳大悦城', ['朝阳区大悦城', '朝阳市大悦城', '朝阳县大悦城']],
  ['恩施州恩施市', ['恩施土家族苗族自治州恩施市', '恩施市州恩施市']],
  // Nothing follows, or no division begins it.
  ['南山', []],
  ['王小明', []],
  ['8000', []],
  ['', []],
])('%s may be written %j', (text, forms) => expect(spellOutDivisions(text)).toEqual(forms))

const districts = provinces.flatMap((province) =>
  province.parts.flatMap((city) =>
    city.parts.map(({ code, name, short }) => ({
      code,
      full: province.name + city.name + name,
      shorts: [province.short, city.short, short],
    })),
  ),
)

test('what a stored address begins with is found by the short names of its divisions, as it is typed', () => {
  fc.assert(
    fc.property(fc.constantFrom(...districts), fc.integer({ min: 0, max: 2 }), fc.nat(30), ({ code, full, shorts }, from, typed) => {
      const rest = '幸福路18号'
      const stored = canonicalAddress(full + rest)
      fc.pre(parseAddress(stored).code === code)
      const names = shorts.slice(from).join('')
      const query = (names + rest).slice(0, names.length + (typed % rest.length))
      const forms = [query, ...spellOutDivisions(query)]
      // More ways than are tried: 吉林吉林, 南山 in five counties, are narrowed by the next letter.
      fc.pre(forms.length < 7)
      expect(forms.some((form) => stored.includes(form))).toBe(true)
    }),
    { numRuns: 3_000 },
  )
})
