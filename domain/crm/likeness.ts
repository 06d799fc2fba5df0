import { parseAddress } from '../text/address.ts'
import { foldText } from '../text/foldText.ts'

/**
 * Most customers that share a value or a key and are still told as pairs, each with each: more is a switchboard or a building, and no person. Own choice.
 */
export const mostAlike = 8

const titles = /(?:先生|女士|小姐|太太|老师|老板|阿姨|师傅|总|哥|姐|家)$/u
const remark = /[(（【[].*$/u

/** A name without titles and remarks: 沈静安(转介绍) and 沈静安 are one, 沈先生 is 沈. */
const bareName = (name: string): string => {
  const bare = foldText(name).replace(remark, '').replaceAll(/\s/g, '')
  return bare.replace(titles, '') || bare
}

/** What stands before the first number of an address below its district, at most its last three letters: the road or the estate, however far up it is written out. */
const placeOf = (rest: string): string =>
  Array.from(rest.replaceAll(/[^\p{L}]/gu, ''))
    .slice(-3)
    .join('')

/**
 * Returns under which keys a customer may be found again who was written down twice: the same first character of the name at the same door, or the same
 * name at the same house. Two customers with a key in common are alike; that is a hint and no more. Own rule: names vary in title and given name, addresses
 * in how much of the division and the building they say.
 */
export const likenessKeys = (name: string, addresses: readonly string[]): string[] => {
  const bare = bareName(name)
  const first = Array.from(bare)[0]
  if (first === undefined) return []
  return [
    ...new Set(
      addresses.flatMap((address) => {
        const rest = foldText(parseAddress(address).rest)
        const at = rest.search(/\d/)
        const place = at < 0 ? '' : placeOf(rest.slice(0, at))
        const numbers = rest.match(/\d+/g) ?? []
        if (place === '' || numbers.length === 0) return []
        const house = bare.length > first.length ? [`n ${bare} ${place} ${numbers[0]}`] : []
        return numbers.length < 2 ? house : [...house, `d ${first} ${place} ${numbers.join('-')}`]
      }),
    ),
  ]
}
