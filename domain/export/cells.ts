import type { Field } from '../catalogue/field.ts'
import { maskValue } from '../policy/mask.ts'
import { formatPhone } from '../text/phone.ts'
import type { ExportLanguage } from './terms.ts'

/** What one cell holds: values as people read them, and whether they are masked. */
export type ExportedCell = { readonly values: readonly string[]; readonly isMasked: boolean }

/** Parts the values of a cell that holds several, and no cells from each other in any table; our importer parts them again. */
export const between = ' / '

export type CellWords = {
  readonly language: ExportLanguage
  /** The name that stands for the id of a store or a member of staff; null for one who is gone. */
  readonly nameOf: (entity: string, id: string) => string | null
}

// As people dial and platforms for texts want it; a number from elsewhere keeps its prefix.
const phoneText = (e164: string): string => (/^\+861\d{10}$/.test(e164) ? e164.slice(3) : formatPhone(e164))

const text = (field: Field, value: unknown, { language, nameOf }: CellWords): string => {
  if (field.kind === 'phone') return phoneText(String(value))
  if (field.kind === 'choice') return field.values?.[String(value)]?.[language] ?? String(value)
  if (field.kind === 'ref') return nameOf(field.to ?? '', String(value)) ?? ''
  if (field.kind === 'flag') return value === true ? (language === 'zh' ? '是' : 'yes') : language === 'zh' ? '否' : 'no'
  return String(value)
}

/** Returns the cell of a field's stored value: in words where it may leave, else what the field's mask leaves of it. */
export const cellOf = (field: Field, value: unknown, isOpen: boolean, words: CellWords): ExportedCell => {
  const list = (Array.isArray(value) ? value : [value]).filter((one) => one !== null && one !== undefined && one !== '')
  return {
    values: list.map((one) => (isOpen ? text(field, one, words) : maskValue(field.mask, String(one)))),
    isMasked: !isOpen && list.length > 0,
  }
}

/** Returns the text of a cell of a table. */
export const cellText = ({ values }: ExportedCell): string => values.join(between)
