import type { ForeignCard } from '../../domain/import/card.ts'

/** Encodings a file may be in; the names are those of the WHATWG Encoding standard. GBK is read as its superset GB18030. */
export const encodings = ['utf-8', 'gb18030', 'big5', 'utf-16le', 'utf-16be', 'windows-1252', 'shift_jis', 'euc-kr'] as const
export type Encoding = (typeof encodings)[number]
export const delimiters = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof delimiters)[number]

/** Why one row or card was left out. The user interface translates each. */
export const rowProblems = ['nul_byte', 'too_many_columns', 'columns_mismatch', 'cell_too_long', 'row_too_long', 'quote_unclosed',
  'card_unclosed', 'card_too_long', 'card_unreadable'] as const
export type RowProblem = (typeof rowProblems)[number]

/** Why the whole file was refused (`reason` of `file_unreadable`). */
export const fileProblems = ['empty', 'header_only', 'too_many_columns', 'quote_unclosed', 'row_too_long', 'cell_too_long', 'nul_byte', 'not_vcard', 'is_excel', 'is_old_excel',
  'is_pdf', 'is_zip'] as const
export type FileProblem = (typeof fileProblems)[number]

/** What `parseFile` yields, in file order. Lines count from 1; a row's line is where it begins. */
export type ParseEvent =
  | { type: 'header'; line: number; columns: string[]; encoding: Encoding; delimiter: Delimiter }
  | { type: 'rows'; rows: { line: number; cells: string[] }[] }
  | { type: 'cards'; cards: { line: number; card: ForeignCard }[] }
  /** `stopped`: nothing after this line could be read. */
  | { type: 'refused'; line: number; problem: RowProblem; stopped?: true }
  /** `rows` were read; `complete` is false when `limitRows` or a refusal with `stopped` ended the reading early. */
  | { type: 'end'; rows: number; complete: boolean }

/** What the child says instead when the file as a whole cannot be read. */
export type ParseFailure =
  | { type: 'failed'; code: 'file_unreadable'; reason: FileProblem; line: number }
  | { type: 'failed'; code: 'file_encoding'; encoding: Encoding | null; line: number }

export type ParseOptions = { encoding?: Encoding; delimiter?: Delimiter; limitRows?: number }
export type ParseJob = { kind: 'csv' | 'vcard'; options: ParseOptions }
