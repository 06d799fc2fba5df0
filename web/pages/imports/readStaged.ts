import type { Staged } from '../../app/contract.ts'

/** How somebody says that a file is to be read. */
export type Reading = { sheet?: number; headerLine?: number; encoding?: string; delimiter?: string }

/** Encodings and delimiters that can be chosen; of the latter with the names of their words. */
export const encodings = ['utf-8', 'gb18030', 'big5', 'utf-16le', 'utf-16be', 'windows-1252', 'shift_jis', 'euc-kr'] as const
export const delimiters = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' } as const

/** Bytes of a file that the server takes (server/http/routes/importRoutes.ts): a larger one is not even begun. */
export const uploadLimit = 512 * 1024 * 1024

/** What a column of an imported table may become. */
export const targets = [
  'name',
  'familyName',
  'givenName',
  'organisation',
  'contact',
  'phones',
  'emails',
  'wechat',
  'address',
  'store',
  'owner',
  'tags',
  'notes',
  'kind',
  'source',
  'basis',
  'consent',
  'referrer',
  'purchaseDate',
  'purchase',
  'purchaseAmount',
] as const
export type Target = (typeof targets)[number]

export type Mapping = Record<string, Target | null>

const isTarget = (value: unknown): value is Target => typeof value === 'string' && (targets as readonly string[]).includes(value)

/** Returns what each column was taken for. */
export const mappingOf = (staged: Staged): Mapping =>
  Object.fromEntries(staged.columns.map(({ name }) => [name, isTarget(staged.mapping[name]) ? (staged.mapping[name] as Target) : null]))

/** Returns a previewed value as one line. */
export const textOf = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join('、') : value === null || value === undefined ? '' : String(value)
