import { type Division, divisionsNamedLike } from './divisions.ts'

/** Most ways a word is spelled out. Own choice: a search tries each, and more than one city of a name is rare. */
const most = 6

/** The text with the division's full name in front where one of its names is there, and the same with those within it. */
const spell = (text: string, { name, names, short, parts }: Division): string[] => {
  const within = (rest: string): string[] => parts.flatMap((part) => spell(rest, part))
  const full = names.find((one) => text.startsWith(one))
  const behindShort = text.startsWith(short) && short !== full ? text.slice(short.length) : null
  const tails = [
    ...(full === undefined ? [] : [text.slice(full.length), ...within(text.slice(full.length))]),
    // 青岛市南 is 青岛市 and 南, and 青岛 and 市南区; 青岛市 is not 青岛 and 市.
    ...(behindShort === null ? [] : [...(full === undefined ? [behindShort] : []), ...within(behindShort)]),
  ]
  return tails.map((tail) => name + tail)
}

/**
 * Returns how a stored address may write what somebody searches for: '南山科技园' is '南山区科技园' there, '深圳南山科' is '深圳市南山区科' or
 * '深圳市南山科'. Without the text itself; at most six. None where no division's name begins the text, or nothing follows it.
 */
export const spellOutDivisions = (text: string): string[] => {
  const forms = divisionsNamedLike(text).flatMap(({ one }) => (text === one.short ? [] : spell(text, one)))
  return [...new Set(forms)].filter((form) => form !== text).slice(0, most)
}
