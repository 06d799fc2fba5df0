import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pinyinForms, sortKey } from './pinyin.ts'

test.each([
  ['张伟', 'zhangwei', 'zw'],
  ['单晓东', 'shanxiaodong', 'sxd'],
  ['单晓东', 'danxiaodong', 'dxd'],
  ['曾子墨', 'zengzimo', 'zzm'],
  ['仇和', 'qiuhe', 'qh'],
  ['解晓东', 'xiexiaodong', 'xxd'],
  ['欧阳娜娜', 'ouyangnana', 'oynn'],
  ['尉迟恭', 'yuchigong', 'ycg'],
  ['孙乐', 'sunle', 'sl'],
  ['孙乐', 'sunyue', 'sy'],
  ['吕布', 'lvbu', 'lb'],
  ['吕布', 'lubu', 'lb'],
  ['重庆音响', 'chongqingyinxiang', 'cqyx'],
  ['𠮷野家', 'jiyejia', 'jyj'],
  ['㐂多', 'xiduo', 'xd'],
  ['José Ángel', 'joseangel', 'ja'],
  ["O'Neill", 'oneill', 'o'],
  ['张John', 'zhangjohn', 'zj'],
  ['Łódź 3号', 'lodz3hao', 'l3h'],
  ['🎧王', 'wang', 'w'],
])('%s is found by %s and %s', (name, full, initials) => {
  const forms = pinyinForms(name)
  expect(forms.full.split(' ')).toContain(full)
  expect(forms.initials.split(' ')).toContain(initials)
})

test('nothing readable gives nothing, and no name grows beyond eight forms', () => {
  expect(pinyinForms('🎧')).toEqual({ full: '', initials: '' })
  expect(pinyinForms('乐长行重朝盛').full.split(' ').length).toBeLessThanOrEqual(8)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      expect(pinyinForms(name).full.split(' ').length).toBeLessThanOrEqual(8)
      expect(sortKey(name)).toBe(sortKey(name))
    }),
  )
})

test('keys sort as an address book does', () => {
  const inOrder = [
    '3号影院',
    '阿明',
    'Adam',
    '陈安',
    '陈明',
    '成龙',
    'David',
    '黎安',
    '李明',
    '李雪',
    '梁朝伟',
    '吕布',
    '单田芳',
    '曾志伟',
    '张三',
    '章子怡',
    'Zoe',
  ]
  const shuffled = inOrder.toSorted(
    (a, b) => ((a.length * 7 + (a.codePointAt(0) ?? 0)) % 11) - ((b.length * 7 + (b.codePointAt(0) ?? 0)) % 11),
  )
  const sorted = shuffled.toSorted((a, b) => Buffer.compare(Buffer.from(sortKey(a)), Buffer.from(sortKey(b))))
  const pinyinPart = (name: string) => sortKey(name).slice(0, 1)
  expect(sorted.map(pinyinPart)).toEqual(inOrder.map(pinyinPart))
  for (const [before, after] of [
    ['李明', '李雪'],
    ['李雪', '梁朝伟'],
    ['陈明', '成龙'],
    ['单田芳', '曾志伟'],
    ['Zoe', 'محمد'],
    ['张三', '🎧'],
  ] as const)
    expect(Buffer.compare(Buffer.from(sortKey(before)), Buffer.from(sortKey(after)))).toBe(-1)
})
