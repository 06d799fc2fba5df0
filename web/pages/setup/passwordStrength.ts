import { ZxcvbnFactory } from '@zxcvbn-ts/core'

// NIST SP 800-63B-4, 3.1.1.2: at least 15 characters where the password is the only factor, no rules of composition.
const shortest = 15
const meter = new ZxcvbnFactory({ dictionary: {}, graphs: {}, maxLength: 128 })

export type Rule = 'length' | 'variety' | 'names'

/** Returns which rules a password meets so far, and how strong it is from 0 to 4 (zxcvbn). The server's own judgement, which also knows common passwords, is final. */
export const judgePassword = (password: string, known: readonly string[]): { met: Record<Rule, boolean>; score: 0 | 1 | 2 | 3 | 4 } => {
  const normal = password.normalize('NFKC')
  const words = known.map((word) => word.normalize('NFKC').toLowerCase()).filter((word) => Array.from(word).length >= 3)
  const left = words.reduce((rest, word) => rest.replaceAll(word, ''), normal.toLowerCase())
  const met = {
    length: Array.from(normal).length >= shortest,
    variety: !/^\d*$/.test(normal) && new Set(normal).size >= 5,
    names: normal !== '' && Array.from(left).length >= 8,
  }
  const score = normal === '' ? 0 : meter.check(normal, words).score
  return { met, score: met.length && met.variety && met.names ? score : (Math.min(score, 1) as 0 | 1) }
}
