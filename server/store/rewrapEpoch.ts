import type pg from 'pg'
import type { KeyBroker, WrappedKey } from '../crypto/broker.ts'
import type { Keyring } from '../crypto/keyring.ts'
import { AppError } from '../../domain/errors.ts'
import { onConnection } from './database.ts'
import { inTransaction } from './transaction.ts'

type Parts = { pool: pg.Pool; broker: KeyBroker; keyring: Keyring }

/**
 * Wraps up to `limit` data keys of older epochs under the current one, in one transaction, and returns how many were done and how many remain. Data keys
 * and records do not change. Resumable as it is: call it until `remaining` is 0. Throws `key_unavailable`.
 */
export const rewrapEpoch = async ({ pool, broker, keyring }: Parts, limit = 1_000): Promise<{ done: number; remaining: number }> => {
  await keyring.reloadIfChanged()
  const current = keyring.currentEpoch()
  const done = await inTransaction(pool, async (client) => {
    const { rows } = await client.query<WrappedKey>(
      'select subject, epoch, version, suite, wrapped from keys.data_key where epoch < $1 order by epoch, subject limit $2 for update skip locked',
      [current, limit],
    )
    const fresh: WrappedKey[] = []
    for (const row of rows) fresh.push(await broker.rewrap(row))
    await client.query(
      `update keys.data_key k set epoch = f.epoch, wrapped = f.wrapped
        from unnest($1::integer[], $2::integer[], $3::bytea[]) as f (subject, epoch, wrapped) where k.subject = f.subject`,
      [fresh.map((row) => row.subject), fresh.map((row) => row.epoch), fresh.map((row) => row.wrapped)],
    )
    return rows.length
  })
  return { done, remaining: await countOlder(pool, current) }
}

const countOlder = (pool: pg.Pool, epoch: number): Promise<number> =>
  onConnection(pool, async (client) => {
    const { rows } = await client.query<{ count: number }>('select count(*) from keys.data_key where epoch < $1', [epoch])
    return rows[0]!.count
  })

/**
 * Closes an epoch in the database, so that no key can be added under it any more, and then destroys its key in the keyring: what was erased under it is
 * gone for good here. Throws `busy` with the number of keys still under it, `input_invalid` for the current epoch.
 */
export const destroyEpoch = async ({ pool, keyring }: Omit<Parts, 'broker'>, epoch: number): Promise<void> => {
  await keyring.reloadIfChanged()
  if (epoch === keyring.currentEpoch()) throw new AppError('input_invalid', { field: 'epoch', problem: 'in_use' })
  await inTransaction(pool, async (client) => {
    // Waits for whoever is just adding a key; the trigger refuses those who come later.
    await client.query('lock table keys.data_key in share row exclusive mode')
    const { rows } = await client.query<{ count: number }>('select count(*) from keys.data_key where epoch = $1', [epoch])
    if (rows[0]!.count > 0) throw new AppError('busy', { remaining: rows[0]!.count })
    await client.query('insert into keys.closed_epoch (epoch) values ($1) on conflict do nothing', [epoch])
  })
  await keyring.destroyEpoch(epoch)
}
