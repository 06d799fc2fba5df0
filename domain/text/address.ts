import { isCity } from './divisions.ts'
import { normaliseName } from './normalise.ts'
import { readDivisions, skipSeparators } from './readDivisions.ts'

/** An address taken apart. What is not named, or not beyond doubt, is null; `rest` is what follows, as it was written. */
export type Address = {
  readonly province: string | null
  readonly city: string | null
  readonly district: string | null
  /** Code (GB/T 2260) of the innermost division that is known: the codes of those around it are its beginning. */
  readonly code: string | null
  readonly rest: string
}

// 愚园路 1088 弄 6 号 is one word to whoever reads it; a postcode or a phone number behind it is not.
const joinHan = (text: string): string =>
  text
    .replace(/(?<=[\p{Script=Han}，、,]) (?=\p{Script=Han}|\d{1,5}(?!\d))/gu, '')
    .replace(/(?<=\p{Script=Han}\d{1,5}) (?=\p{Script=Han})/gu, '')

// What labels and forms write before an address, and is no part of it.
const label = /^(?:(?:收货|收件|详细|家庭|公司|单位|安装|送货|联系|通讯)?(?:地址|住址)\s*[:：]\s*)/u
const country = /^(?:中华人民共和国|中国大陆|中国)[\s,，]*/u
// A postcode or a phone number in front of the address, as on parcels.
const number = /^(?:(?:邮政编码|邮编|电话|手机)\s*[:：]?\s*)?\+?\d[\d -]{4,16}\d(?=[\s,，、;；]*\p{Script=Han})/u

const take = (text: string, expression: RegExp): [taken: string, left: string] => {
  const taken = expression.exec(text)?.[0] ?? ''
  return [taken, text.slice(taken.length)]
}

const readOnce = (text: string): Address => {
  const bare = text.replace(label, '')
  const [before, behind] = take(bare, number)
  const from = behind.slice(skipSeparators(behind, 0)).replace(country, '')
  const { path, end } = readDivisions(from)
  if (path.length === 0) return { province: null, city: null, district: null, code: null, rest: joinHan(text) }
  const [province, ...below] = path
  const city = below.find(isCity)
  const district = below.findLast((one) => !isCity(one))
  const rest = joinHan(from.slice(skipSeparators(from, end)))
  return {
    province: province!.name,
    city: city?.name ?? null,
    district: district?.name ?? null,
    code: path.at(-1)!.code,
    rest: before === '' ? rest : `${rest}(${before.trim()})`,
  }
}

const written = ({ province, city, district, rest }: Address): string =>
  [province, city, district, rest].filter((part) => part !== null).join('')

/**
 * Takes an address apart by the divisions of China (GB/T 2260). Names may be full or short, provinces and cities may be missing where what follows
 * leaves no doubt; what is in doubt, and every address abroad, is all `rest`. A number in front (postcode, phone) goes to the end. Nothing else is
 * lost but separators, 中国, 市辖区, a label such as 收货地址, and divisions told twice. Never throws.
 */
export const parseAddress = (input: string): Address => {
  const text = normaliseName(input)
  let address = readOnce(text)
  if (written(address) === text) return address
  // Each reading may put together what blanks had parted; the text gets no longer by it, so this ends.
  for (let i = 0; i < 4; i++) {
    const again = readOnce(normaliseName(written(address)))
    if (written(again) === written(address)) return again
    address = again
  }
  return address
}

/**
 * Returns an address as it is stored: province, city and district by their full names, then the rest as written, full-width forms folded
 * ('深圳南山科技园５栋' -> '广东省深圳市南山区科技园5栋'). Idempotent; never throws.
 */
export const canonicalAddress = (input: string): string => written(parseAddress(input))
