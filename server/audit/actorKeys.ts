import type pg from 'pg'
import { AppError } from '../../domain/errors.ts'
import type { KeyBroker, WrappedKey } from '../crypto/broker.ts'
import type { DataKey } from '../crypto/dataKey.ts'

const selectKeys = {
  name: 'audit-actor-keys',
  text: 'select subject, epoch, version, suite, wrapped from keys.data_key where subject = any($1::integer[])',
}

/** Staff kept at hand; a dealer has at most a few hundred. */
const MOST = 1_000

/** Opens the keys of those who act, for the personal part of their entries. Nearly every entry needs one, so the wrapped rows are kept. */
export const openActorKeys = (pool: pg.Pool, broker: KeyBroker) => {
  const rows = new Map<number, WrappedKey>()

  const load = async (subjects: readonly number[]): Promise<Map<number, DataKey>> => {
    const found = await pool.query<WrappedKey>({ ...selectKeys, values: [subjects] })
    if (rows.size > MOST) rows.clear()
    for (const row of found.rows) rows.set(row.subject, row)
    return broker.open(found.rows)
  }

  /** Returns the subject's data key. Throws `key_erased` when there is none, `key_unavailable` when it cannot be had. */
  const ofSubject = async (subject: number): Promise<DataKey> => {
    const row = rows.get(subject)
    // A kept row may have been wrapped anew or erased since: then the database is asked again.
    const kept = row && (broker.openCached([row]) ?? (await broker.open([row]).catch(() => null)))
    const key = kept?.get(subject) ?? (await load([subject])).get(subject)
    if (!key) throw new AppError('key_erased', { subject })
    return key
  }

  return { ofSubject, ofSubjects: load, forget: (subject: number): void => void rows.delete(subject) }
}

export type ActorKeys = ReturnType<typeof openActorKeys>
