import type pg from 'pg'
import { AppError } from '../../domain/errors.ts'
import { appendPrepared } from './append.ts'
import type { PreparedEntry } from './prepare.ts'

/** Most entries of one commit, and most that may wait: beyond it the product is busier than its log, and says so. */
const MOST_AT_ONCE = 500
const MOST_WAITING = 10_000

type Waiting = { entry: PreparedEntry; done: (id: number) => void; failed: (error: unknown) => void }

/**
 * Group commit for reads: everything queued while one commit runs goes into the next INSERT, so a busy log costs one fsync per batch and an idle one
 * waits for nothing (DESIGN 5, no timer). `append` resolves to the entry's id once it is durable; the caller sends nothing before.
 * Throws `audit_unavailable` when the log cannot be written, `busy` when too much waits.
 */
export const openReadLog = (pool: pg.Pool, committed: () => void) => {
  const waiting: Waiting[] = []
  let writing = false
  let problem: string | null = null

  const write = async (batch: Waiting[]): Promise<void> => {
    try {
      const ids = await appendDurably(
        pool,
        batch.map((one) => one.entry),
      )
      problem = null
      committed()
      batch.forEach((one, i) => one.done(ids[i]!))
    } catch (error) {
      problem = String((error as { code?: unknown }).code ?? 'unreachable')
      const refusal = new AppError('audit_unavailable', { state: problem }, { cause: error })
      for (const one of batch) one.failed(refusal)
    }
  }

  const drain = async (): Promise<void> => {
    if (writing) return
    writing = true
    while (waiting.length > 0) await write(waiting.splice(0, MOST_AT_ONCE))
    writing = false
  }

  const append = (entry: PreparedEntry): Promise<number> => {
    if (waiting.length >= MOST_WAITING) return Promise.reject(new AppError('busy', { waiting: waiting.length }))
    return new Promise<number>((done, failed) => {
      waiting.push({ entry, done, failed })
      void drain()
    })
  }

  /** `problem` is the SQLSTATE (or the driver's code) of the last failed commit, null since one succeeded. */
  return { append, status: () => ({ waiting: waiting.length, problem }) }
}

// A single INSERT is its own transaction; entries with chunks are two.
const appendDurably = async (pool: pg.Pool, entries: readonly PreparedEntry[]): Promise<number[]> => {
  if (entries.every((entry) => entry.chunks.length === 0)) return appendPrepared(pool, entries)
  const client = await pool.connect()
  const ignore = (): void => {} // a loss shows in the statement that fails
  client.on('error', ignore)
  let whole = false
  try {
    await client.query('begin')
    const ids = await appendPrepared(client, entries)
    await client.query('commit')
    whole = true
    return ids
  } finally {
    client.off('error', ignore)
    client.release(!whole) // closing the connection rolls back
  }
}

export type ReadLog = ReturnType<typeof openReadLog>
