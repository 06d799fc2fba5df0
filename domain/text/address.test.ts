import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { canonicalAddress, parseAddress } from './address.ts'
import { divisionsNamedLike, provinces } from './divisions.ts'
import { normaliseName } from './normalise.ts'

const lines = readFileSync(new URL('./addressLines.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  // The address itself may hold bars: the other four parts are counted from the end.
  .map((line) => {
    const parts = line.split(' | ')
    const [province, city, district, rest = ''] = parts.slice(-4).map((part) => (part === '-' ? null : part))
    return { address: parts.slice(0, -4).join(' | '), province, city, district, rest }
  })

test('there are at least 200 lines', () => expect(lines.length).toBeGreaterThanOrEqual(200))

test.each(lines)('$address', ({ address, ...parts }) => {
  const read = parseAddress(address)
  expect(read).toMatchObject(parts)
  expect(canonicalAddress(canonicalAddress(address))).toBe(canonicalAddress(address))
  // The canonical text says the same again.
  expect(parseAddress(canonicalAddress(address))).toEqual(read)
})

test('the code is that of the innermost division that is known', () => {
  expect(parseAddress('深圳市南山区').code).toBe('440305')
  expect(parseAddress('广东省深圳市科苑路').code).toBe('440300')
  expect(parseAddress('北京市').code).toBe('110000')
  expect(parseAddress('湖北省仙桃市').code).toBe('429004')
  expect(parseAddress('三元区列东街').code).toBe('350404')
  expect(parseAddress('Baker Street').code).toBeNull()
})

test('each division of the list is read back by its full path, and by the short names where those leave no doubt', () => {
  for (const province of provinces) {
    for (const city of province.parts) {
      for (const district of city.parts.length > 0 ? city.parts : [city]) {
        const path = district === city ? [province, city] : [province, city, district]
        expect(parseAddress(`${path.map(({ name }) => name).join('')}幸福路1号`)).toMatchObject({ code: district.code, rest: '幸福路1号' })
        const short = parseAddress(`${path.map((one) => one.short).join('')}，幸福路1号`)
        // 沙县 is the short name of 沙县区 and the full one of what it was before.
        if (short.code !== null && short.district !== district.short) expect(path.map(({ code }) => code)).toContain(short.code)
      }
    }
  }
})

// Text made of what confuses: names of all levels, streets called after them, numbers, separators, other scripts.
const names = provinces.flatMap((one) => [one, ...one.parts, ...one.parts.flatMap(({ parts }) => parts)])
const piece = fc.oneof(
  fc.constantFrom(...names).map(({ name }) => name),
  fc.constantFrom(...names).map(({ short }) => short),
  fc.constantFrom(
    ...'路 街道 大道 花园 小区 人民路 科技园 市 区 县 城 市辖区 中国 5栋 １２号 邮编： 海 新区 开发区 直辖县级 地址：'.split(' '),
  ),
  fc.constantFrom(' ', '　', '，', ',', '/', '-', '(', '）', '·', '200040', '13800138000', 'Road', '王'),
  fc.string({ unit: 'grapheme', maxLength: 3 }),
)
const written = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(''))

test('the canonical text is final, and parses into what it is made of', () => {
  fc.assert(
    fc.property(written, (text) => {
      const once = canonicalAddress(text)
      expect(canonicalAddress(once)).toBe(once)
      const { province, city, district, rest } = parseAddress(text)
      expect(once).toBe([province, city, district, rest].filter((part) => part !== null).join(''))
    }),
    { numRuns: 3_000 },
  )
})

// Labels, the country, levels that are no place, and separators are left out; 广西省 is called 广西壮族自治区.
const leftOut = new Set(
  Array.from('收货件详细家庭公司单位安装送联系通讯地址住中国华人民共和大陆市辖区省自治直县级行政划 ,，、;；:：/|\\>·_—-'),
)

test('no other character disappears', () => {
  fc.assert(
    fc.property(written, (text) => {
      const kept = new Set(canonicalAddress(text))
      for (const character of normaliseName(text)) if (!leftOut.has(character)) expect(kept).toContain(character)
    }),
    { numRuns: 3_000 },
  )
})

test('what is read is a place of the list, its levels within each other', () => {
  fc.assert(
    fc.property(written, (text) => {
      const { province, city, district, code } = parseAddress(text)
      const path = [province, city, district].filter((part) => part !== null)
      const found = divisionsNamedLike(path.at(-1) ?? '').find(({ one }) => one.code === code)
      expect(found ? [...found.path, found.one].map(({ name }) => name) : []).toEqual(path)
    }),
    { numRuns: 3_000 },
  )
})
