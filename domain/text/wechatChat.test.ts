import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readChatTime } from './chatTime.ts'
import { readWechatChat } from './wechatChat.ts'
import { instantIn, localTimeIn, shopZone } from './zonedTime.ts'

/** Wednesday, 11 March 2026, 16:20 in Shanghai. */
const now = new Date('2026-03-11T08:20:00Z')
const at = { now, zone: shopZone }

/** Everything as `name day clock text`, for reading the expectation at a glance. */
const read = (pasted: string, names: string[] = []): string[] | null => {
  const chat = readWechatChat(pasted, { ...at, names })
  return (
    chat &&
    chat.messages.map(({ name, day, clock, text }) =>
      [name, day ? `${day.year}-${day.month}-${day.day}` : '-', clock ?? '-', text].join(' | '),
    )
  )
}

test.each([
  ['2026/3/5 14:03', '2026-3-5 14:3'],
  ['2026-03-05 14:03:22', '2026-3-5 14:3'],
  ['2026年3月5日 14:03', '2026-3-5 14:3'],
  ['2026年3月5日 星期四 下午2:30', '2026-3-5 14:30'],
  ['3月5日 下午2:30', '2026-3-5 14:30'],
  ['3月5日 晚上8:05', '2026-3-5 20:5'],
  ['12月30日 上午9:00', '2025-12-30 9:0'],
  ['昨天 14:03', '2026-3-10 14:3'],
  ['昨天 凌晨12:40', '2026-3-10 0:40'],
  ['前天 中午12:10', '2026-3-9 12:10'],
  ['今天 早上7:15', '2026-3-11 7:15'],
  ['星期一 14:03', '2026-3-9 14:3'],
  ['星期三', '2026-3-4 -'],
  ['周日 21:00', '2026-3-8 21:0'],
  ['下午2:30', '- 14:30'],
  ['14:03', '- 14:3'],
  ['14：03', '- 14:3'],
  ['Yesterday 2:30 PM', '2026-3-10 14:30'],
  ['Mon 9:05 AM', '2026-3-9 9:5'],
  ['Tuesday 12:15 AM', '2026-3-10 0:15'],
  ['Mar 5, 2026 2:30 PM', '2026-3-5 14:30'],
  ['March 5, 2026 at 14:30', '2026-3-5 14:30'],
  ['5 March 2026 14:03', '2026-3-5 14:3'],
  ['3/5/26 2:30 PM', '2026-3-5 14:30'],
  ['25/2/2026 14:30', '2026-2-25 14:30'],
])('time %s', (text, expected) => {
  const found = readChatTime(text, now, shopZone)
  const { day, clock } = found ?? { day: null, clock: null }
  expect(`${day ? `${day.year}-${day.month}-${day.day}` : '-'} ${clock ? `${clock.hour}:${clock.minute}` : '-'}`).toBe(expected)
})

test.each([
  '',
  '2026/2/30 14:03',
  '2026/13/5 14:03',
  '25:00',
  '14:75',
  '3月',
  '约 14:03',
  '120平',
  '1.5',
  '2026',
  '星期八',
  '3-5',
  '13812345678',
])('no time: %s', (text) => expect(readChatTime(text, now, shopZone)).toBeNull())

