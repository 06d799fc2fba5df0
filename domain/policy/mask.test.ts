import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Mask } from '../catalogue/field.ts'
import { looksMasked, maskValue } from './mask.ts'
import { sharedRegion } from './region.ts'

test.each([
  ['上海市静安区延安西路100号', '上海市静安区'],
  ['北京朝阳区建国路88号', '北京朝阳区'],
  ['北京市朝阳区建国路88号', '北京市朝阳区'],
  ['广东省深圳市南山区科技园北区3栋', '广东省深圳市南山区'],
  ['广东深圳市南山区', '广东深圳市南山区'],
  ['深圳南山区深南大道1号', '深圳南山区'],
  ['江苏省苏州市工业园区星湖街', '江苏省苏州市'],
  ['内蒙古自治区呼和浩特市新城区', '内蒙古自治区呼和浩特市新城区'],
  ['新疆维吾尔自治区伊犁哈萨克自治州伊宁县', '新疆维吾尔自治区伊犁哈萨克自治州伊宁县'],
  ['香港特别行政区中环', '香港特别行政区'],
  ['上海市浦东新区世纪大道1号', '上海市浦东新区'],
  ['山东省济南市市中区经四路', '山东省济南市市中区'],
  ['黑龙江省哈尔滨市道里区', '黑龙江省哈尔滨市道里区'],
  ['盐城市亭湖区建军路', '盐城市亭湖区'],
  ['中国上海市静安区', '中国上海市静安区'],
  ['朝阳区建国路88号', '朝阳区'],
  // What is not a region, or not surely one, stays hidden.
  ['延安西路100号', ''],
  ['北京路100号', ''],
  ['河南中路300弄', ''],
  ['阳光小区3号楼', ''],
  ['幸福家园三区5号', ''],
  ['幸福里三区5号', ''],
  ['万科城市花园12栋', ''],
  ['风景东区8号', ''],
  ['上海市阳光小区3号楼', '上海市'],
  ['上海花园3栋', ''],
  ['红旗路5号', ''],
  ['100 Century Avenue, Pudong, Shanghai', ''],
  ['Flat 3, 区', ''],
  ['200040 上海市静安区', ''],
  ['', ''],
])('of %s the region is %j', (address, region) => {
  expect(sharedRegion(address)).toBe(region)
  expect(maskValue('region', address)).toBe(`${region}••••`)
})

test('the region of an address never reaches into street, estate, number or other scripts', () => {
  const words = [
    '上海市',
    '北京',
    '静安区',
    '路',
    '街',
    '小区',
    '三区',
    '号',
    '1',
    'A',
    ' ',
    '城市',
    '花园',
    '王',
    '市',
    '区',
    '县',
    '东区',
    '长宁',
    '省',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 8 }), (parts) => {
      const address = parts.join('')
      const shown = sharedRegion(address)
      expect(address.startsWith(shown)).toBe(true)
      expect(shown).not.toMatch(/[路街号花园\dA-Za-z\s]|小区|三区/u)
      if (shown !== '') expect(shown).toMatch(/[市省区县]$/u)
    }),
    { numRuns: 2000 },
  )
})

test.each<[Mask, string, string]>([
  ['hide', '消声室', '••••'],
  ['lastFour', '+8613800138000', '••••8000'],
  ['lastFour', '+2901234', '••••'],
  ['ends', '王', '••••'],
  ['ends', '王小明', '王••••'],
  ['ends', '𠮷田太郎君', '𠮷••••君'],
  ['ends', 'lin@example.com', 'l••••m'],
])('%s of %s is %s', (mask, value, shown) => expect(maskValue(mask, value)).toBe(shown))

test('no mask shows more than it declares, and each is recognised as one', () => {
  const most: Record<Exclude<Mask, 'region'>, number> = { hide: 0, lastFour: 4, ends: 2 }
  fc.assert(
    fc.property(
      fc.constantFrom('hide' as const, 'lastFour' as const, 'ends' as const),
      fc.string({ unit: 'binary', maxLength: 40 }),
      (mask, value) => {
        const shown = maskValue(mask, value)
        const open = Array.from(shown).length - 4
        expect(looksMasked(shown)).toBe(true)
        expect(open).toBeLessThanOrEqual(most[mask])
        expect(open).toBeLessThanOrEqual(Array.from(value).length / 2)
      },
    ),
  )
})

test('equal numbers of hidden characters are not told: the dots are always four', () => {
  expect(maskValue('ends', 'abcdef').length).toBe(maskValue('ends', 'a'.repeat(300)).length)
})
