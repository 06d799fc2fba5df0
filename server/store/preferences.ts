import type pg from 'pg'
import { AppError } from '../../domain/errors.ts'
import type { Actor } from '../../domain/policy/actor.ts'
import type { Audit } from '../audit/audit.ts'
import type { KeyBroker } from '../crypto/broker.ts'
import { databaseError } from './databaseError.ts'
import { openOwn, type OwnPlace, sealOwn } from './ownSeal.ts'
import { statement } from './statement.ts'
import { inTransaction } from './transaction.ts'

type Parts = { readonly pool: pg.Pool; readonly broker: KeyBroker; readonly audit: Audit }

/** A stored preference; version 0 and null where there is none. */
export type StoredPreference = { readonly value: unknown; readonly version: number }

const find = statement('select version, sealed_value from preference where staff_id = $1 and key = $2')
// Made where there is none (version 0), else changed where it is the version that was read: nobody's other browser is overwritten unseen.
const put = statement(`insert into preference (staff_id, key, subject, version, sealed_value)
  select $1, $2, $3, 1, $5 where $4 = 0 or exists (select from preference where staff_id = $1 and key = $2)
  on conflict (staff_id, key) do update set version = preference.version + 1, sealed_value = excluded.sealed_value, updated_at = now()
    where preference.version = $4 returning version`)
const remove = statement('delete from preference where staff_id = $1 and key = $2')

const placeOf = ({ staffId, subject }: Actor, key: string): OwnPlace => ({ entity: 'preference', recordId: `${staffId}/${key}`, subject })

/** Returns what the actor keeps under the key. Throws `envelope_invalid` for a row that was altered, `key_unavailable`, `database_unavailable`. */
export const readPreference = async (parts: Parts, actor: Actor, key: string): Promise<StoredPreference> => {
  const { rows } = await parts.pool
    .query<{ version: number; sealed_value: Buffer }>({ ...find, values: [actor.staffId, key] })
    .catch((error: unknown) => {
      throw databaseError(error)
    })
  const row = rows[0]
  if (!row) return { value: null, version: 0 }
  const plain = await openOwn(parts, placeOf(actor, key), row.sealed_value)
  return { value: JSON.parse(plain.toString('utf8')), version: row.version }
}

/**
 * Keeps a value for the actor and returns its version, with an audit entry where `recorded`. Throws `version_conflict` unless the stored version is
 * the given one (0: there is none).
 */
export const writePreference = async (
  parts: Parts,
  actor: Actor,
  { key, value, version, recorded }: { key: string; value: unknown; version: number; recorded: boolean },
): Promise<number> => {
  const sealed = await sealOwn(parts, placeOf(actor, key), Buffer.from(JSON.stringify(value), 'utf8'))
  const written = await inTransaction(parts.pool, async (client) => {
    const { rows } = await client.query<{ version: number }>({ ...put, values: [actor.staffId, key, actor.subject, version, sealed] })
    if (!rows[0]) throw new AppError('version_conflict')
    if (recorded) await note(parts, client, actor, key)
    return rows[0].version
  })
  if (recorded) parts.audit.committed()
  return written
}

/** Forgets what the actor keeps under the key; nothing happens where there is nothing. */
export const removePreference = async (parts: Parts, actor: Actor, key: string, recorded: boolean): Promise<void> => {
  const removed = await inTransaction(parts.pool, async (client) => {
    const { rowCount } = await client.query({ ...remove, values: [actor.staffId, key] })
    if (rowCount === 1 && recorded) await note(parts, client, actor, key)
    return rowCount === 1
  })
  if (removed && recorded) parts.audit.committed()
}

const note = async ({ audit }: Parts, client: pg.PoolClient, actor: Actor, key: string): Promise<void> =>
  void (await audit.appendTo(client, [{ actor, action: 'preference', entity: 'preference', fields: [key], outcome: 'done' }]))
