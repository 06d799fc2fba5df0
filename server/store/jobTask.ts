import type { KeyBroker, WrappedKey } from '../crypto/broker.ts'
import type { DataKey } from '../crypto/dataKey.ts'
import { openEnvelope, sealEnvelope } from '../crypto/envelope.ts'
import { AppError } from '../../domain/errors.ts'
import type { Queryable } from './database.ts'

type Parts = { client: Queryable; broker: KeyBroker }

const schemaVersion = 1
const place = (job: string, subject: number) => ({ entity: 'job', recordId: job, subject, group: 'task' })

const keyOf = async ({ client, broker }: Parts, subject: number): Promise<DataKey> => {
  const sql = 'select subject, epoch, version, suite, wrapped from keys.data_key where subject = $1'
  const { rows } = await client.query<WrappedKey>(sql, [subject])
  const key = rows[0] && (await broker.open(rows)).get(subject)
  if (!key) throw new AppError('key_erased', { subject })
  return key
}

/** Keeps what a job was told that is personal, sealed under the key of the person who started it. Throws `key_unavailable`. */
export const keepTask = async (parts: Parts, job: string, subject: number, text: string): Promise<void> => {
  const plaintext = Buffer.from(text, 'utf8')
  const envelope = sealEnvelope(await keyOf(parts, subject), place(job, subject), schemaVersion, plaintext)
  await parts.client.query('update job set sealed_task = $2 where id = $1', [job, envelope])
}

/** Returns what was kept for a job; null where nothing was, or it has ended. Throws `envelope_invalid`, `key_unavailable`. */
export const readTask = async (parts: Parts, job: string, subject: number): Promise<string | null> => {
  const { rows } = await parts.client.query<{ sealed: Buffer | null }>('select sealed_task as sealed from job where id = $1', [job])
  const sealed = rows[0]?.sealed
  return sealed ? openEnvelope(await keyOf(parts, subject), place(job, subject), sealed).plaintext.toString('utf8') : null
}
