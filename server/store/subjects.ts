import type pg from 'pg'
import type { KeyBroker, WrappedKey } from '../crypto/broker.ts'
import type { DataKey } from '../crypto/dataKey.ts'

/** What `keys.subject_number` gives at once. */
const BLOCK = 64

/** Returns a source of fresh subject numbers, taken from the database in blocks. Numbers of a block that a process did not use are never used. */
export const openSubjectNumbers = (pool: pg.Pool) => {
  let free: number[] = []
  let taking: Promise<void> | null = null
  const take = async (): Promise<void> => {
    const { rows } = await pool.query<{ first: number }>("select nextval('keys.subject_number') as first")
    free = [...free, ...Array.from({ length: BLOCK }, (_, i) => rows[0]!.first + i)]
  }
  return async (count: number): Promise<number[]> => {
    while (free.length < count) await (taking ??= take().finally(() => (taking = null)))
    return free.splice(0, count)
  }
}

const insertKeys = {
  name: 'keys-insert',
  text: `insert into keys.data_key (subject, epoch, version, suite, wrapped)
    select * from unnest($1::integer[], $2::integer[], $3::integer[], $4::smallint[], $5::bytea[])`,
}

/** Returns the statement that inserts first keys. It fails with 23505 when a subject has or had a key, with AN001 when it was erased. */
export const insertKeysStatement = (rows: readonly WrappedKey[]) => ({
  ...insertKeys,
  values: [
    rows.map((r) => r.subject),
    rows.map((r) => r.epoch),
    rows.map((r) => r.version),
    rows.map((r) => r.suite),
    rows.map((r) => r.wrapped),
  ],
})

/** Mints a key for each subject; nothing is stored yet. Throws `key_unavailable`. */
export const mintKeys = async (
  broker: KeyBroker,
  subjects: readonly number[],
): Promise<{ rows: WrappedKey[]; keys: Map<number, DataKey> }> => {
  const minted = await Promise.all(subjects.map((subject) => broker.mint(subject)))
  return { rows: minted.map(({ row }) => row), keys: new Map(minted.map(({ key }) => [key.subject, key])) }
}
