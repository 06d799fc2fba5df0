import type { ForeignCard } from '../../domain/import/card.ts'
import type { FileProblem, RowProblem } from '../../domain/import/problems.ts'

/** Encodings a file may be in; the names are those of the WHATWG Encoding standard. GBK is read as its superset GB18030. */
export const encodings = ['utf-8', 'gb18030', 'big5', 'utf-16le', 'utf-16be', 'windows-1252', 'shift_jis', 'euc-kr'] as const
export type Encoding = (typeof encodings)[number]
export const delimiters = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof delimiters)[number]

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
