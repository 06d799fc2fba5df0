import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { pinyinForms } from '../../domain/text/pinyin.ts'
import { isChinesePattern } from './chinesePatterns.ts'
import { commonPasswords } from './commonPasswords.ts'

// NIST SP 800-63B-4 section 3.1.1.2: at least 15 characters where the password is the only factor, 8 beside another; accept at least 64;
// no composition rules; compare with a list of common, expected or compromised values, among them the user's own names.
const shortest = { only: 15, beside: 8 } as const
const longest = 128

// zxcvbn: 3 is 10^8 guesses and more, what a stolen hash must withstand; 2 is 10^6, beside a second factor and with throttled guessing.
const leastScore = { only: 3, beside: 2 } as const

// In China a long run of digits is a phone number, a birthday or lucky numbers, however long it is.
const digits = /^\d+$/

// Horizontal runs of the keyboard; zxcvbn walks them in both directions.
const rows = ['`1234567890-=', 'qwertyuiop[]\\', "asdfghjkl;'", 'zxcvbnm,./']
const keyboard = Object.fromEntries(
  rows.flatMap((row) => Array.from(row, (key, at) => [key, [row[at - 1] ?? null, row[at + 1] ?? null]] as [string, (string | null)[]])),
)

const strength = new ZxcvbnFactory({ dictionary: { common: [...commonPasswords] }, graphs: { qwerty: keyboard }, maxLength: longest })

/** What is wrong with a password: codes that the client translates. */
export type PasswordProblem = 'too_short' | 'too_long' | 'too_common' | 'contains_name' | 'too_plain'

/** Whether a text is longer than any password: refused before it is hashed. Counted as stored, in code points of the NFKC form. */
export const isTooLong = (password: string): boolean =>
  password.length > 4 * longest || Array.from(password.normalize('NFKC')).length > longest

// As written and as typed on a Latin keyboard; Han names count from two characters on.
const spellings = (known: readonly string[]): string[] => {
  const plain = known.map((word) => word.normalize('NFKC').toLowerCase().trim())
  const typed = plain.flatMap((word) => {
    const { full, initials } = pinyinForms(word)
    return [...full.split(' '), ...initials.split(' ')].filter((form) => form.length >= 3)
  })
  return [...new Set([...plain.filter((word) => Array.from(word).length >= (/\p{Script=Han}/u.test(word) ? 2 : 3)), ...typed])]
}

const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u]

/** Whether a password has three of the four kinds of characters that assessors of 等保 look for; Han and blanks count as others. */
export const isComplex = (password: string): boolean => kinds.filter((kind) => kind.test(password.normalize('NFKC'))).length >= 3

/**
 * Returns what is wrong with a new password, or null. `known` are words an attacker tries first for this account: login, name, company, store.
 * Length counts code points of the NFKC form, as NIST asks; the password is hashed in that form too.
 */
export const passwordProblem = (
  password: string,
  known: readonly string[],
  factors: keyof typeof shortest = 'only',
): PasswordProblem | null => {
  if (isTooLong(password)) return 'too_long'
  const normal = password.normalize('NFKC')
  const length = Array.from(normal).length
  if (length < shortest[factors]) return 'too_short'
  const lower = normal.toLowerCase()
  const words = spellings(known)
  const left = words.reduce((rest, word) => rest.replaceAll(word, ''), lower)
  if (Array.from(left).length < shortest.beside) return 'contains_name'
  if (isChinesePattern(lower, new Set(words))) return 'too_common'
  if (digits.test(normal) || new Set(normal).size < 5 || strength.check(normal, words).score < leastScore[factors]) return 'too_common'
  return null
}