test.each<[string, string, string[], string[]?]>([
  [
    'the desktop: name and full time on one line',
    '张伟 2026/3/5 14:03\n功放到了吗\n小艾 2026/3/5 14:05\n到了，周六可以来听',
    ['张伟 | 2026-3-5 | 14:03 | 功放到了吗', '小艾 | 2026-3-5 | 14:05 | 到了，周六可以来听'],
  ],
  [
    'the desktop, with seconds and blank lines between',
    '张伟 2026-03-05 14:03:22\n功放到了吗\n\n静听音响-小艾 2026-03-05 14:05:10\n到了\n周六可以来听\n',
    ['张伟 | 2026-3-5 | 14:03 | 功放到了吗', '静听音响-小艾 | 2026-3-5 | 14:05 | 到了\n周六可以来听'],
  ],
  ['one message alone, with its full time', '张伟 2026/3/5 14:03\n[图片]', ['张伟 | 2026-3-5 | 14:03 | [图片]']],
  [
    'Windows line ends and no-break spaces',
    '张伟\u00a02026/3/5\u00a014:03\r\n你好\r\n小艾 2026/3/5 14:04\r\n您好\r\n',
    ['张伟 | 2026-3-5 | 14:03 | 你好', '小艾 | 2026-3-5 | 14:04 | 您好'],
  ],
  [
    'a chat sent as e-mail: days between dashes, times beside names',
    '如下是微信用户张伟与小艾的聊天记录\n\n—————  2026-03-05  —————\n\n\n张伟  14:03\n\n功放到了吗\n\n\n小艾  14:05\n\n[语音]\n\n—————  2026-03-06  —————\n\n\n张伟  09:10\n\n几点开门',
    ['张伟 | 2026-3-5 | 14:03 | 功放到了吗', '小艾 | 2026-3-5 | 14:05 | [语音]', '张伟 | 2026-3-6 | 09:10 | 几点开门'],
  ],
  [
    'the same in English',
    'The following is the chat history:\n\n—————  2026-3-5  —————\n\nWei Zhang  2:30 PM\n\nHas the amp arrived?\n\nAi  2:31 PM\n\n[Photo]',
    ['Wei Zhang | 2026-3-5 | 14:30 | Has the amp arrived?', 'Ai | 2026-3-5 | 14:31 | [Photo]'],
  ],
  [
    'a Mac: names with a colon, no times',
    '张伟:\n功放到了吗\n\n小艾:\n[图片]\n\n张伟:\n好的',
    ['张伟 | - | - | 功放到了吗', '小艾 | - | - | [图片]', '张伟 | - | - | 好的'],
  ],
  [
    'the same without blank lines and with Chinese colons',
    '张伟：\n功放到了吗\n小艾：\n到了\n张伟：\n好\n小艾：\n周六见',
    ['张伟 | - | - | 功放到了吗', '小艾 | - | - | 到了', '张伟 | - | - | 好', '小艾 | - | - | 周六见'],
  ],
  [
    'names with a colon under days and times of their own',
    '昨天 14:03\n\n张伟:\n在吗\n\n小艾:\n在的\n\n3月5日 下午2:30\n\n张伟:\n想听听书架箱',
    ['张伟 | 2026-3-10 | 14:03 | 在吗', '小艾 | 2026-3-10 | 14:03 | 在的', '张伟 | 2026-3-5 | 14:30 | 想听听书架箱'],
  ],
  ['a day by its weekday', '星期三\n张伟:\n在吗\n\n小艾:\n在', ['张伟 | 2026-3-4 | - | 在吗', '小艾 | 2026-3-4 | - | 在']],
  [
    'name, time and words each on a line',
    '张伟\n2026/3/5 14:03\n你好\n小艾\n2026/3/5 14:05\n您好，请讲',
    ['张伟 | 2026-3-5 | 14:03 | 你好', '小艾 | 2026-3-5 | 14:05 | 您好，请讲'],
  ],
  [
    'name above a time without a day',
    '张伟\n昨天 14:03\n你好\n小艾\n昨天 14:05\n您好',
    ['张伟 | 2026-3-10 | 14:03 | 你好', '小艾 | 2026-3-10 | 14:05 | 您好'],
  ],
  [
    'time first, from an archive tool',
    '2026-03-05 14:03:22 张伟\n你好\n2026-03-05 14:05:10 小艾\n您好',
    ['张伟 | 2026-3-5 | 14:03 | 你好', '小艾 | 2026-3-5 | 14:05 | 您好'],
  ],
  [
    'time first and words beside',
    '[2026/3/5 14:03] 张伟: 你好\n[2026/3/5 14:05] 小艾: 您好\n请讲',
    ['张伟 | 2026-3-5 | 14:03 | 你好', '小艾 | 2026-3-5 | 14:05 | 您好\n请讲'],
  ],
  [
    'time in brackets after the name',
    '张伟 (2026/3/5 14:03)\n你好\n小艾 (2026/3/5 14:05):\n您好',
    ['张伟 | 2026-3-5 | 14:03 | 你好', '小艾 | 2026-3-5 | 14:05 | 您好'],
  ],
  [
    'words beside names that we know',
    '张伟：功放到了吗\n小艾：到了\n张伟：好',
    ['张伟 | - | - | 功放到了吗', '小艾 | - | - | 到了', '张伟 | - | - | 好'],
    ['张伟', '小艾'],
  ],
  [
    'nothing but names that we know above the words',
    '张伟\n功放到了吗\n小艾\n到了',
    ['张伟 | - | - | 功放到了吗', '小艾 | - | - | 到了'],
    ['张伟', '小艾'],
  ],
  [
    'times of today without a day',
    '张伟 14:03\n在吗\n\n小艾 14:05\n在',
    ['张伟 | 2026-3-11 | 14:03 | 在吗', '小艾 | 2026-3-11 | 14:05 | 在'],
  ],
  [
    'a time that today has not come to is of yesterday',
    '张伟 22:03\n在吗\n\n小艾 22:05\n在',
    ['张伟 | 2026-3-10 | 22:03 | 在吗', '小艾 | 2026-3-10 | 22:05 | 在'],
  ],
  [
    'a sentence that ends in a time is a sentence',
    '张伟 2026/3/5 14:03\n那就\n周六 14:00\n可以吗\n小艾 2026/3/5 14:05\n可以',
    ['张伟 | 2026-3-5 | 14:03 | 那就\n周六 14:00\n可以吗', '小艾 | 2026-3-5 | 14:05 | 可以'],
  ],
  [
    'words with a colon are words',
    '张伟 2026/3/5 14:03\n地址：\n愚园路1088弄\n预算：30万\n小艾 2026/3/5 14:05\n收到',
    ['张伟 | 2026-3-5 | 14:03 | 地址：\n愚园路1088弄\n预算：30万', '小艾 | 2026-3-5 | 14:05 | 收到'],
  ],
  [
    'a message of several paragraphs keeps them',
    '张伟 2026/3/5 14:03\n第一\n\n第二\n小艾 2026/3/5 14:05\n好',
    ['张伟 | 2026-3-5 | 14:03 | 第一\n\n第二', '小艾 | 2026-3-5 | 14:05 | 好'],
  ],
  [
    'placeholders of every kind stay',
    '张伟 2026/3/5 14:03\n[图片]\n张伟 2026/3/5 14:03\n[语音] 12"\n张伟 2026/3/5 14:04\n[文件] 户型图.pdf\n张伟 2026/3/5 14:04\n[动画表情]',
    [
      '张伟 | 2026-3-5 | 14:03 | [图片]',
      '张伟 | 2026-3-5 | 14:03 | [语音] 12"',
      '张伟 | 2026-3-5 | 14:04 | [文件] 户型图.pdf',
      '张伟 | 2026-3-5 | 14:04 | [动画表情]',
    ],
  ],
  [
    'a quotation stays in its message',
    '小艾 2026/3/5 14:03\n「张伟：几点开门」\n- - - - - - - - - - - - - - -\n十点\n张伟 2026/3/5 14:04\n好',
    ['小艾 | 2026-3-5 | 14:03 | 「张伟：几点开门」\n- - - - - - - - - - - - - - -\n十点', '张伟 | 2026-3-5 | 14:04 | 好'],
  ],
  [
    'names of several words, with signs and emoji',
    'AAA 全屋智能 王工🎧 2026/3/5 14:03\n来了\nMr. O’Neil (HK) 2026/3/5 14:05\nok',
    ['AAA 全屋智能 王工🎧 | 2026-3-5 | 14:03 | 来了', 'Mr. O’Neil (HK) | 2026-3-5 | 14:05 | ok'],
  ],
  [
    'a group of three',
    '张伟 2026/3/5 14:03\n几点\n李太太 2026/3/5 14:04\n我也来\n小艾 2026/3/5 14:05\n都欢迎',
    ['张伟 | 2026-3-5 | 14:03 | 几点', '李太太 | 2026-3-5 | 14:04 | 我也来', '小艾 | 2026-3-5 | 14:05 | 都欢迎'],
  ],
  [
    'past midnight and the turn of the year',
    '张伟 12月31日 晚上11:58\n新年快乐\n小艾 1月1日 凌晨12:01\n同乐',
    ['张伟 | 2025-12-31 | 23:58 | 新年快乐', '小艾 | 2026-1-1 | 00:01 | 同乐'],
  ],
  [
    'an English phone',
    'Wei Zhang Yesterday 2:30 PM\nHello\nAi Yesterday 2:31 PM\nHi',
    ['Wei Zhang | 2026-3-10 | 14:30 | Hello', 'Ai | 2026-3-10 | 14:31 | Hi'],
  ],
  [
    'a name like a role, and the mark of a mention',
    '@张伟 2026/3/5 14:03\n在\n客服 2026/3/5 14:05\n您好',
    ['张伟 | 2026-3-5 | 14:03 | 在', '客服 | 2026-3-5 | 14:05 | 您好'],
  ],
  ['an empty message', '张伟 2026/3/5 14:03\n小艾 2026/3/5 14:05\n您好', ['张伟 | 2026-3-5 | 14:03 | ', '小艾 | 2026-3-5 | 14:05 | 您好']],
])('%s', (_, pasted, expected, names = []) => expect(read(pasted, names)).toEqual(expected))

