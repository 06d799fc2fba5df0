import { type Division, provinces } from './divisions.ts'
import { normaliseName } from './normalise.ts'

/** An address taken apart. What is not named, or not beyond doubt, is null; `rest` is what follows, as it was written. */
export type Address = {
  readonly province: string | null
  readonly city: string | null
  readonly district: string | null
  readonly rest: string
}

/** Divisions from the outside in, and where in the text they end. */
type Read = { readonly path: readonly Division[]; readonly end: number }

const nothing: Read = { path: [], end: 0 }

// 北京路, 南京东路, 苏州街, 深圳湾, 万科城市花园: a name of a place that goes on so names a street, an estate or an institution.
const goesOn =
  /^(?:[东西南北中]{0,2}[一二三四五六七八九十]{0,2}(?:路|街|大道|道(?![里外县])|巷|胡同|里|弄)|[东西南北]?站|[山湖湾江河海岛桥村镇乡门寺苑园庭邸府墅轩阁]|花[园苑]|公[园馆寓]|广场|大[厦楼学桥]|中心|中学|小学|医院|学院|机场|酒店|宾馆|饭店|酒家|国际|家园|新[村城](?!区)|小区|社区|名[都城苑]|[祠边旁口景古]|附近)/u
const between = /^[\s,，、/·-]+/u

const skip = (text: string, at: number): number => at + (between.exec(text.slice(at))?.[0].length ?? 0)

/** Where the text goes on after one of the division's names at `at`; -1 when it does not stand there. */
const after = (text: string, at: number, { name, short, parts }: Division, how: 'full' | 'short'): number => {
  const word = how === 'full' ? name : short
  if (!text.startsWith(word, at) || (how === 'short' && short === name)) return -1
  const end = at + word.length
  // 天津河东区, 厦门湖里区: what goes on is a district of it.
  return goesOn.test(text.slice(end)) && !parts.some((part) => text.startsWith(part.name, end)) ? -1 : end
}

/** The longest of the divisions that stands at `at`, by its full name before its short one. */
const match = (text: string, at: number, among: readonly Division[]): { one: Division; end: number; full: boolean } | null => {
  for (const how of ['full', 'short'] as const) {
    let best: { one: Division; end: number } | null = null
    for (const one of among) {
      const end = after(text, at, one, how)
      if (end > (best?.end ?? -1)) best = { one, end }
    }
    if (best) return { ...best, full: how === 'full' }
  }
  return null
}

// 北京市北京市朝阳区, 北京市市辖区朝阳区, as forms with three fields write it.
const skipRepeat = (text: string, at: number, { name }: Division): number => {
  const next = skip(text, at)
  for (const again of [name, '市辖区']) if (text.startsWith(again, next)) return next + again.length
  return at
}

/** Reads on below `path`, as deep as names stand there one after the other. */
const readBelow = (text: string, read: Read, fullSoFar: boolean): { read: Read; full: boolean } => {
  const inner = read.path.at(-1)!
  const from = skipRepeat(text, read.end, inner)
  const next =
    match(text, skip(text, from), inner.parts) ??
    match(
      text,
      skip(text, from),
      inner.parts.flatMap((part) => part.parts),
    )
  if (!next) return { read: { ...read, end: from }, full: fullSoFar }
  const direct = inner.parts.includes(next.one)
  const between = direct ? [] : [inner.parts.find((part) => part.parts.includes(next.one))!]
  return readBelow(text, { path: [...read.path, ...between, next.one], end: next.end }, fullSoFar || next.full)
}

type Start = { readonly path: readonly Division[]; readonly one: Division }
const cities: readonly Start[] = provinces.flatMap((province) => province.parts.map((one) => ({ path: [province], one })))
const districts: readonly Start[] = cities.flatMap(({ path, one }) => one.parts.map((part) => ({ path: [...path, one], one: part })))

/** All divisions that begin with these two characters, by full and by short name: an address is compared with a handful, not with 3,300. */
const starts = new Map<string, Start[]>()
for (const start of [...provinces.map((one) => ({ path: [], one })), ...cities, ...districts]) {
  const key = start.one.name.slice(0, 2)
  starts.set(key, [...(starts.get(key) ?? []), start])
}

const readFrom = (text: string, { path, one }: Start, how: 'full' | 'short'): Read => {
  const end = after(text, 0, one, how)
  if (end < 0) return nothing
  const { read, full } = readBelow(text, { path: [...path, one], end }, how === 'full')
  const named = read.path.length - path.length
  // A short name alone may begin anything (河南烩面, 深圳湾); two in a row, or one in full, are a place.
  if (!full && named < 2) return nothing
  // 沙县小吃 is no address in 沙县.
  return named === 1 && one.name.length < 3 ? nothing : read
}

const read = (text: string): Read => {
  const found = (starts.get(text.slice(0, 2)) ?? []).flatMap((start) =>
    (['full', 'short'] as const).map((how) => readFrom(text, start, how)).filter((one) => one !== nothing),
  )
  const furthest = Math.max(0, ...found.map((one) => one.end))
  const best = found.filter((one) => one.end === furthest)
  const names = new Set(best.map((one) => one.path.map((part) => part.name).join(' ')))
  // 鼓楼区 is in four cities, 朝阳区 in two: not guessed.
  return names.size === 1 ? best[0]! : nothing
}

const levels = (path: readonly Division[]): Omit<Address, 'rest'> => {
  const [province, ...below] = path.map((part) => part.name)
  const holdsDistricts = /^(?:北京|天津|上海|重庆|香港|澳门)/.test(province ?? '')
  // A town directly under its province has no city above it.
  const isTown = below.length === 1 && path[1]!.parts.length === 0
  const [city = null, district = null] = holdsDistricts || isTown ? [null, ...below] : below
  return { province: province ?? null, city, district }
}

const clean = (text: string): string => normaliseName(text).replace(/(?<=[\p{Script=Han}，、,]) (?=[\p{Script=Han}\d])/gu, '')

/**
 * Takes an address apart by the divisions of China (GB/T 2260). Names may be full or short, provinces and cities may be missing where what follows
 * leaves no doubt; what is in doubt, and every address abroad, is all `rest`. Never throws.
 */
export const parseAddress = (input: string): Address => {
  const text = clean(input)
  const start = /^(?:中国|中华人民共和国)[\s,，]*/u.exec(text)?.[0] ?? ''
  const from = text.slice(start.length)
  const { path, end } = read(from)
  if (path.length === 0) return { province: null, city: null, district: null, rest: text }
  return { ...levels(path), rest: from.slice(skip(from, end)) }
}

/**
 * Returns an address as it is stored: province, city and district by their full names, then the rest as written, full-width forms folded
 * ('深圳南山科技园５栋' -> '广东省深圳市南山区科技园5栋'). Idempotent; never throws.
 */
export const canonicalAddress = (input: string): string => {
  const { province, city, district, rest } = parseAddress(input)
  return [province, city, district, rest].filter((part) => part !== null).join('')
}

/**
 * Returns what two ways of writing one dwelling have in common, to find duplicates by: '阳光小区3号楼2单元501室' and '阳光小区 3栋-2-501' are the same.
 * Empty where there is no number to tell dwellings apart by.
 */
export const addressKey = (input: string): string => {
  const key = canonicalAddress(input)
    .toLowerCase()
    .replace(/(?<=[\da-z])(?:号楼|号院|[号楼栋幢座弄室房#]|单元|[\s,，、.-])+/gu, '-')
    .replace(/[\s,，、]+/gu, '')
    .replace(/-+$/u, '')
  return /\d/u.test(key) ? key : ''
}
