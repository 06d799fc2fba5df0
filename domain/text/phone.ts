import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

/** Why a phone number is refused. `scientific`: a spreadsheet rounded it (1.38E+10) and its digits are gone. */
export type PhoneProblem = 'empty' | 'scientific' | 'area_code_missing' | 'too_short' | 'too_long' | 'not_a_phone'

export type NormalisedPhone = { e164: string; extension?: string } | { problem: PhoneProblem }

const label =
  /^(?:手机号码|手机号|手机|电话号码|电话|座机|固话|联系电话|移动电话|办公|住宅|家庭|mobile|phone|tel|cell|fax|传真)\s*[:.]?\s*/i
const extensionMark = /\s*(?:转|分机号?|ext\.?|x|;ext=|#)\s*:?\s*(\d{1,6})$/i
/**
 * A mainland mobile number: eleven digits that begin with 13 to 19 (MIIT numbering plan). Wider than the library, which learns new
 * prefixes late.
 */
const mainlandMobile = /^1[3-9]\d{9}$/
/** Neighbours whose prefix people write without `+`: Hong Kong, Macau, Taiwan. */
const neighbour = /^(?:852|853|886)\d{8,10}$/

/**
 * Returns the number in E.164 (ITU-T), with its extension if it names one, or the problem. Read as a mainland number unless it has a
 * prefix. Understands +86, 0086, blanks, hyphens, brackets, full-width digits, labels ('手机:'), landlines with area code, 400 and 800
 * numbers, Excel's `="138…"`, `'138…` and `13800138000.0`, and 852/853/886 without `+`.
 */
export function normalisePhone(input: string): NormalisedPhone {
  const text = tidy(input)
  if (text === '') return { problem: 'empty' }
  if (/^\d(?:\.\d+)?e\+?\d+$/i.test(text)) return { problem: 'scientific' }
  const extension = extensionMark.exec(text)?.[1]
  const main = extension === undefined ? text : text.replace(extensionMark, '')
  if (!/^\(?\+?[\d\s().·-]+$/.test(main)) return { problem: 'not_a_phone' }
  const e164 = toE164(main)
  if (e164 === null) return { problem: explain(main.replace(/\D/g, '')) }
  return extension === undefined ? { e164 } : { e164, extension }
}

/**
 * Returns the phone numbers written in one cell, as written: parted by 、 / ; , | or line breaks, or by blanks where both sides are whole
 * numbers ('138 1234 5678 139…'). A second number after a landline inherits its area code ('010-62345678/62345679'). Never an empty piece.
 */
export function splitPhones(cell: string): string[] {
  const pieces = cell
    .normalize('NFKC')
    .replace(/;ext=/gi, '转')
    .split(/[\n\r、/;,|]+|\s+(?:或|和|or)\s+/)
    .flatMap((piece) => splitAtBlanks(piece.trim()))
  let areaCode = ''
  return pieces.map((piece) => {
    const whole = areaCode !== '' && /^[2-9]\d{6,7}$/.test(piece) ? `${areaCode}-${piece}` : piece
    areaCode = /^\(?(0\d{2,3})\)?[-\s]?\d{7,8}$/.exec(piece)?.[1] ?? areaCode
    return whole
  })
}

/**
 * Returns a stored number as people read it: '138 1234 5678', '010 6234 5678', '400 123 4567', others with their prefix: '+852 9123
 * 4567'.
 */
export function formatPhone(e164: string): string {
  const mobile = /^\+86(1\d{2})(\d{4})(\d{4})$/.exec(e164)
  if (mobile) return `${mobile[1]} ${mobile[2]} ${mobile[3]}`
  const service = /^\+86([48]00)(\d{3})(\d{4})$/.exec(e164)
  if (service) return `${service[1]} ${service[2]} ${service[3]}`
  const parsed = parsePhoneNumberFromString(e164)
  if (!parsed) return e164
  return parsed.countryCallingCode === '86' ? parsed.formatNational() : parsed.formatInternational()
}

/** Returns the last four digits of a stored number: what a customer is asked for at the counter. */
export function lastFour(e164: string): string {
  return e164.slice(-4)
}

function tidy(input: string): string {
  const folded = input
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[‐-―−]/g, '-')
    .trim()
  const unwrapped = folded
    .replace(/^="(.*)"$/, '$1')
    .replace(/^[’']/, '')
    .replace(/^tel:/i, '')
    .replace(/^(\d{7,})\.0+$/, '$1')
  return unwrapped.replace(label, '').trim()
}

function toE164(main: string): string | null {
  const digits = main.replace(/[^\d+]/g, '')
  if (mainlandMobile.test(digits)) return `+86${digits}`
  const prefixed = /^(?:\+|00)?\(?86\)?0?(1[3-9]\d{9})$/.exec(digits)
  if (prefixed) return `+86${prefixed[1]}`
  const candidates = neighbour.test(digits) ? [main, `+${digits}`] : [main]
  for (const candidate of candidates) {
    const parsed = parsePhoneNumberFromString(candidate, { defaultCountry: 'CN', extract: false })
    if (parsed?.isValid()) return parsed.number
  }
  return null
}

function explain(digits: string): PhoneProblem {
  if (/^[2-9]\d{6,7}$/.test(digits)) return 'area_code_missing'
  if (digits.length < 7) return 'too_short'
  return digits.length > 15 || (mainlandMobile.test(digits.slice(0, 11)) && digits.length > 11) ? 'too_long' : 'not_a_phone'
}

/** Splits '138 1234 5678 13987654321' by taking, from the left, the fewest words that make a whole number; one piece when that fails. */
function splitAtBlanks(piece: string): string[] {
  if (piece === '') return []
  const words = piece.split(/\s+/)
  if (words.length < 2 || words.length > 24 || 'e164' in normalisePhone(piece)) return [piece]
  const found: string[] = []
  for (let from = 0; from < words.length;) {
    let to = from + 1
    while (to <= words.length && !('e164' in normalisePhone(words.slice(from, to).join(' ')))) to++
    if (to > words.length) return [piece]
    found.push(words.slice(from, to).join(' '))
    from = to
  }
  return found
}
