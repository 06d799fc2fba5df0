import type { SealedClass } from '../../domain/catalogue/field.ts'
import type { RuleRow } from '../../domain/policy/predicate.ts'
import { AppError } from '../../domain/errors.ts'
import type { WrappedKey } from '../crypto/broker.ts'
import type { DataKey } from '../crypto/dataKey.ts'
import { type Envelopes, openGroups, parentIdOf } from './seal.ts'
import type { Shape } from './shape.ts'

/** A record in memory, before it gets its entity's type. */
export type AnyRow = {
  id: string
  version: number
  createdAt: string
  updatedAt: string
  trashedAt: string | null
  subject: number
} & Record<string, unknown>

/** A record as the database gives it. */
export type StoredRow = Record<string, unknown>

const rules = new WeakMap<object, RuleRow>()

/** Returns the columns that decide who may see the row: its own, or its parent's. The row must come from the store. */
export const ruleRowOf = (row: object): RuleRow => rules.get(row) ?? (row as RuleRow)

/** Remembers the rule columns of a row that the store hands out. */
export const setRuleRow = <R extends object>(row: R, rule: RuleRow): R => {
  rules.set(row, rule)
  return row
}

/** Returns the rule columns that `selectSql` read beside the record. */
export const storedRule = (stored: StoredRow): RuleRow => ({
  id: stored['rule_id'] as string,
  ...(stored['rule_store_id'] === undefined ? {} : { storeId: stored['rule_store_id'] as string | null }),
  ...(stored['rule_owner_id'] === undefined ? {} : { ownerId: stored['rule_owner_id'] as string | null }),
})

/** Returns the wrapped key of the record's subject. */
export const storedKey = (stored: StoredRow): WrappedKey => ({
  subject: stored['subject'] as number,
  epoch: stored['key_epoch'] as number,
  version: stored['key_version'] as number,
  suite: stored['key_suite'] as WrappedKey['suite'],
  wrapped: stored['key_wrapped'] as Buffer,
})

/**
 * Returns the wrapped keys that opening the record takes: its subject's and, where the record it hangs below is about somebody else, that person's.
 * A key that is gone is left out.
 */
export const storedKeys = (stored: StoredRow): WrappedKey[] => {
  const own = stored['key_wrapped'] ? [storedKey(stored)] : []
  if (!stored['parent_key_wrapped']) return own
  const parent = {
    subject: stored['parent_subject'] as number,
    epoch: stored['parent_key_epoch'] as number,
    version: stored['parent_key_version'] as number,
    suite: stored['parent_key_suite'] as WrappedKey['suite'],
    wrapped: stored['parent_key_wrapped'] as Buffer,
  }
  return [...own, parent]
}

/** Returns each key once: records about one person share it. */
export const distinctKeys = (stored: readonly StoredRow[]): WrappedKey[] => [
  ...new Map(stored.flatMap(storedKeys).map((key) => [key.subject, key])).values(),
]

/** Opened keys by subject. */
export type Keys = ReadonlyMap<number, DataKey>

/** Returns the envelopes that were read. */
export const storedEnvelopes = (shape: Shape, stored: StoredRow): Envelopes =>
  Object.fromEntries(shape.groups.filter((group) => stored[group.column]).map((group) => [group.class, stored[group.column] as Buffer]))

// Store and owner of a child are its parent's, and only the parent's envelope knows whether those columns are what they were.
const requireParentOf = ({ parent, isPerson }: Shape, stored: StoredRow, keys: Keys): void => {
  const group = parent?.shape.groups[0]?.class
  if (!parent || !group) return
  const envelope = stored['parent_sealed'] as Buffer | undefined
  const subject = stored[isPerson ? 'parent_subject' : 'subject'] as number
  const key = keys.get(subject)
  if (!envelope || !key) throw new AppError('envelope_invalid')
  const id = stored[parent.column] as string
  openGroups({ shape: parent.shape, id, subject, rule: storedRule(stored) }, key, { [group]: envelope }, [group])
}

/**
 * Opens the named groups of a stored record with the keys of `distinctKeys`; without keys none. Fields of other groups are absent. Throws `envelope_invalid`, also when the store or owner beside the
 * record, or beside the parent that decides for it, are not those it was sealed for.
 */
export const openRow = (shape: Shape, stored: StoredRow, keys: Keys | null, groups: readonly SealedClass[]): AnyRow => {
  const row: AnyRow = {
    id: stored['id'] as string,
    version: stored['version'] as number,
    createdAt: stored['created_at'] as string,
    updatedAt: stored['updated_at'] as string,
    trashedAt: stored['trashed_at'] as string | null,
    subject: (stored['subject'] as number | undefined) ?? 0,
  }
  for (const { field, column } of shape.plain) row[field] = stored[column]
  const rule = storedRule(stored)
  const key = keys?.get(row.subject)
  if (keys && key && groups.length > 0) {
    requireParentOf(shape, stored, keys)
    const of = { shape, id: row.id, subject: row.subject, rule, parentId: parentIdOf(shape, row) }
    Object.assign(row, openGroups(of, key, storedEnvelopes(shape, stored), groups))
  }
  return setRuleRow(row, rule)
}
