import type pg from 'pg'
import type { LoggedEntry } from './entry.ts'
import { decodeLeaf } from './leaf.ts'
import { SEQUENCED } from './sequencer.ts'

/** An entry at its place in the global order. `entryId` is what a write answers as its position. */
export type SequencedEntry = LoggedEntry & { readonly idx: number; readonly entryId: number }

/** Entries read at once, and milliseconds between looks when no notice came (a lost notice costs at most this). */
const MOST_AT_ONCE = 1_000
const HEARTBEAT = 1_000

const next = {
  name: 'audit-follow',
  text: `select s.idx, e.id, e.leaf,
      (select array_agg(r order by c.n) from audit.entry_chunk c, unnest(c.records) r where c.entry_id = e.id) as records,
      (select array_agg(u order by c.n) from audit.entry_chunk c, unnest(c.subjects) u where c.entry_id = e.id) as subjects
    from audit.sequence s join audit.entry e on e.id = s.entry_id where s.idx >= $1 order by s.idx limit ${MOST_AT_ONCE}`,
}

type NextRow = { idx: number; id: number; leaf: Buffer; records: string[] | null; subjects: number[] | null }

const read = ({ idx, id, leaf, records, subjects }: NextRow): SequencedEntry => {
  const entry = decodeLeaf(leaf)
  return { ...entry, ids: records ?? entry.ids, subjects: subjects ?? entry.subjects, idx, entryId: id }
}

/**
 * Yields batches of entries in the global order from index `from` on, for ever, as soon as they are sequenced: what reacts to changes follows this.
 * A lost connection is made again and nothing is skipped or repeated. Ends when `signal` aborts.
 */
export async function* follow(
  connect: (name: string) => Promise<pg.Client>,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<SequencedEntry[]> {
  let idx = from
  let client: pg.Client | null = null
  let told = true
  let wake = (): void => {}
  const tell = (): void => {
    told = true
    wake()
  }
  const pause = async (): Promise<void> => {
    if (!told && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, HEARTBEAT)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    told = false
  }
  // Null when the database cannot be asked: only that is tried again, not a leaf that cannot be read or an error of the consumer.
  const ask = async (): Promise<NextRow[] | null> => {
    try {
      if (!client) {
        client = await connect('follow')
        client.on('notification', tell)
        await client.query(`listen ${SEQUENCED}`)
      }
      return (await client.query<NextRow>({ ...next, values: [idx] })).rows
    } catch {
      await client?.end().catch(() => {})
      client = null
      told = false
      return null
    }
  }
  signal.addEventListener('abort', tell, { once: true })
  try {
    while (!signal.aborted) {
      const rows = await ask()
      if (!rows?.length) {
        await pause()
        continue
      }
      idx = rows.at(-1)!.idx + 1
      yield rows.map(read)
    }
  } finally {
    signal.removeEventListener('abort', tell)
    await (client as pg.Client | null)?.end().catch(() => {})
  }
}
