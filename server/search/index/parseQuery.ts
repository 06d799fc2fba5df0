import { AppError } from '../../../domain/errors.ts'
import { normalisePhone } from '../../../domain/text/phone.ts'
import { foldText } from '../../../domain/text/foldText.ts'

/** One word of a query: its folded text, its digits if it is written like a number, and the number if it is a complete one (E.164 without `+`). */
export type Word = { readonly text: string; readonly digits: string | null; readonly phone: string | null }

/** A query: its words, the longest first, and all of it as one folded text, to find the name that is exactly that. */
export type ParsedQuery = { readonly words: readonly Word[]; readonly phrase: string }

/** Longest query in UTF-16 units and most words: far beyond what anyone types, and a bound on what one request costs. */
export const queryLimits = { length: 300, words: 12 } as const

// What people write numbers with; full-width forms are folded before.
const numberLike = /^[+(]?[\d\-().]*\d[\d\-().]*$/

/**
 * Returns the words of a query, or null for an empty one. Adjacent words that only together make a complete phone number ('138 0013 8000')
 * are one. Throws AppError('input_invalid') over queryLimits.
 */
export function parseQuery(query: string): ParsedQuery | null {
  if (query.length > queryLimits.length) throw new AppError('input_invalid', { field: 'q', limit: queryLimits.length })
  const parts = joinPhones(
    query
      .toWellFormed()
      .normalize('NFKC')
      .split(/[\s\u0000]+/u)
      .filter((part) => part !== ''),
  )
  if (parts.length === 0) return null
  if (parts.length > queryLimits.words) throw new AppError('input_invalid', { field: 'q', limit: queryLimits.words })
  const words = parts.map(toWord).filter((word) => word.text !== '')
  // The longest leaves the fewest candidates to the others.
  return { words: words.toSorted((a, b) => Buffer.byteLength(b.text) - Buffer.byteLength(a.text)), phrase: foldText(query) }
}

function toWord(part: string): Word {
  const text = foldText(part)
  if (!numberLike.test(part)) return { text, digits: null, phone: null }
  const digits = part.replace(/\D/g, '')
  return { text, digits, phone: completePhone(part) }
}

function completePhone(part: string): string | null {
  const digits = part.replace(/\D/g, '').length
  // E.164 numbers have at most 15 digits; with a trunk or international prefix 18 are typed.
  if (digits < 7 || digits > 18) return null
  const normalised = normalisePhone(part)
  return 'e164' in normalised ? normalised.e164.slice(1) : null
}

/** Joins the longest runs of number-like parts that normalise to a phone number; a part that is complete by itself stays alone. */
function joinPhones(parts: string[]): string[] {
  const out: string[] = []
  for (let from = 0; from < parts.length;) {
    let to = from
    while (to < parts.length && to - from < 6 && numberLike.test(parts[to]!)) to++
    while (to - from > 1 && completePhone(parts.slice(from, to).join('-')) === null) to--
    const joined = to - from > 1 && !parts.slice(from, to).some((part) => completePhone(part) !== null)
    out.push(joined ? parts.slice(from, to).join('-') : parts[from]!)
    from = joined ? to : from + 1
  }
  return out
}
