import type { Mask } from '../catalogue/field.ts'

const dots = '••••'
const points = (value: string): string[] => Array.from(value)

// 省/市/区/县 and the like end the part of a Chinese address that many households share.
const region = /^(?:[^\s\d]{1,8}?(?:省|自治区|特别行政区|市))?(?:[^\s\d]{1,8}?(?:市|自治州|盟|地区))?(?:[^\s\d]{1,8}?(?:区|县|旗))?/u

/** What may be shown of a value that is masked. Always shows four dots, so that a masked value is never mistaken for one. */
export const maskValue = (mask: Mask, value: string): string => {
  const characters = points(value)
  switch (mask) {
    case 'hide':
      return dots
    case 'lastFour':
      return characters.length < 8 ? dots : `${dots}${characters.slice(-4).join('')}`
    case 'ends':
      return characters.length < 2 ? dots : characters.length < 5 ? `${characters[0]}${dots}` : `${characters[0]}${dots}${characters.at(-1)}`
    case 'region': {
      const shared = region.exec(value)?.[0] ?? ''
      return `${shared}${dots}`
    }
  }
}

/** Whether a string carries the mask's dots: such a value is refused as input (peers.md: masked placeholders written back). */
export const looksMasked = (value: string): boolean => value.includes(dots)
