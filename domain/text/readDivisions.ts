import { type Division, divisionsNamedLike, type PlacedDivision } from './divisions.ts'

/** Divisions from the outside in, and where in the text they end. */
export type Read = { readonly path: readonly Division[]; readonly end: number }

const nothing: Read = { path: [], end: 0 }

// 北京路, 南京东路, 苏州街, 深圳湾, 万科城市花园: a name of a place that goes on so names a street, an estate or an institution.
const goesOn =
  /^(?:[东西南北中]{0,2}[一二三四五六七八九十]{0,2}(?:路|街|大道|道(?![里外县])|巷|胡同|里|弄)|[东西南北]?站|[山湖湾江河海岛桥村镇乡门寺苑园庭邸府墅轩阁]|花[园苑]|公[园馆寓]|广场|大[厦楼学桥]|中心|中学|小学|医院|学院|机场|酒店|宾馆|饭店|酒家|国际|家园|新[村城](?!区)|小区|社区|名[都城苑]|[祠边旁口景古]|附近)/u
// 上海市场, 深圳市区, 嘉善县城, 开发区间: the last character belongs to another word.
const lastBelongsOn: Readonly<Record<string, RegExp>> = {
  市: /^(?:[场内]|区(?!域))/u,
  区: /^[间别域位划]/u,
  县: /^(?:级|城(?![关厢郊口东西南北中]))/u,
}
// 南山 is the district where a street, a town or an estate follows that has a name of its own: 南山桃源街道, not 南山书城, which is all one name.
const standsAlone =
  /^(?:$|[\s,，、;；:：/|\\>·_—-]|\p{Script=Han}{2,8}?(?:路|街|大道|镇|乡|村|巷|胡同|弄|小区|社区|花园|[苑府庭邸郡墅湾寓])|(?:科技|科学|软件|高新|产业|工业)园)/u
const separators = /^[\s,，、;；:：/|\\>·_—-]+/u
/** Levels that forms and the list of codes write though they are no place. */
const noPlace = /^(?:市辖区|(?:省|自治区)?-?(?:自治区)?直辖(?:县级)?(?:行政(?:区划|单位)|县)?|县)/u

/** Returns where the text goes on behind separators: blanks, commas, slashes and the like. */
export const skipSeparators = (text: string, at: number): number => at + (separators.exec(text.slice(at))?.[0].length ?? 0)

type Step = { readonly end: number; readonly full: boolean }

/** Where the text goes on after one of the division's names at `at`; null when it does not stand there. `inside` of one that is already read. */
const stepOver = (text: string, at: number, division: Division, inside: boolean): Step | null => {
  const { name, names, short, parts } = division
  const full = names.find((one) => text.startsWith(one, at))
  const hasShort = short !== name && text.startsWith(short, at)
  if (full === undefined && !hasShort) return null
  const isBefore = (end: number): boolean => parts.some((part) => part.names.some((one) => text.startsWith(one, end)))
  const fullEnd = at + (full?.length ?? 0)
  const shortEnd = at + short.length
  if (full !== undefined && isBefore(fullEnd)) return { end: fullEnd, full: true }
  // 青岛市南区 is 青岛 with 市南区 in it.
  if (hasShort && isBefore(shortEnd)) return { end: shortEnd, full: false }
  if (full !== undefined && !(full.length < 3 ? goesOn : lastBelongsOn[full.at(-1)!])?.test(text.slice(fullEnd)))
    return { end: fullEnd, full: true }
  if (!hasShort) return null
  const rest = text.slice(shortEnd)
  // 北京海淀中关村 goes on with a place in it, 北京海鲜 does not.
  if (goesOn.test(rest)) return parts.some((part) => stepOver(text, shortEnd, part, true)) ? { end: shortEnd, full: false } : null
  // A district's short name is left where it may begin another name; a city's or a province's has to be confirmed by what follows (readFrom).
  return inside && parts.length === 0 && !standsAlone.test(rest) ? null : { end: shortEnd, full: false }
}

/** The longest of the divisions that stands at `at`; null for two that reach as far (伊宁市 and 伊宁县 for 伊宁), and for none. */
const longest = (text: string, at: number, among: readonly Division[]): (Step & { readonly one: Division }) | null => {
  let best: (Step & { readonly one: Division }) | null = null
  let isTie = false
  for (const one of among) {
    const step = stepOver(text, at, one, true)
    if (!step) continue
    // 沙县 is 沙县 before it is 沙县区.
    const order = best === null ? 1 : step.end - best.end || Number(step.full) - Number(best.full)
    if (order < 0) continue
    isTie = order === 0
    best = { ...step, one }
  }
  return isTie ? null : best
}

