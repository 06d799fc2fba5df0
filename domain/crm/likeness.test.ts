import { expect, test } from 'vitest'
import { likenessKeys } from './likeness.ts'

const alike = (a: [string, string], b: [string, string]): boolean => {
  const keys = new Set(likenessKeys(a[0], [a[1]]))
  return likenessKeys(b[0], [b[1]]).some((key) => keys.has(key))
}

test.each<[[string, string], [string, string]]>([
  [
    ['沈静安', '上海市静安区南京西路1266号3栋1202室'],
    ['沈先生', '静安区南京西路1266号3幢1202'],
  ],
  [
    ['沈静安', '上海市静安区南京西路1266号'],
    ['沈静安（转介绍）', '南京西路 1266 号 3 栋 1202 室'],
  ],
  [
    ['李总', '广东省深圳市南山区科苑路15号讯美广场2栋801'],
    ['李伟', '深圳南山科苑路15号讯美广场2栋801室'],
  ],
  [
    ['ＳＨＥＮ', '上海市徐汇区衡山路８号２０１'],
    ['shen', '衡山路8号201'],
  ],
])('%j and %j are alike', (a, b) => {
  expect(alike(a, b)).toBe(true)
})

test.each<[[string, string], [string, string]]>([
  [
    ['沈静安', '上海市静安区南京西路1266号3栋1202室'],
    ['沈静安', '上海市静安区延安西路1266号3栋1202室'],
  ],
  [
    ['沈静安', '上海市静安区南京西路1266号'],
    ['沈先生', '上海市静安区南京西路1266号'],
  ],
  [
    ['沈静安', '上海市静安区南京西路1266号3栋1202室'],
    ['王静安', '上海市静安区南京西路1266号3栋1202室'],
  ],
  [
    ['沈静安', '上海市静安区南京西路1266号3栋1202室'],
    ['沈先生', '上海市静安区南京西路1266号3栋1203室'],
  ],
  [
    ['沈静安', '上海市静安区'],
    ['沈静安', '上海市静安区'],
  ],
])('%j and %j are not', (a, b) => {
  expect(alike(a, b)).toBe(false)
})
