import type { Queryable } from './database.ts'
import { allShapes } from './shape.ts'
import { statement } from './statement.ts'

/** What may be told of a subject's data key: where and how, never the key. `sealedAt` is ISO 8601. */
export type KeyFacts = { epoch: number; version: number; suite: number; sealedAt: string }

const one = statement(`select k.epoch, k.version, k.suite, s.created_at as "sealedAt"
  from keys.data_key k join keys.subject s on s.id = k.subject where k.subject = $1`)

/** Returns the facts of a subject's key, null once it is destroyed. */
export const readKeyFacts = async (pool: Queryable, subject: number): Promise<KeyFacts | null> => {
  const { rows } = await pool.query<KeyFacts>({ ...one, values: [subject] })
  return rows[0] ?? null
}

/** Returns how many sealed records there are, of all entities. */
export const countSealed = async (pool: Queryable): Promise<number> => {
  const tables = allShapes().filter((shape) => shape.hasSubject)
  const sum = tables.map(({ table }) => `(select count(*) from ${table})`).join(' + ')
  return (await pool.query<{ n: number }>(`select ${sum} as n`)).rows[0]?.n ?? 0
}

/** Returns how many data keys each epoch wraps, and how many subjects were erased. */
export const countKeys = async (pool: Queryable): Promise<{ epochs: { epoch: number; subjects: number }[]; erased: number }> => {
  const { rows } = await pool.query<{ epoch: number; subjects: number }>(
    'select epoch, count(*) as subjects from keys.data_key group by epoch order by epoch',
  )
  const { rows: gone } = await pool.query<{ erased: number }>('select count(*) as erased from keys.tombstone')
  return { epochs: rows, erased: gone[0]?.erased ?? 0 }
}
