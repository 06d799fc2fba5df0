import type { Staged } from '../../app/contract.ts'

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
