/**
 * Characters that only serve to deceive or to break a line: C0/C1 controls except tab and newline, bidi embeddings, overrides and isolates
 * (Unicode TR36, 'Trojan Source'), zero-width space, word joiner, byte order mark, line and paragraph separators.
 * Kept: U+200C/U+200D (Persian and Indic spelling, emoji families), U+200E/U+200F (harmless marks that right-to-left names contain).
 */
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const deceptive = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/g
const lineBreaks = /\r\n?|[\u2028\u2029\u0085]/g
const blanks = /\s+/g
/** Hangul fillers: letters by category, but nothing is drawn for them. */
const invisibleFillers = /[\u115f\u1160\u3164\uffa0]/g

/** Returns how many code points `text` has: what limits are measured in. */
export function countCodePoints(text: string): number {
  let count = text.length
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      count--
      i++
    }
  }
  return count
}

/** Returns the first `most` code points of `text`: cut between code units, half a character could be left, which no field takes. */
export function cutCodePoints(text: string, most: number): string {
  let end = 0
  for (let count = 0; count < most && end < text.length; count++) end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1
  return text.slice(0, end)
}

/**
 * Returns a one-line name: compatibility forms folded (full-width Ａ to A, NFKC of UAX #15), deceptive characters removed, every run of
 * blanks one space, trimmed. Emoji, rare Han (𠮷, 㐂) and right-to-left names stay as they are. Lone surrogates become U+FFFD.
 * Idempotent.
 */
export function normaliseName(input: string): string {
  const clean = input.toWellFormed().replace(lineBreaks, ' ').replace(invisibleFillers, ' ').replace(deceptive, '')
  return keepHan(clean, (part) => part.normalize('NFKC'))
    .replace(blanks, ' ')
    .trim()
}

/**
 * Returns many-line text: only canonical composition (NFC), since NFKC would turn ① and ㎡ in a note into other words; line breaks become
 * \n, deceptive characters go, blanks at line ends go, at most one empty line in a row, trimmed. Idempotent.
 */
export function normaliseText(input: string): string {
  const clean = input.toWellFormed().replace(lineBreaks, '\n').replace(deceptive, '')
  return keepHan(clean, (part) => part.normalize('NFC'))
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/**
 * Returns `text` with `fold` applied to all but CJK compatibility ideographs, which NFKC and NFC would replace by another person's
 * character.
 */
function keepHan(text: string, fold: (part: string) => string): string {
  if (!/[\uf900-\ufaff\u{2f800}-\u{2fa1f}]/u.test(text)) return fold(text)
  return text
    .split(/([\uf900-\ufaff\u{2f800}-\u{2fa1f}]+)/u)
    .map((part, i) => (i % 2 ? part : fold(part)))
    .join('')
}
