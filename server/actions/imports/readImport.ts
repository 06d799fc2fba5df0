import { catalogue } from '../../../domain/catalogue/all.ts'
import { checkInput } from '../../../domain/catalogue/check.ts'
import { cardToCustomer } from '../../../domain/import/cardToCustomer.ts'
import type { ImportedCustomer, ImportResult } from '../../../domain/import/customerInput.ts'
import type { ImportField } from '../../../domain/import/headerWords.ts'
import { rowToCustomer } from '../../../domain/import/rowToCustomer.ts'
import type { Format, ParseOptions } from '../../parse/events.ts'
import { parseFile } from '../../parse/parseFile.ts'

/** How a file is to be read, where somebody said so. */
export type Reading = Pick<ParseOptions, 'encoding' | 'delimiter' | 'sheet' | 'headerLine'>

/** What an import was told, as the job's row keeps it: codes, places and ids, never a cell. */
export type ImportSettings = {
  readonly kind: Format
  readonly reading?: Reading
  /** What each column becomes, by place; null for a card file. */
  readonly fields: readonly (ImportField | null)[] | null
  readonly headerIsData: boolean
}

export type ImportProblem = { field: string; problem: string }

/** One row or card of the file in order: what it makes, or why it is refused. `line` counts from 1; `cells` is what stood there. */
export type ImportItem = { line: number; cells: readonly string[] } & (
  | { input: ImportedCustomer; problems?: never }
  | { input?: never; problems: ImportProblem[] }
)

// Checked as the store will check it, with ids that stand for whatever is chosen: so a batch never fails for one row.
const anyId = '00000000-0000-4000-8000-000000000000'

const purchaseProblems = ({ purchase }: ImportedCustomer): ImportProblem[] => {
  if (!purchase) return []
  const entry = { ...purchase, kind: 'purchase', customerId: anyId, staffId: anyId }
  const { problems = [] } = checkInput(catalogue.interaction, entry, 'create')
  // Of all this only the text is the list's own words: a date that cannot be read was refused before.
  return problems.map(({ problem }) => ({ field: 'purchase', problem }))
}

const judge = (line: number, cells: readonly string[], result: ImportResult): ImportItem => {
  if (result.refused) return { line, cells, problems: result.refused.map(({ field, problem }) => ({ field, problem })) }
  const {
    storeName: _store,
    ownerLogin: _owner,
    consents: _consents,
    purchase: _purchase,
    referrerPhone: _referrer,
    ...values
  } = result.input
  const checked = checkInput(catalogue.customer, { ...values, storeId: anyId, ownerId: null }, 'create')
  const problems = [...(checked.problems ?? []).map(({ field, problem }) => ({ field, problem })), ...purchaseProblems(result.input)]
  if (problems.length > 0) return { line, cells, problems }
  return { line, cells, input: result.input }
}

/**
 * Yields the items of a file, batch by batch, in file order: the same each time, so that a place in it is a place to go on from. `onHeader` is told
 * the columns' names where the file has any, before the first item.
 */
export async function* readImport(
  bytes: AsyncIterable<Uint8Array>,
  settings: ImportSettings,
  { signal, onHeader, limitRows }: { signal?: AbortSignal; onHeader?: (names: readonly string[]) => void; limitRows?: number } = {},
): AsyncGenerator<ImportItem[]> {
  let header: string[] = []
  const options: ParseOptions = { ...settings.reading, ...(limitRows === undefined ? {} : { limitRows }) }
  for await (const event of parseFile({ kind: settings.kind, options, bytes, ...(signal ? { signal } : {}) })) {
    const row = (line: number, cells: readonly string[]): ImportItem =>
      judge(line, cells, rowToCustomer({ fields: settings.fields ?? [], header }, cells))
    switch (event.type) {
      case 'header':
        if (settings.headerIsData) yield [row(event.line, event.columns)]
        else {
          header = event.columns
          onHeader?.(header)
        }
        break
      case 'rows':
        yield event.rows.map(({ line, cells }) => row(line, cells))
        break
      case 'cards':
        yield event.cards.map(({ line, card }) => judge(line, [...card.names, ...card.phones, ...card.emails], cardToCustomer(card)))
        break
      case 'refused':
        yield [{ line: event.line, cells: [], problems: [{ field: '', problem: event.problem }] }]
        break
      case 'end':
        return
    }
  }
}
