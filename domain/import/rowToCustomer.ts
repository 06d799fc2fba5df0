import type { ImportField } from './headerWords.ts'
import { denature } from '../export/neutralise.ts'
import { cellFault } from './cellFault.ts'
import type { CustomerField, Refusal } from './problems.ts'
import { type Circumstances, makeCustomerInput, type ImportResult, type Piece, type Pieces, type Unreadable } from './customerInput.ts'

/** What each column becomes (null: nothing), as the importing person confirmed it. `header` labels what goes to the notes. */
export type ColumnMapping = { fields: readonly (ImportField | null)[]; header?: readonly string[]; unreadable?: Unreadable } & Circumstances

/**
 * Returns the customer that a row of a table makes, or all that is wrong with it, each with its column. Several columns may hold
 * phones, parts of the address, tags or notes. A company beside a person's name goes to the notes, and is the name where no person is
 * named. A cell of a spreadsheet that holds an error, or a formula without a value, is never taken for a text. Never throws.
 */
export function rowToCustomer(mapping: ColumnMapping, cells: readonly string[]): ImportResult {
  const faults = faultsOf(mapping.fields, cells)
  const at = (field: ImportField): Piece[] =>
    mapping.fields.flatMap((mapped, column) =>
      mapped === field && (cells[column] ?? '').trim() !== '' && cellFault(cells[column] ?? '') === null
        ? [{ text: denature(cells[column] ?? ''), column }]
        : [],
    )
  const labelled = (list: Piece[]): Piece[] =>
    list.map((piece) => ({ ...piece, label: mapping.header?.[piece.column ?? -1]?.trim() || '备注' }))
  const organisation = at('organisation')
  const contact = at('contact')
  const candidates = [at('name'), splitName(at('familyName'), at('givenName')), organisation, contact].filter((list) => list.length > 0)
  // An empty row still names the column where the name should have stood.
  const nameColumn = mapping.fields.findIndex(
    (field) => field === 'name' || field === 'familyName' || field === 'organisation' || field === 'contact',
  )
  const name = candidates[0] ?? [{ text: '', column: nameColumn === -1 ? null : nameColumn }]
  const notes = at('notes')
  const kind = at('kind')
  const pieces: Pieces = {
    name,
    phones: at('phones'),
    emails: at('emails'),
    wechat: at('wechat'),
    address: at('address'),
    tags: at('tags'),
    store: at('store'),
    owner: at('owner'),
    notes: [...[organisation, contact].filter((list) => list !== name).flatMap(labelled), ...(notes.length > 1 ? labelled(notes) : notes)],
    source: at('source'),
    basis: at('basis'),
    consent: at('consent').map((piece) => ({ ...piece, label: mapping.header?.[piece.column ?? -1]?.trim() ?? '' })),
    referrer: at('referrer'),
    purchaseDate: at('purchaseDate'),
    purchase: at('purchase'),
    purchaseAmount: at('purchaseAmount'),
    kind: name === organisation && kind.length === 0 ? [{ text: '企业', column: null }] : kind,
  }
  const result = makeCustomerInput(pieces, mapping.unreadable ?? 'refuse', mapping)
  if (faults.length === 0) return result
  // What is missing because of a fault is told by the fault.
  const others = (result.refused ?? []).filter(({ column }) => !faults.some((fault) => fault.column === column))
  return { refused: [...faults, ...others] }
}

const named: Partial<Record<ImportField, CustomerField>> = {
  familyName: 'name',
  givenName: 'name',
  organisation: 'name',
  contact: 'name',
}

function faultsOf(fields: ColumnMapping['fields'], cells: readonly string[]): Refusal[] {
  return fields.flatMap((field, column) => {
    const fault = field === null ? null : cellFault(cells[column] ?? '')
    if (field === null || fault === null || fault === 'empty') return []
    return [{ problem: fault, field: named[field] ?? (field as CustomerField), column }]
  })
}

function splitName(family: Piece[], given: Piece[]): Piece[] {
  const surname = family[0]?.text.trim() ?? ''
  const first = given[0]?.text.trim() ?? ''
  if (surname === '' && first === '') return []
  const han = /\p{Script=Han}/u.test(surname + first)
  return [{ text: han ? surname + first : `${first} ${surname}`.trim(), column: family[0]?.column ?? given[0]?.column ?? null }]
}
