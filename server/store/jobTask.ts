import type { KeyBroker } from '../crypto/broker.ts'
import type { Queryable } from './database.ts'
import { openText, sealText } from './sealedText.ts'

type Parts = { client: Queryable; broker: KeyBroker }

const place = (job: string, subject: number) => ({ entity: 'job', recordId: job, subject, group: 'task' })

/** Keeps what a job was told that is personal, sealed under the key of the person who started it. Throws `key_unavailable`. */
export const keepTask = async (parts: Parts, job: string, subject: number, text: string): Promise<void> => {
  const envelope = await sealText(parts, place(job, subject), text)
  await parts.client.query('update job set sealed_task = $2 where id = $1', [job, envelope])
}

/** Returns what was kept for a job; null where nothing was, or it has ended. Throws `envelope_invalid`, `key_unavailable`. */
export const readTask = async (parts: Parts, job: string, subject: number): Promise<string | null> => {
  const { rows } = await parts.client.query<{ sealed: Buffer | null }>('select sealed_task as sealed from job where id = $1', [job])
  return openText(parts, place(job, subject), rows[0]?.sealed)
}
