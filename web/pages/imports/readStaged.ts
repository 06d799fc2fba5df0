import type { Staged } from '../../app/contract.ts'

/** What a column of an imported table may become. */
export const targets = ['name', 'familyName', 'givenName', 'organisation', 'contact', 'phones', 'emails', 'wechat', 'address', 'store', 'owner', 'tags', 'notes', 'kind'] as const
export type Target = (typeof targets)[number]

export type Column = { header: string; samples: string[] }
export type PreviewRow = { line: number; cells: string[]; problems: { field: string; problem: string }[] }
export type Preview = { columns: Column[]; fields: (Target | null)[]; rows: PreviewRow[] }

const text = (value: unknown): string =>
  value === null || value === undefined ? '' : Array.isArray(value) ? value.map(text).join('、') : typeof value === 'object' ? Object.values(value).map(text).join(' ') : String(value)

const isTarget = (value: unknown): value is Target => typeof value === 'string' && (targets as readonly string[]).includes(value)

type Loose = Record<string, unknown>

const cellsOf = (row: Loose): string[] => {
  const cells = row['cells'] ?? row['values']
  if (Array.isArray(cells)) return cells.map(text)
  return Object.values((cells ?? row['input'] ?? {}) as Loose).map(text)
}

const problemsOf = (row: Loose): PreviewRow['problems'] => {
  const found = row['problems'] ?? row['refused'] ?? []
  return Array.isArray(found) ? found.map((one: Loose | string) => (typeof one === 'string' ? { field: '', problem: one } : { field: text(one['field']), problem: text(one['problem']) })) : []
}

/** Reads a staged file into what the wizard shows: columns with samples, what each is taken for, first rows with their problems. */
export const readStaged = (staged: Staged): Preview => {
  const rows = (staged.preview as Loose[]).map((row, i) => ({ line: Number(row['row'] ?? row['line'] ?? i + 1), cells: cellsOf(row), problems: problemsOf(row) }))
  const mapping = staged.mapping as unknown
  const listed = Array.isArray(mapping) ? mapping : Array.isArray((mapping as Loose | null)?.['fields']) ? ((mapping as Loose)['fields'] as unknown[]) : null
  const columns = (staged.columns as unknown[]).map((column, i): Column => {
    const known = typeof column === 'object' && column !== null ? (column as Loose) : { header: column }
    const samples = Array.isArray(known['samples']) ? known['samples'].map(text) : rows.map((row) => row.cells[i] ?? '')
    return { header: text(known['header'] ?? known['name']), samples: samples.filter((sample) => sample !== '').slice(0, 3) }
  })
  const fields = columns.map((column, i) => {
    const named = (staged.columns as Loose[])[i]?.['field']
    const mapped = listed ? listed[i] : ((mapping as Loose | null)?.[column.header] ?? named)
    return isTarget(mapped) ? mapped : null
  })
  return { columns, fields, rows }
}
