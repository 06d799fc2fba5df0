import { maxItems } from '../catalogue/check.ts'
import type { Field } from '../catalogue/field.ts'
import { countCodePoints } from '../text/normalise.ts'
import { customer } from './customer.ts'

/** A record as merging looks at it: its id and its fields. */
export type Mergeable = { readonly id: string } & Readonly<Record<string, unknown>>

/** Whose value a field keeps: a record's id, or `all` for what can be put together. */
export type MergeChoices = Readonly<Record<string, string>>

const fields: Readonly<Record<string, Field>> = customer.fields

/** Whether values of several records can stand together in the field: lists, and texts of several lines. */
export const canKeepAll = (field: Field): boolean => field.many || field.kind === 'longText'

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

const together = (field: Field, values: readonly unknown[]): unknown => {
  if (field.many) return [...new Set(values.flatMap((value) => (value as unknown[] | null) ?? []))].slice(0, maxItems)
  const texts = [...new Set(values.filter((value) => !isEmpty(value)).map(String))]
  const joined = texts.join('\n')
  // What does not fit together stays apart: the first is kept, and the others stay readable in the records that go to the trash.
  return texts.length === 0 ? null : countCodePoints(joined) <= field.max ? joined : texts[0]
}

/**
 * Returns the value each field has once the others are merged into the first record: the chosen record's, or all together. Not chosen: lists and long texts
 * together, of everything else the first record's, or where it has none that of the first other that has one. Nobody is their own referrer.
 */
export const mergeFields = (records: readonly [Mergeable, ...Mergeable[]], choices: MergeChoices = {}): Record<string, unknown> => {
  const ids = new Set(records.map(({ id }) => id))
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const choice = choices[name] ?? (canKeepAll(field) ? 'all' : null)
      const values = records.map((record) => record[name])
      const value =
        choice === 'all'
          ? together(field, values)
          : choice === null
            ? (values.find((one) => !isEmpty(one)) ?? null)
            : (records.find(({ id }) => id === choice)?.[name] ?? null)
      return [name, name === 'referrerId' && ids.has(String(value)) ? null : value]
    }),
  )
}
