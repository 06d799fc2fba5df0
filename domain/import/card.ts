/** One contact of an address book as the parser child hands it over: plain text, nothing checked or normalised yet. */
export type ForeignCard = {
  /** Display name first, then the structured name in Chinese or Western order, then nicknames. Never an empty string. */
  names: string[]
  phones: string[]
  emails: string[]
  addresses: string[]
  org: string | null
  note: string | null
  wechat: string | null
  categories: string[]
}
