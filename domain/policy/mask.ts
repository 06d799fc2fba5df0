import type { Mask } from '../catalogue/field.ts'
import { maskDots as dots } from '../catalogue/patterns.ts'
import { sharedRegion } from './region.ts'

/** What may be shown of a value that is masked. Always shows four dots, so that a masked value is never mistaken for one. */
export const maskValue = (mask: Mask, value: string): string => {
  const characters = Array.from(value)
  switch (mask) {
    case 'hide':
      return dots
    case 'lastFour':
      // Of a number shorter than a plus and ten digits, four digits would be half.
      return characters.length < 11 ? dots : `${dots}${characters.slice(-4).join('')}`
    case 'ends':
      return characters.length < 2
        ? dots
        : characters.length < 5
          ? `${characters[0]}${dots}`
          : `${characters[0]}${dots}${characters.at(-1)}`
    case 'region':
      return `${sharedRegion(value)}${dots}`
  }
}
