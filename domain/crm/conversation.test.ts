import { expect, test } from 'vitest'
import { readWechatChat } from '../text/wechatChat.ts'
import { shopZone } from '../text/zonedTime.ts'
import { conversationEntries, guessSides, speakersOf, withoutKnown } from './conversation.ts'

const now = new Date('2026-03-11T08:20:00Z')
const marks = { customer: '客户', us: '我方' }
const entriesOf = (pasted: string, us = ['小艾'], customer = ['张伟']) => {
  const chat = readWechatChat(pasted, { now, zone: shopZone, names: [...us, ...customer] })!
  return conversationEntries(chat, guessSides(speakersOf(chat), { us, customer }), { marks, now, zone: shopZone })
}

test('each day of a chat is an entry at the time of its last message, with who said what', () => {
  expect(entriesOf('张伟 2026/3/5 14:03\n功放到了吗\n小艾 2026/3/5 14:05\n到了\n周六可以来听\n张伟 2026/3/6 09:10\n[图片]')).toEqual([
    {
      day: '2026-03-05',
      happenedAt: '2026-03-05T06:05:00.000Z',
      text: '14:03 张伟（客户）：功放到了吗\n14:05 小艾（我方）：到了\n周六可以来听',
      messages: 2,
    },
    { day: '2026-03-06', happenedAt: '2026-03-06T01:10:00.000Z', text: '09:10 张伟（客户）：[图片]', messages: 1 },
  ])
})

test('a chat without days or times is an entry of now, and what stood above it heads it', () => {
  expect(entriesOf('他昨天发来：\n\n张伟:\n在吗\n\n小艾:\n在')).toEqual([
    { day: null, happenedAt: now.toISOString(), text: '他昨天发来：\n张伟（客户）：在吗\n小艾（我方）：在', messages: 2 },
  ])
})

test('nothing happens in the future', () => {
  const [entry] = entriesOf('张伟 2026/3/11 23:03\n在吗\n小艾 2026/3/11 23:05\n在')
  expect(entry!.happenedAt).toBe(now.toISOString())
})

test('a day too long for an entry is several, cut between messages where that is possible, and never within a character', () => {
  const long = `张伟 2026/3/5 14:03\n${'啊'.repeat(3_000)}\n小艾 2026/3/5 14:05\n${'𠮷'.repeat(3_000)}`
  const entries = entriesOf(long)
  expect(entries.every(({ text }) => text.length <= 4_000)).toBe(true)
  expect(entries).toHaveLength(3)
  expect(entries.map(({ messages }) => messages)).toEqual([1, 1, 0])
  expect(entries.map(({ text }) => text).join('')).toContain('𠮷'.repeat(1_000))
  expect(entries.every(({ text }) => text.isWellFormed())).toBe(true)
})

test.each([
  [['张伟', '小艾'], { us: ['艾小白'], customer: ['张伟'] }, ['customer', 'us']],
  [['小艾', '老张'], { us: ['小艾'], customer: ['张伟'] }, ['us', 'customer']],
  [['静听音响-小艾', '张伟 愚园路'], { us: ['小艾'], customer: ['张伟'] }, ['us', 'customer']],
  [['A', 'B'], { us: ['小艾'], customer: ['张伟'] }, ['customer', 'us']],
  [['我', '老张'], { us: [], customer: [] }, ['us', 'customer']],
  [['张伟', '李太太', '小艾'], { us: ['小艾'], customer: ['张伟'] }, ['customer', 'other', 'us']],
  [['独白'], { us: ['小艾'], customer: ['张伟'] }, ['customer']],
] as const)('who is who: %s', (names, known, sides) =>
  expect([...guessSides(names, known)].map(([name, side]) => [name, side])).toEqual(
    expect.arrayContaining(names.map((name, i) => [name, sides[i]])),
  ),
)

test('what an earlier paste has written is not written again, and what is new is', () => {
  const [first] = entriesOf('张伟 2026/3/5 14:03\n好\n张伟 2026/3/5 14:03\n好')
  const [again] = entriesOf('张伟 2026/3/5 14:03\n好\n张伟 2026/3/5 14:03\n好\n小艾 2026/3/5 14:09\n周六见')
  expect(withoutKnown([first!], [first!], shopZone)).toEqual([''])
  expect(withoutKnown([again!], [first!], shopZone)).toEqual(['14:09 小艾（我方）：周六见'])
  // Twice said stays twice; the same words of another day are others; sides may differ.
  expect(withoutKnown([first!], [{ ...first!, text: '14:03 张伟：好' }], shopZone)).toEqual(['14:03 张伟（客户）：好'])
  expect(withoutKnown([first!], [{ ...first!, happenedAt: '2026-03-06T06:05:00.000Z' }], shopZone)).toEqual([first!.text])
  // A day in two parts: a known line answers for one of them only.
  expect(withoutKnown([first!, first!], [first!], shopZone)).toEqual(['', first!.text])
})
