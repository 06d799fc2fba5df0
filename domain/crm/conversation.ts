import { interaction } from './interaction.ts'
import { instantIn, localTimeIn } from '../text/zonedTime.ts'
import type { Chat, ChatMessage } from '../text/wechatChat.ts'

/** Whose words they are: the customer's, ours, or of somebody else in the group. */
export type Side = 'customer' | 'us' | 'other'

/** An entry for the timeline. `day` is `2026-03-05`, null where nothing said it; `happenedAt` is ISO 8601: the last message of the day. */
export type ConversationEntry = {
  readonly day: string | null
  readonly happenedAt: string
  readonly text: string
  readonly messages: number
}

/** Words beside a name that say whose side it is. */
export type SideMarks = Readonly<Record<'customer' | 'us', string>>

const longest = interaction.fields.text.max ?? 4_000

const dayOf = ({ day }: ChatMessage): string | null =>
  day ? `${day.year}-${String(day.month).padStart(2, '0')}-${String(day.day).padStart(2, '0')}` : null

/** Returns the names that speak in a chat, in the order of their first word. */
export const speakersOf = (chat: Chat): string[] => [...new Set(chat.messages.map(({ name }) => name))]

/**
 * Guesses the sides: a name that is one of ours is us, one of the customer's names the customer. Of two, the other is the other side; nobody known, and the first
 * to speak is the customer.
 */
export const guessSides = (names: readonly string[], known: { us: readonly string[]; customer: readonly string[] }): Map<string, Side> => {
  const like = (name: string, list: readonly string[]): boolean =>
    list.some((one) => one.trim().length > 1 && (name === one || name.includes(one) || (name.length > 1 && one.includes(name))))
  const own = new Set(['我', 'me', 'you', '我方'])
  const sides = new Map<string, Side>()
  for (const name of names) {
    if (own.has(name.toLowerCase()) || like(name, known.us)) sides.set(name, 'us')
    else if (like(name, known.customer)) sides.set(name, 'customer')
  }
  const open = names.filter((name) => !sides.has(name))
  const taken = new Set(sides.values())
  if (!taken.has('customer') && open[0] !== undefined) sides.set(open[0], 'customer')
  if (!taken.has('us') && names.length === 2 && open.length > 0)
    sides.set(open.at(-1)!, open.length === 2 || taken.has('customer') ? 'us' : 'customer')
  for (const name of names) if (!sides.has(name)) sides.set(name, 'other')
  return sides
}

/** Returns a message as a line of the timeline: `14:03 张伟（客户）：到了吗`. Further lines of it follow as they are. */
const lineOf = ({ name, clock, text }: ChatMessage, side: Side | undefined, marks: SideMarks): string =>
  `${clock ? `${clock} ` : ''}${name}${side === 'customer' || side === 'us' ? `（${marks[side]}）` : ''}：${text}`

// Cuts where characters are whole, so that no half of an emoji is stored.
const pieces = (text: string, size: number): string[] => {
  const found: string[] = []
  let rest = text
  while (rest.length > size) {
    const end = /[\ud800-\udbff]/.test(rest[size - 1]!) ? size - 1 : size
    found.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return [...found, rest]
}

/** Lines joined into texts that an entry can hold: a day of many words is several entries. */
const fill = (lines: readonly string[]): { text: string; lines: number }[] => {
  const texts: { text: string; lines: number }[] = []
  for (const line of lines) {
    for (const [i, piece] of pieces(line, longest).entries()) {
      const last = texts.at(-1)
      if (last && last.text.length + 1 + piece.length <= longest) {
        last.text += `\n${piece}`
        last.lines += i === 0 ? 1 : 0
      } else texts.push({ text: piece, lines: i === 0 ? 1 : 0 })
    }
  }
  return texts
}

/**
 * Returns a chat as entries of the timeline: one for each day of it, several where a day is longer than an entry. What stood above the first message heads the
 * first. Messages without a day are entries at `now`.
 */
export const conversationEntries = (
  chat: Chat,
  sides: ReadonlyMap<string, Side>,
  { marks, now, zone }: { marks: SideMarks; now: Date; zone: string },
): ConversationEntry[] => {
  const days: { day: string | null; messages: ChatMessage[] }[] = []
  for (const message of chat.messages) {
    const day = dayOf(message)
    const known = days.find((one) => one.day === day)
    if (known) known.messages.push(message)
    else days.push({ day, messages: [message] })
  }
  return days.flatMap(({ day, messages }, i) => {
    const last = messages.findLast(({ clock }) => clock !== null) ?? messages.at(-1)!
    const [hour, minute] = last.clock ? last.clock.split(':').map(Number) : [12, 0]
    const at = last.day ? instantIn(zone, { ...last.day, hour: hour ?? 12, minute: minute ?? 0 }) : now
    const lines = messages.map((message) => lineOf(message, sides.get(message.name), marks))
    const headed = i === 0 && chat.before !== '' ? [`${chat.before}\n${lines[0] ?? ''}`, ...lines.slice(1)] : lines
    const happenedAt = new Date(Math.min(at.getTime(), now.getTime())).toISOString()
    return fill(headed).map(({ text, lines: count }) => ({ day, happenedAt, text, messages: count }))
  })
}

const plain = (line: string): string =>
  line
    .replace(/（[^（）]{1,20}）(?=：)/u, '')
    .replace(/\s+/gu, ' ')
    .trim()

/** A text and when it happened (ISO 8601). */
export type Dated = { readonly happenedAt: string; readonly text: string }

/**
 * Returns the texts of `entries` without the lines that `known` entries of the same day hold already, empty where nothing is new: a chat copied again, or further
 * than last time, is not written twice. Each known line answers for one: what was said twice stays twice. Sides are not compared, for they may be set otherwise
 * the second time. Days are those of `zone`.
 */
export const withoutKnown = (entries: readonly Dated[], known: readonly Dated[], zone: string): string[] => {
  const dayOfEntry = ({ happenedAt }: Dated): string => {
    const { year, month, day } = localTimeIn(zone, new Date(happenedAt))
    return `${year}-${month}-${day}`
  }
  const held = new Map<string, number>()
  const keyOf = (day: string, line: string): string => `${day} ${plain(line)}`
  for (const entry of known)
    for (const line of entry.text.split('\n')) {
      const key = keyOf(dayOfEntry(entry), line)
      held.set(key, (held.get(key) ?? 0) + 1)
    }
  return entries.map((entry) => {
    const fresh = entry.text.split('\n').filter((line) => {
      const key = keyOf(dayOfEntry(entry), line)
      const left = held.get(key) ?? 0
      if (left > 0) held.set(key, left - 1)
      return left === 0
    })
    return fresh.join('\n').trim()
  })
}
