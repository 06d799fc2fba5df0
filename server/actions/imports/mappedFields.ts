import { AppError } from '../../../domain/errors.ts'
import { parseFile } from '../../parse/parseFile.ts'
import type { Parts } from '../parts.ts'
import { columnNames } from './columnNames.ts'
import { isImportField } from './isImportField.ts'
import type { ImportSettings } from './readImport.ts'

/**
 * Returns what each column of a staged list becomes, by place, from a mapping by name; null for a card file. A column that the mapping does not name is
 * left out. Throws `input_invalid` for a column that is not there, or a field that is none.
 */
export const mappedFields = async (
  { staging }: Pick<Parts, 'staging'>,
  id: string,
  wrapped: unknown,
  { kind, reading, headerIsData }: ImportSettings,
  mapping: Readonly<Record<string, string | null>>,
): Promise<ImportSettings['fields']> => {
  if (kind === 'vcard') return null
  const refuse = (problem: string): AppError => new AppError('input_invalid', { problems: [{ field: 'mapping', problem }] })
  const file = await staging.read(id, wrapped)
  let header: string[] = []
  for await (const event of parseFile({ kind, options: { ...reading, limitRows: 1 }, bytes: file })) {
    if (event.type !== 'header') continue
    header = event.columns
    break
  }
  file.destroy()
  const names = columnNames(header, headerIsData)
  if (Object.keys(mapping).some((name) => !names.includes(name))) throw refuse('unknown_key')
  return names.map((name) => {
    const field = Object.hasOwn(mapping, name) ? (mapping[name] ?? null) : null
    if (field !== null && !isImportField(field)) throw refuse('not_an_option')
    return field
  })
}
