import { randomBytes } from 'node:crypto'

const alphabet = '23456789abcdefghjkmnpqrstuvwxyz'

/** Returns a random password of 15 characters without look-alikes, 75 bits, in groups of five: typed once from a slip of paper. */
export const inventPassword = (): string => {
  const letters: string[] = []
  while (letters.length < 15) for (const byte of randomBytes(32)) if (byte < 248 && letters.length < 15) letters.push(alphabet[byte % 31]!)
  return [letters.slice(0, 5), letters.slice(5, 10), letters.slice(10)].map((part) => part.join('')).join('-')
}
