import { isMasked, type Shown } from '../app/contract.ts'

/** Returns a value as one line of text, masked values as their mask; null for nothing. */
export const plainOf = (value: Shown): string | null => {
  if (value === undefined || value === null || value === '') return null
  if (Array.isArray(value)) return value.length === 0 ? null : value.map((one) => (isMasked(one) ? one.masked : one)).join('、')
  return isMasked(value) ? value.masked : String(value)
}
