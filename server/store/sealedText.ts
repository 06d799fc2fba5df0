import { AppError } from '../../domain/errors.ts'
import type { KeyBroker, WrappedKey } from '../crypto/broker.ts'
import type { DataKey } from '../crypto/dataKey.ts'
import { openEnvelope, type Place, sealEnvelope } from '../crypto/envelope.ts'
import type { Queryable } from './database.ts'

type Parts = { readonly client: Queryable; readonly broker: Pick<KeyBroker, 'open'> }

const schemaVersion = 1

/** Returns the data key of a person. Throws `key_erased`, `key_unavailable`. */
const keyOf = async ({ client, broker }: Parts, subject: number): Promise<DataKey> => {
  const sql = 'select subject, epoch, version, suite, wrapped from keys.data_key where subject = $1'
  const { rows } = await client.query<WrappedKey>(sql, [subject])
  const key = rows[0] && (await broker.open(rows)).get(subject)
  if (!key) throw new AppError('key_erased', { subject })
  return key
}

/** Returns an envelope of a text under the key of the person whose place names them. Throws `key_erased`, `key_unavailable`. */
export const sealText = async (parts: Parts, place: Place, text: string): Promise<Buffer> =>
  sealEnvelope(await keyOf(parts, place.subject), place, schemaVersion, Buffer.from(text, 'utf8'))

/** Returns the text; null where there is no envelope. Throws `envelope_invalid`, `key_erased`, `key_unavailable`. */
export const openText = async (parts: Parts, place: Place, envelope: Uint8Array | null | undefined): Promise<string | null> =>
  envelope ? openEnvelope(await keyOf(parts, place.subject), place, envelope).plaintext.toString('utf8') : null
