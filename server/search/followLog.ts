import { setImmediate, setTimeout } from 'node:timers/promises'
import { writeActions } from '../../domain/audit/actions.ts'
import { AppError } from '../../domain/errors.ts'
import type { SequencedEntry } from '../audit/follow.ts'
import type { SearchIndex } from './index/createIndex.ts'
import type { OpenedRows } from './readRows.ts'

/** Records read and applied at once: some 30 ms, so that queries are answered in between. */
const SLICE = 200

type Parts = {
  readonly index: SearchIndex
  readonly entity: string
  /** The entity of those that hang below, whose writes change the record they hang below. */
  readonly below: string
  /** The ids of the records that these hang below now. */
  parents(belowIds: readonly string[]): Promise<string[]>
  readonly signal: AbortSignal
  read(ids: readonly string[]): Promise<OpenedRows>
  /** Asks for the epoch keys anew; resolves when they are there. */
  renewKeys(): Promise<void>
}

/** What a batch of the log did: writes of any entity (whose positions somebody may wait for), and whether somebody was erased. */
export type AppliedBatch = { readonly entries: number[]; readonly changed: number; readonly erased: boolean; readonly unreadable: number }

/** Brings the index up to a batch of log entries: reads again what they changed, drops what is gone. Repeating a batch does no harm. */
export async function applyBatch(parts: Parts, batch: readonly SequencedEntry[]): Promise<AppliedBatch> {
  const writes = batch.filter((entry) => writeActions.has(entry.action))
  const done = writes.filter((entry) => entry.outcome === 'done')
  const idsOf = (entity: string): string[] => done.filter((entry) => entry.entity === entity).flatMap((entry) => entry.ids)
  const ids = [...new Set([...idsOf(parts.entity), ...(await holdersOf(parts, done))])]
  let erased = writes.some((entry) => entry.action === 'erase')
  let unreadable = 0
  for (let from = 0; from < ids.length; from += SLICE) {
    const slice = ids.slice(from, from + SLICE)
    const opened = await patiently(parts, () => parts.read(slice))
    const present = new Set(opened.rows.map((row) => row.id))
    // A record that no longer opens is dropped too: what is held of it may be out of date.
    const gone = slice.filter((id) => !present.has(id))
    erased ||= gone.length > 0
    unreadable += opened.unreadable
    parts.index.apply(opened.rows, gone)
    await setImmediate()
  }
  while (!parts.signal.aborted && parts.index.compact()) await setImmediate()
  return { entries: writes.map((entry) => entry.entryId), changed: ids.length, erased, unreadable }
}

/** The records below which something changed: where it hangs now, and where it hung before, which for one that was moved or erased only the index knows. */
async function holdersOf(parts: Parts, done: readonly SequencedEntry[]): Promise<string[]> {
  const entries = done.filter((entry) => entry.entity === parts.below)
  if (entries.length === 0) return []
  const before = entries.filter((entry) => entry.action !== 'create').flatMap((entry) => entry.ids)
  const now = await patiently(parts, () => parts.parents([...new Set(entries.flatMap((entry) => entry.ids))]))
  return [...now, ...[...new Set(before)].flatMap((id) => parts.index.holdersOf(id))]
}

/** Waits out a lost database and a rotated epoch, since an entry must not be skipped. Throws what waiting does not cure. */
async function patiently<T>({ renewKeys, signal }: Parts, read: () => Promise<T>): Promise<T> {
  for (let keyTries = 0; ;) {
    try {
      return await read()
    } catch (error) {
      const code = error instanceof AppError ? error.code : 'internal'
      if ((code === 'key_unavailable' || code === 'key_erased') && keyTries++ < 3) await renewKeys()
      else if (code !== 'database_unavailable' || signal.aborted) throw error
      else await setTimeout(500, undefined, { signal })
    }
  }
}
