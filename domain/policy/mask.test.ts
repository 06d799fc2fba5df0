import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Mask } from '../catalogue/field.ts'
import { type Division, provinces } from '../text/divisions.ts'
import { looksMasked } from './looksMasked.ts'
import { maskValue } from './mask.ts'
import { sharedRegion } from './region.ts'

test.each([
  ['上海市静安区延安西路100号', '上海市静安区'],
  ['北京朝阳区建国路88号', '北京市朝阳区'],
  ['北京市朝阳区建国路88号', '北京市朝阳区'],
  ['广东省深圳市南山区科技园北区3栋', '广东省深圳市南山区'],
  ['广东深圳市南山区', '广东省深圳市南山区'],
  ['深圳南山区深南大道1号', '广东省深圳市南山区'],
  ['江苏省苏州市工业园区星湖街', '江苏省苏州市苏州工业园区'],
  ['内蒙古自治区呼和浩特市新城区', '内蒙古自治区呼和浩特市新城区'],
  ['新疆维吾尔自治区伊犁哈萨克自治州伊宁县', '新疆维吾尔自治区伊犁哈萨克自治州伊宁县'],
  ['香港特别行政区中环', '香港特别行政区'],
  ['上海市浦东新区世纪大道1号', '上海市浦东新区'],
  ['山东省济南市市中区经四路', '山东省济南市市中区'],
  ['黑龙江省哈尔滨市道里区', '黑龙江省哈尔滨市道里区'],
  ['盐城市亭湖区建军路', '江苏省盐城市亭湖区'],
  ['中国上海市静安区', '上海市静安区'],
  ['200040 上海市静安区', '上海市静安区'],
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
  ['朝阳区建国路88号', ''],
  ['鼓楼区1号', ''],
  ['杭州市西湖文化广场', '浙江省杭州市'],
  ['', ''],
])('of %s the region is %j', (address, region) => {
  expect(sharedRegion(address)).toBe(region)
  expect(maskValue('region', address)).toBe(`${region}••••`)
})

// Every name that may be shown, each level by itself: whatever is shown is made of these and nothing else.
const shownNames = (): ReadonlySet<string> => {
  const all = new Set<string>([''])
  const add = (before: string, one: Division): void => {
    all.add(before + one.name)
    for (const part of one.parts) add(before + one.name, part)
  }
  for (const province of provinces) add('', province)
  return all
}

test('the region of an address is never more than a province, a city and a district of the list', () => {
  const all = shownNames()
  const words =
    '上海市 北京 静安区 深圳 南山 南山区 路 街 小区 三区 号 1 A 城市 花园 王 市 区 县 东区 长宁 省 13800138000 200040 （ 收货地址： 幸福里 5栋 市辖区 广东省'.split(
      ' ',
    )
  fc.assert(
    fc.property(fc.array(fc.constantFrom(' ', ...words), { maxLength: 8 }), (parts) => {
      expect(all).toContain(sharedRegion(parts.join('')))
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
