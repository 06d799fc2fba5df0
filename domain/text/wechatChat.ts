import { type ChatTime, chatTimePattern, type Day, readChatTime } from './chatTime.ts'
import { localTimeIn } from './zonedTime.ts'

/** One message as it was copied. `day` is null where nothing says it, `clock` (`14:03`) too. */
export type ChatMessage = { readonly name: string; readonly day: Day | null; readonly clock: string | null; readonly text: string }

/** A copied chat. `before`: what stood above the first message, as it was. */
export type Chat = { readonly messages: readonly ChatMessage[]; readonly before: string }

/** Longest paste that is looked at, in characters: some thousand messages. */
export const longestPaste = 400_000

type Context = { readonly now: Date; readonly zone: string; readonly names: ReadonlySet<string> }
/** The head of a message: who, when, and the first line where it stands beside. `lines`: how many lines the head takes. */
type Head = { readonly name: string; readonly time: ChatTime | null; readonly text: string | null; readonly lines: number }
type Finder = (lines: readonly string[], at: number) => Head | null

const longestName = 40
const bare = (name: string): string => name.trim().replace(/^[@"“”]+|["“”]+$/g, '')
// A name is one line without what only sentences have.
const isName = (name: string): boolean => name.length > 0 && name.length <= longestName && !/[。！？；，\t]|https?:|[,;!?]$/u.test(name)

const timeAtEnd = new RegExp(String.raw`^(?<name>\S.{0,60}?)\s+[(（]?(?<stamp>${chatTimePattern})[)）]?\s*[:：]?$`, 'iu')
const timeFirst = new RegExp(String.raw`^[[(【（]?(?<stamp>${chatTimePattern})[\])】）]?\s+(?<rest>\S.*)$`, 'iu')
const rule = /^[\s—–\-─━_=*·•.]+|[\s—–\-─━_=*·•.]+$/gu
// Lines longer than any time are not looked at: the patterns would be slow on them.
const strip = (line: string): string => (line.length > 120 ? '' : line.replace(rule, ''))
const colon = /^(?<name>[^:：]{1,40})[:：]\s*(?<text>.*)$/u

const previousIsOpen = (lines: readonly string[], at: number, { now, zone }: Context): boolean => {
  const before = lines[at - 1]
  return before === undefined || before.trim() === '' || readChatTime(strip(before), now, zone) !== null
}

/** 张伟 2026/3/5 14:03, and below it what was said. Copied from the desktop's window of past chats, and from a chat sent as e-mail (张伟  14:03). */
const headed =
  (context: Context): Finder =>
  (lines, at) => {
    const line = lines[at]!.trim()
    if (line.length > 120 || readChatTime(strip(line), context.now, context.zone)) return null
    const found = timeAtEnd.exec(line)?.groups
    const time = found ? readChatTime(found['stamp']!, context.now, context.zone) : null
    const name = bare(found?.['name'] ?? '')
    if (!time?.clock || !isName(name)) return null
    // Without a day it might be a sentence that ends in a time: 那就 14:00.
    if (!time.day && !context.names.has(name) && !previousIsOpen(lines, at, context)) return null
    return { name, time, text: null, lines: 1 }
  }

/** 2026-03-05 14:03:22 张伟, with the words below, or beside after a colon: what tools for archives write. */
const stamped =
  (context: Context): Finder =>
  (lines, at) => {
    const found = timeFirst.exec(lines[at]!.trim())?.groups
    const time = found ? readChatTime(found['stamp']!, context.now, context.zone) : null
    if (!found || !time?.clock) return null
    const beside = colon.exec(found['rest']!)?.groups
    const name = bare(beside?.['name'] ?? found['rest']!)
    if (!isName(name) || (!time.day && !beside && !context.names.has(name))) return null
    return { name, time, text: beside?.['text'] ? beside['text'] : null, lines: 1 }
  }

/** 张伟, below it the time, below that the words. */
const stacked =
  (context: Context): Finder =>
  (lines, at) => {
    const name = bare(lines[at]!.replace(/[:：]\s*$/u, ''))
    const below = lines[at + 1]?.trim() ?? ''
    const time = below === '' ? null : readChatTime(below, context.now, context.zone)
    if (!time?.clock || !isName(name) || readChatTime(name, context.now, context.zone)) return null
    return { name, time, text: null, lines: 2 }
  }

/** 张伟: alone on its line, below it the words: several messages copied on a Mac or by the phone. */
const named =
  (context: Context): Finder =>
  (lines, at) => {
    const found = /^(?<name>.{1,40})[:：]$/u.exec(lines[at]!.trim())?.groups
    const name = bare(found?.['name'] ?? '')
    if (!isName(name) || (!context.names.has(name) && !previousIsOpen(lines, at, context))) return null
    if ((lines[at + 1] ?? '').trim() === '') return null
    return { name, time: null, text: null, lines: 1 }
  }

/** A line that is nothing but a name we know, below it the words. */
const bareNamed =
  (context: Context): Finder =>
  (lines, at) => {
    const name = bare(lines[at]!)
    return context.names.has(name) && (lines[at + 1] ?? '').trim() !== '' ? { name, time: null, text: null, lines: 1 } : null
  }

