import { AppError } from '../../domain/errors.ts'
import type { Queryable } from './database.ts'
import type { StoredRow } from './openRows.ts'
import { staleOf } from './staleGroups.ts'
import type { Shape } from './shape.ts'

const isStale = (shape: Shape, stored: StoredRow): boolean => shape.hasSubject && staleOf(shape, stored).length > 0

/**
 * Runs a locking select of `selectSql` and returns its rows, each with the key and the audit entry that belong to it. A row that somebody changed while we
 * waited for its lock comes back in its new form, but what stands beside it is from before the wait (PostgreSQL manual, 13.2.1): then it is read once more,
 * under the lock we hold by now.
 */
export const readLocked = async (
  client: Queryable,
  shape: Shape,
  sql: { name: string; text: string; values: unknown[] },
): Promise<StoredRow[]> => {
  const { rows } = await client.query<StoredRow>(sql)
  return rows.some((row) => isStale(shape, row)) ? (await client.query<StoredRow>(sql)).rows : rows
}

/**
 * Refuses a record whose envelopes are not those of its newest write: an old ciphertext put back in its own row opens, but the audit log knows better
 * (DESIGN 4). Throws `envelope_invalid`.
 */
export const requireNewestOf = (shape: Shape, stored: StoredRow): void => {
  if (isStale(shape, stored)) throw new AppError('envelope_invalid')
}

/**
 * Refuses a record whose person has no key. An erasure takes the record with the key, so this one was lost: to answer that there is no such record
 * would hide it. Throws `key_unavailable`.
 */
export const requireKeyOf = (shape: Shape, stored: StoredRow): void => {
  if (shape.hasSubject && stored['key_wrapped'] === null) throw new AppError('key_unavailable', { problem: 'missing' })
}
