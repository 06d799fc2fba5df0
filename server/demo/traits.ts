import type { Random } from './random.ts'

const pets = ['两只猫，进门请随手关门', '家里有一条金毛，很亲人', '养了鹦鹉，别突然放大声']
const times = ['周三前勿打电话', '晚八点后才方便接电话', '上午别打，夜班', '周末只有周日下午在家', '先发微信，再打电话', '开会多，短信最快']
const homes = [
  '孩子一岁半，午睡 13:00 到 15:00',
  '老人住一楼，低音别太重',
  '楼下邻居投诉过一次，重低音十点前',
  '门铃坏了，到了打电话',
  '地下室有点潮，除湿机常开',
  '家里不穿外鞋，带鞋套',
  '停车要提前报车牌',
]
const tastes = ['只听古典，讨厌煲机曲', '最爱蔡琴和爵士三重奏', '看球不看片，英超必看', '收马勒全集，版本都记得', '怕冷光，灯要暖']

/** Returns what whoever opens the customer must know first: one or two short facts. */
export const factsOf = (random: Random, isFirm: boolean): string => {
  if (isFirm) return `${random.pick(firmFacts)}。`
  const kinds = [pets, times, homes, tastes]
  const at = random.between(0, kinds.length - 1)
  const one = random.pick(kinds[at]!)
  if (random.chance(0.45)) return `${one}。`
  return `${one}；${random.pick(kinds[(at + 1) % kinds.length]!)}。`
}

const firmFacts = [
  '前台九点上班，到早了进不去',
  '装货电梯在西门，要押证件',
  '周一上午例会，别联系',
  '联系人换过一次，以工作微信为准',
  '只在夜里十点后能施工',
]

const remarks = [
  '看重售后，问得最多的是坏了谁管。',
  '说话直，先给结论再讲道理。',
  '对味道敏感，上门前不要抽烟。',
  '开发票要专票，抬头存过。',
  '装机指名要同一位师傅。',
  '预算卡得紧，但认品质。',
  '自己会测频响，带着话筒来的。',
  '喜欢安静，来店安排里间。',
  '在等新房交付，明年夏天。',
  '旧设备想折价，型号已拍照。',
]
const firmRemarks = [
  '付款走对公，周期 45 天。',
  '进场要提前三天报备。',
  '合同用他们的模板。',
  '每年三月做下一年的预算。',
  '要求 4 小时到场。',
]

/** Returns a remark for the notes. */
export const notesOf = (random: Random, isFirm: boolean): string => random.pick(isFirm ? firmRemarks : remarks)
