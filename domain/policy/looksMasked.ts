import { maskDots } from '../catalogue/patterns.ts'

/** Whether a string carries the mask's dots: such a value is refused as input (peers.md: masked placeholders written back). */
export const looksMasked = (value: string): boolean => value.includes(maskDots)
