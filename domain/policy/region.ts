import { parseAddress } from '../text/address.ts'

/**
 * Returns what of an address many households share: province, city and district by their full names, as far as the list of divisions knows them
 * without doubt (domain/text/address.ts). '' where it does not: addresses abroad, streets and estates named after places, names that several cities have.
 */
export const sharedRegion = (address: string): string => {
  const { province, city, district } = parseAddress(address)
  return [province, city, district].filter((part) => part !== null).join('')
}
