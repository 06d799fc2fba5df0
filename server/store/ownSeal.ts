import { AppError } from '../../domain/errors.ts'
import type { KeyBroker, WrappedKey } from '../crypto/broker.ts'
import type { DataKey } from '../crypto/dataKey.ts'
import { openEnvelope, sealEnvelope } from '../crypto/envelope.ts'
import type { Queryable } from './database.ts'
import { databaseError } from './databaseError.ts'
import { statement } from './statement.ts'

/** What sealing under somebody's own key needs. */
export type OwnSealing = { readonly pool: Queryable; readonly broker: KeyBroker }

/** What is sealed: a row of `entity`, about the person with this subject number. */
export type OwnPlace = { readonly entity: string; readonly recordId: string; readonly subject: number }

const SCHEMA_VERSION = 1

const keyOf = statement('select subject, epoch, version, suite, wrapped from keys.data_key where subject = $1')

/** Returns a person's data key. Throws `key_erased` where it was destroyed, `key_unavailable`, `database_unavailable`. */
export const ownKey = async ({ pool, broker }: OwnSealing, subject: number): Promise<DataKey> => {
  const { rows } = await pool.query<WrappedKey>({ ...keyOf, values: [subject] }).catch((error: unknown) => {
    throw databaseError(error)
  })
  const key = (await broker.open(rows)).get(subject)
  if (!key) throw new AppError('key_erased', { subject })
  return key
}

/** Returns bytes sealed under the person's own key, for a row that is about nobody else. Throws as `ownKey`. */
export const sealOwn = async (parts: OwnSealing, place: OwnPlace, plain: Uint8Array): Promise<Buffer> =>
  sealEnvelope(await ownKey(parts, place.subject), { ...place, group: 'personal' }, SCHEMA_VERSION, plain)

/** Opens what `sealOwn` made. Throws `envelope_invalid` for one that was altered or moved here from elsewhere, and as `ownKey`. */
export const openOwn = async (parts: OwnSealing, place: OwnPlace, sealed: Buffer): Promise<Buffer> =>
  openEnvelope(await ownKey(parts, place.subject), { ...place, group: 'personal' }, sealed).plaintext