test.each([
  ['a note', '周六 14:00 来店里听 LS50，预算三万，两只猫'],
  ['a list', '预算：30万\n面积：120平\n风格：现代'],
  ['a list with headings', '客厅：\n5.1 声道\n主卧：\n壁挂'],
  ['an appointment', '约了\n周六 14:00'],
  ['an appointment in three lines', '约了\n周六 14:00\n来店里'],
  ['an appointment on one line', '老王 周六 14:00\n来店里'],
  ['a number and an address', '13812345678\n上海市长宁区愚园路1088弄'],
  ['opening hours', '周一 10:00\n周二 10:00\n周三 10:00'],
  ['nothing', ' \n\n '],
  ['a link', 'https://example.com:8080/a 14:03\n看看这个'],
])('no chat: %s', (_, pasted) => expect(read(pasted)).toBeNull())

test('what stood above the first message is kept as it was', () => {
  const chat = readWechatChat('他昨天发来的：\n\n张伟 2026/3/5 14:03\n你好\n小艾 2026/3/5 14:05\n您好', { ...at, names: [] })
  expect(chat?.before).toBe('他昨天发来的：')
})

test('no line is lost, whatever is pasted', () => {
  const line = fc.oneof(
    fc.constantFrom(
      '张伟 2026/3/5 14:03',
      '小艾 2026/3/5 14:05',
      '张伟:',
      '昨天 14:03',
      '星期三',
      '',
      '—— 2026-03-05 ——',
      '小艾',
      '你好',
      '14:03',
    ),
    fc.string({ maxLength: 20, unit: 'grapheme' }).map((text) => text.replaceAll(/[\n\r\u00a0\u2002\u2003\u2005]/g, ' ')),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const chat = readWechatChat(lines.join('\n'), { ...at, names: ['小艾'] })
      if (!chat) return
      const kept = [chat.before, ...chat.messages.flatMap(({ name, text }) => [name, text])].join('\n')
      for (const one of lines) {
        const text = one.trim()
        // A head is kept as its name, a time between messages as the day and time of what follows.
        const isTime = readChatTime(text.replace(/^[\s—–\-─━_=*·•.]+|[\s—–\-─━_=*·•.]+$/gu, ''), now, shopZone) !== null
        if (text !== '' && !isTime)
          expect(kept).toContain(
            text
              .replace(/\s*2026\/3\/5 14:0[35]$|:$/u, '')
              .replace(/^[@"“”]+/, '')
              .trim(),
          )
      }
    }),
    { numRuns: 2_000 },
  )
})

test('a paste of hundreds of messages and one of nonsense are read in a blink', () => {
  const long = Array.from({ length: 5_000 }, (_, i) => `张伟 2026/3/5 14:0${i % 10}\n${'好'.repeat(30)}`).join('\n')
  expect(readWechatChat(long, { ...at, names: [] })?.messages).toHaveLength(5_000)
  expect(readWechatChat(`${' '.repeat(100_000)}x\n${'—'.repeat(100_000)}`, { ...at, names: [] })).toBeNull()
  expect(readWechatChat('a'.repeat(400_001), { ...at, names: [] })).toBeNull()
})

test('clocks of a zone and back, where clocks change too', () => {
  expect(instantIn(shopZone, { year: 2026, month: 3, day: 5, hour: 0, minute: 30 }).toISOString()).toBe('2026-03-04T16:30:00.000Z')
  for (const zone of [shopZone, 'Europe/London', 'America/New_York', 'Asia/Kathmandu'])
    for (let month = 1; month <= 12; month += 1) {
      const local = { year: 2026, month, day: 15, hour: 13, minute: 5 }
      expect(localTimeIn(zone, instantIn(zone, local))).toEqual(local)
    }
})
