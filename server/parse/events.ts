import type { ForeignCard } from '../../domain/import/card.ts'
import type { FileProblem, RowProblem } from '../../domain/import/problems.ts'

/** Encodings a file may be in; the names are those of the WHATWG Encoding standard. GBK is read as its superset GB18030. */
export const encodings = ['utf-8', 'gb18030', 'big5', 'utf-16le', 'utf-16be', 'windows-1252', 'shift_jis', 'euc-kr'] as const
export type Encoding = (typeof encodings)[number]
export const delimiters = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof delimiters)[number]
export const formats = ['csv', 'xlsx', 'vcard'] as const
export type Format = (typeof formats)[number]

/** What `parseFile` yields, in file order. Lines count from 1; a row's line is where it begins, in a workbook its number there. */
export type ParseEvent =
  /** First, where the job was to find out. */
  | { type: 'format'; format: Format }
  /** The first rows as they stand, whichever is the header, cut short; only when asked for, before the header. */
  | { type: 'head'; rows: { line: number; cells: string[] }[] }
  /** `encoding` and `delimiter` are those of a text file; `sheet` (from 0) and the names of all `sheets` those of a workbook. */
  | {
      type: 'header'
      line: number
      columns: string[]
      encoding: Encoding | null
      delimiter: Delimiter | null
      sheet?: number
      sheets?: string[]
    }
  | { type: 'rows'; rows: { line: number; cells: string[] }[] }
  /** Rows beyond `sampleRows`. */
  | { type: 'counted'; rows: number }
  | { type: 'cards'; cards: { line: number; card: ForeignCard }[] }
  /** `stopped`: nothing after this line could be read. */
  | { type: 'refused'; line: number; problem: RowProblem; stopped?: true }
  /** `rows` were read; `complete` is false when `limitRows` or a refusal with `stopped` ended the reading early. */
  | { type: 'end'; rows: number; complete: boolean }

/** What the child says instead when the file as a whole cannot be read. */
export type ParseFailure =
  | { type: 'failed'; code: 'file_unreadable'; reason: FileProblem; line: number }
  | { type: 'failed'; code: 'file_encoding'; encoding: Encoding | null; line: number }

export type ParseOptions = {
  encoding?: Encoding
  delimiter?: Delimiter
  /** Which sheet of a workbook, from 0; else the first with data. */
  sheet?: number
  /** The line of the header; else it is looked for. */
  headerLine?: number
  limitRows?: number
  /** Rows of a table after which only their number is told. */
  sampleRows?: number
  head?: true
}
/** `auto` finds the format out by the first bytes: a file's name says little (many programs call a CSV .xls). */
export type ParseJob = { kind: Format | 'auto'; options: ParseOptions }
