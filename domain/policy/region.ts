/*
 * What of a Chinese address many households share: province, city, district. Recognised by their words, not by a list of 2,800 districts, and so
 * on the careful side: names of estates end in 区 too (阳光小区, 幸福家园三区), streets are called after provinces (北京路), and 万科城市花园 is no city.
 * Where it is in doubt, nothing is shown.
 */
const provinces =
  '北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门'
const han = String.raw`\p{Script=Han}`
// Words of streets and buildings: a region's name does not reach across one.
const stop = '[路街巷弄号栋幢室层园苑庭邸轩阁寓舍厦墅区县市村]'
const part = `(?:(?!${stop})${han})`
const notStreet = '(?![东西南北中]{0,2}[一二三四五]?(?:路|街|大道|道(?![里外县])|巷))'

const province = `(?:(?:${provinces})(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)${notStreet})`
const bareProvince = `(?:(?:${provinces})${notStreet})`
const city = `(?:${part}{2,7}?(?:市|自治州|地区|盟)${notStreet})`
// 小区, 社区, 园区 and the like are estates; so are 三区 and, after a name of two characters or more, 东区.
const estate = `(?<![小社校厂景院营宅街片业发库一二三四五六七八九十]|${part}{2}[东西南北中])`
// 市中区, 市南区, 路桥区 and the like are the districts that begin with such a word.
const district = `(?:(?:${part}|市(?=[中南北]区)|路(?=[南北桥]区))${part}{0,5}?(?:${estate}区|县|自治旗)${notStreet})`

const region = new RegExp(
  `^(?:中国)?(?:${province}${city}?${district}?|${bareProvince}(?:${city}${district}?|${district})|${city}${district}|${district})`,
  'u',
)

/** Returns the beginning of an address that names province, city or district, or '' where none is recognised (addresses in other scripts, too). */
export const sharedRegion = (address: string): string => region.exec(address)?.[0] ?? ''
