import { latin, type Name } from './names.ts'
import type { Random } from './random.ts'

/*
 * None of these reaches a living person, as far as that can be had:
 * - Phones begin with 145, China Unicom's range for data cards: numbers of modems, which nobody answers. (China reserves no range for fiction, as 555-01xx
 *   is elsewhere, and a number in a range not assigned at all would be refused by the product's own checks, and could not be edited.)
 * - E-mail domains are those of RFC 2606.
 * - WeChat ids hold a full stop, which WeChat does not allow (letters, digits, - and _ only), so none of them can be somebody's.
 */

/** Returns a source of phone numbers in E.164, each once. */
export const phoneSource = (random: Random): (() => string) => {
  const used = new Set<number>()
  return () => {
    let number = random.between(10_000_000, 99_999_999)
    while (used.has(number)) number = random.between(10_000_000, 99_999_999)
    used.add(number)
    return `+86145${number}`
  }
}

/** Returns an e-mail address of a person, or of a person at a firm. */
export const emailOf = (random: Random, name: Name, firm?: string): string => {
  const family = latin(name.surname)
  const given = latin(name.full.slice(name.surname.length))
  const local = random.pick([`${given}.${family}`, `${family}${given}`, `${given}${family}${random.between(76, 99)}`, `${family}.${given}`])
  return `${local}@${firm === undefined ? random.pick(['example.com', 'example.net', 'mail.example.com']) : `${latin(firm)}.example.com`}`
}

/** Returns a WeChat id. */
export const wechatOf = (random: Random, name: Name): string => {
  const given = latin(name.full.slice(name.surname.length))
  const family = latin(name.surname)
  return random.pick([`${given}.${family}`, `${family}.${given}${random.between(1, 99)}`, `${family[0]}.${given}${random.between(80, 99)}`])
}