const skipNoPlace = (text: string, at: number, { parts }: Division): number => {
  const from = skipSeparators(text, at)
  const word = noPlace.exec(text.slice(from))?.[0]
  if (word === undefined) return at
  const end = from + word.length
  const next = skipSeparators(text, end)
  const isNamed = ({ names }: Division): boolean => names.some((name) => text.startsWith(name, next))
  return (word === '市辖区' && end === text.length) || parts.some((one) => isNamed(one) || one.parts.some(isNamed)) ? end : at
}

/** Reads on below `path`, as deep as names stand there one after the other. A level may be missing. */
const readBelow = (text: string, read: Read, fullSoFar: boolean): { read: Read; full: boolean } => {
  const { parts } = read.path.at(-1)!
  if (parts.length === 0 || read.end === text.length) return { read, full: fullSoFar }
  const end = skipNoPlace(text, read.end, read.path.at(-1)!)
  const at = skipSeparators(text, end)
  const next =
    longest(text, at, parts) ??
    longest(
      text,
      at,
      parts.flatMap((part) => part.parts),
    )
  if (!next) return { read: { ...read, end }, full: fullSoFar }
  const missing = parts.includes(next.one) ? [] : [parts.find((part) => part.parts.includes(next.one))!]
  return readBelow(text, { path: [...read.path, ...missing, next.one], end: next.end }, fullSoFar || next.full)
}

// 老城区, 东城区, 江岸区: many towns call a part of theirs so, and only a few are divisions by that name.
const commonWords = /^[东西南北中新老旧上下城市江河湖海路桥港郊矿关厢口岸滨高开发]+[区县]$/u
// People write the parts of Hong Kong, Macau and Taiwan without ever naming the district of the list.
const knownBelow: Readonly<Record<string, RegExp>> = {
  香港: /^[\s,，]*(?:九龙|新界|港岛|香港岛|香港仔|离岛|大屿山)/u,
  澳门: /^[\s,，]*(?:半岛|氹仔|路环|路氹)/u,
  台湾: /^[\s,，]*\p{Script=Han}{2}[市县]/u,
}

const readFrom = (text: string, { path, one }: PlacedDivision): Read => {
  const first = stepOver(text, 0, one, false)
  if (!first) return nothing
  const { read, full } = readBelow(text, { path: [...path, one], end: first.end }, first.full)
  const named = read.path.length - path.length
  // A short name alone may begin anything (河南烩面, 深圳湾); two in a row, or one in full, are a place.
  if (!full && named < 2) {
    const isKnown = knownBelow[one.short]?.test(text.slice(first.end)) ?? false
    // 北京北京市朝阳区: the same again in full.
    return isKnown || text.startsWith(one.name, skipSeparators(text, first.end)) ? read : nothing
  }
  // 沙县小吃 is no address in 沙县, nor is 老城区 one in 洛阳.
  const isVague = named === 1 && (one.name.length < 3 || (path.length > 0 && commonWords.test(one.name)))
  return isVague ? nothing : read
}

const readOnce = (text: string): Read => {
  const found = divisionsNamedLike(text)
    .map((start) => readFrom(text, start))
    .filter((one) => one !== nothing)
  const furthest = Math.max(0, ...found.map((one) => one.end))
  const best = found.filter((one) => one.end === furthest)
  // 鼓楼区 is in four cities, 朝阳区 in two: not guessed.
  return new Set(best.map((one) => one.path.at(-1)!.code)).size === 1 ? best[0]! : nothing
}

const isWithin = (outer: readonly Division[], inner: readonly Division[]): boolean => outer.every((one, i) => one === inner[i])

/**
 * Returns the divisions that a text begins with, and where they end: names full or short, levels missing where what follows leaves no doubt, the
 * whole told twice ('广东深圳广东省深圳市南山区'). Empty where none is named or it is in doubt which. Never throws.
 */
export const readDivisions = (text: string): Read => {
  let read = readOnce(text)
  while (read.path.length > 0) {
    const from = skipSeparators(text, read.end)
    const again = readOnce(text.slice(from))
    if (again.path.length === 0) return read
    if (isWithin(read.path, again.path)) read = { path: again.path, end: from + again.end }
    else if (isWithin(again.path, read.path)) read = { ...read, end: from + again.end }
    else return read
  }
  return read
}
