import type { SealedClass } from '../../domain/catalogue/field.ts'
import { AppError } from '../../domain/errors.ts'
import type { KeyBroker } from '../crypto/broker.ts'
import type { DataKey } from '../crypto/dataKey.ts'
import { type AnyRow, distinctKeys, openRow, type StoredRow } from './openRows.ts'
import type { Shape } from './shape.ts'

/** Records that were opened, and those that do not open: changed behind our back, or of a schema this code does not know. */
export type OpenedEach = { readonly rows: AnyRow[]; readonly damaged: StoredRow[] }

/** Whether an error says that what is stored was changed, and not that a key or the database is away. */
export const isDamage = (error: unknown): boolean => error instanceof AppError && error.code === 'envelope_invalid'

const keysOf = async (broker: Opener, stored: readonly StoredRow[]): Promise<Map<number, DataKey>> => {
  const wrapped = distinctKeys(stored)
  try {
    return broker.openCached(wrapped) ?? (await broker.open(wrapped))
  } catch (error) {
    if (!isDamage(error)) throw error
  }
  // One damaged wrap must not keep everyone else from being found.
  const keys = new Map<number, DataKey>()
  for (const one of wrapped) {
    const opened = await broker.open([one]).catch((error: unknown) => {
      if (isDamage(error)) return null
      throw error
    })
    opened?.forEach((key, subject) => keys.set(subject, key))
  }
  return keys
}

type Opener = Pick<KeyBroker, 'open' | 'openCached'>

/**
 * Opens the named groups of many stored records of people, each for itself: one that was tampered with does not take the others with it, and of it
 * nothing is given but that it is there. Throws `key_unavailable`, `key_erased`.
 */
export const openEach = async (
  broker: Opener,
  shape: Shape,
  stored: readonly StoredRow[],
  groups: readonly SealedClass[],
): Promise<OpenedEach> => {
  const keys = await keysOf(broker, stored)
  const rows: AnyRow[] = []
  const damaged: StoredRow[] = []
  for (const one of stored) {
    try {
      if (!keys.has(one['subject'] as number)) throw new AppError('envelope_invalid')
      rows.push(openRow(shape, one, keys, groups))
    } catch (error) {
      if (!isDamage(error)) throw error
      damaged.push(one)
    }
  }
  return { rows, damaged }
}