/** 张伟：到了吗. Only of names we know: 预算：三十万 is a note. */
const beside =
  (context: Context): Finder =>
  (lines, at) => {
    const found = colon.exec(lines[at]!.trim())?.groups
    const name = bare(found?.['name'] ?? '')
    return context.names.has(name) ? { name, time: null, text: found!['text']!, lines: 1 } : null
  }

const finders = [headed, stamped, stacked, named, beside, bareNamed] as const

const spread = (time: ChatTime | null): { day: Day | null; clock: string | null } => ({
  day: time?.day ?? null,
  clock: time?.clock ? `${String(time.clock.hour).padStart(2, '0')}:${String(time.clock.minute).padStart(2, '0')}` : null,
})

const trimmed = (lines: readonly string[]): string => {
  const first = lines.findIndex((line) => line.trim() !== '')
  return first < 0 ? '' : lines.slice(first).join('\n').trimEnd()
}

// Splits by one way of writing heads. A time on a line of its own counts only where a head follows it: elsewhere somebody said it.
const split = (lines: readonly string[], find: Finder, { now, zone }: Context): Chat => {
  const messages: (Omit<ChatMessage, 'text'> & { said: string[] })[] = []
  const before: string[] = []
  let day: Day | null = null
  let clock: string | null = null
  const nextIsHead = (from: number): boolean => {
    let at = from
    while (at < lines.length && lines[at]!.trim() === '') at += 1
    return at < lines.length && find(lines, at) !== null
  }
  for (let at = 0; at < lines.length; at += 1) {
    const head = find(lines, at)
    if (head) {
      const time = spread(head.time)
      day = time.day ?? day
      messages.push({ name: head.name, day, clock: time.clock ?? clock, said: head.text === null ? [] : [head.text] })
      at += head.lines - 1
      continue
    }
    const stripped = strip(lines[at]!)
    const separator = stripped === '' ? null : readChatTime(stripped, now, zone)
    if (separator && nextIsHead(at + 1)) {
      const time = spread(separator)
      day = time.day ?? day
      clock = time.clock
    } else (messages.at(-1)?.said ?? before).push(lines[at]!)
  }
  return { messages: messages.map(({ said, ...rest }) => ({ ...rest, text: trimmed(said) })), before: trimmed(before) }
}

// Names that stand as heads at least twice are names, also where a single one would be doubtful.
const repeated = (lines: readonly string[]): string[] => {
  const counts = new Map<string, number>()
  for (const line of lines) {
    const text = line.trim()
    const name = bare(/^(.{1,40})[:：]$/u.exec(text)?.[1] ?? timeAtEnd.exec(text)?.groups?.['name'] ?? '')
    if (isName(name)) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].flatMap(([name, count]) => (count > 1 ? [name] : []))
}

/**
 * Reads several WeChat messages as they come out of a copy: from the desktop's window of past chats, from a Mac, from a phone, from a chat sent as e-mail, in
 * Chinese or English. `names` are names known beforehand: of the customer, of us. Returns null where it is no chat: then it is a note like any other. No
 * line is lost: each is a head, a time between messages, or stands in a message or before them. A day that only says 昨天 is as seen at `now` in `zone`.
 */
export const readWechatChat = (
  pasted: string,
  { now, zone, names }: { now: Date; zone: string; names: readonly string[] },
): Chat | null => {
  if (pasted.length > longestPaste) return null
  const lines = pasted
    .replaceAll('\r\n', '\n')
    .replaceAll(/[\u00a0\u2002\u2003\u2005]/g, ' ')
    .split('\n')
  const given = names.map(bare).filter((name) => name !== '')
  const context = { now, zone, names: new Set([...given, ...repeated(lines)]) }
  const narrow = { ...context, names: new Set(given) }
  let best: Chat | null = null
  for (const finder of finders) {
    const chat = split(lines, finder(finder === beside || finder === bareNamed ? narrow : context), context)
    const speakers = new Set(chat.messages.map(({ name }) => name))
    const isKnown = given.some((name) => speakers.has(name))
    const isTimed = finder === headed || finder === stamped || finder === stacked
    // One who speaks alone is rather a list (地址：…), and one message alone an appointment (老王 周六 14:00): unless we know them, or the year is there.
    const plausible =
      chat.messages.some(({ text }) => text !== '') &&
      (chat.messages.length > 1
        ? isTimed || speakers.size > 1 || isKnown
        : isTimed && (isKnown || (finder !== stacked && /\d{4}/.test(pasted))))
    if (plausible && chat.messages.length > (best?.messages.length ?? 0)) best = chat
  }
  return best && withDays(best, now, zone)
}

// Messages with a time and no day were copied on their day: today, or yesterday where today has not come so far.
const withDays = ({ messages, before }: Chat, now: Date, zone: string): Chat => {
  const local = localTimeIn(zone, now)
  const clockNow = `${String(local.hour).padStart(2, '0')}:${String(local.minute).padStart(2, '0')}`
  const today = { year: local.year, month: local.month, day: local.day }
  const past = new Date(Date.UTC(local.year, local.month - 1, local.day - 1))
  const yesterday = { year: past.getUTCFullYear(), month: past.getUTCMonth() + 1, day: past.getUTCDate() }
  // The last of them decides for all: they are one conversation.
  const last = messages.findLast(({ day, clock }) => day === null && clock !== null)?.clock
  const fallback = last && last > clockNow ? yesterday : today
  return { messages: messages.map((message) => (message.day || !message.clock ? message : { ...message, day: fallback })), before }
}
