import type { ImportField } from '../../../domain/import/headerWords.ts'

const fields: Readonly<Record<ImportField, true>> = {
  name: true,
  familyName: true,
  givenName: true,
  organisation: true,
  contact: true,
  phones: true,
  emails: true,
  wechat: true,
  address: true,
  store: true,
  owner: true,
  tags: true,
  notes: true,
  kind: true,
  source: true,
  basis: true,
  consent: true,
  referrer: true,
  purchaseDate: true,
  purchase: true,
  purchaseAmount: true,
}

/** Whether the text names what a column can become. */
export const isImportField = (text: string): text is ImportField => Object.hasOwn(fields, text)
