import type pg from 'pg'
import { AppError } from '../../domain/errors.ts'
import type { KeyBroker } from '../crypto/broker.ts'
import { openActorKeys } from './actorKeys.ts'
import { appendPrepared } from './append.ts'
import type { AuditEntry } from './entry.ts'
import { follow, type SequencedEntry } from './follow.ts'
import { type PreparedEntry, prepareEntry } from './prepare.ts'
import { type EntryFilter, findEntries, type FoundEntry, type Look, looksOf } from './queries.ts'
import { openReadLog } from './readLog.ts'
import { COMMITTED, startSequencer } from './sequencer.ts'

type Options = {
  pool: pg.Pool
  connect: (name: string) => Promise<pg.Client>
  broker: KeyBroker
  /** Whether this process may lead the sequencing; default true. */ sequence?: boolean
}

/** Milliseconds that reads may wait for their place in the order; far below the second a checkpoint may take (DESIGN 5). */
const readsPlacedAfter = 100

/** The audit log of one process (DESIGN 5). */
export type Audit = {
  /** Writes entries in the transaction `client` is in, and returns their ids. Call `committed()` once it has committed. */
  appendTo(client: Pick<pg.ClientBase, 'query'>, entries: readonly AuditEntry[]): Promise<number[]>
  /** Makes leaves and seals details ahead, so that the writing itself waits for nothing but the database. Throws as sealing does. */
  prepare(entries: readonly AuditEntry[]): Promise<PreparedEntry[]>
  /** Sends prepared entries at once, in the transaction `client` is in. */
  appendPrepared(client: Pick<pg.ClientBase, 'query'>, entries: readonly PreparedEntry[]): Promise<number[]>
  /** Resolves to the entry's id once it is durable. Throws `audit_unavailable`: nothing personal may be served then. */
  append(entry: AuditEntry): Promise<number>
  /** Records a refused attempt in a transaction of its own. */
  refused(entry: Omit<AuditEntry, 'outcome'>): Promise<void>
  /** Says that a transaction with entries has committed, so that they get their place in the order at once. */
  committed(): void
  /** Yields sequenced entries from an index on, for ever; ends when `signal` aborts. */
  follow(from: number, signal: AbortSignal): AsyncGenerator<SequencedEntry[]>
  find(filter: EntryFilter): Promise<FoundEntry[]>
  entriesOfSubject(subject: number, filter?: EntryFilter): Promise<FoundEntry[]>
  entriesOfActor(staffId: string, filter?: EntryFilter): Promise<FoundEntry[]>
  looksOf(subject: number): Promise<Look[]>
  /** For readiness: null, or why the log cannot be written now. Tries it. */
  check(): Promise<string | null>
  status(): { waiting: number; problem: string | null; leading: boolean; last: number; sequencerProblem: string | null }
  close(): Promise<void>
}

/** Opens the log: reads' group commit, the sequencer, and the questions it answers. */
export const openAudit = ({ pool, connect, broker, sequence = true }: Options): Audit => {
  const keys = openActorKeys(pool, broker)
  const sequencer = sequence ? startSequencer({ connect }) : null

  // The leader may be another node: then it is told by NOTIFY, after the commit and never inside it, where NOTIFY would serialise commits.
  let telling = false
  let again = false
  const tell = async (): Promise<void> => {
    telling = true
    do {
      again = false
      await pool.query(`notify ${COMMITTED}`).catch(() => {}) // the leader's heartbeat finds it otherwise
    } while (again)
    telling = false
  }
  const committed = (): void => {
    sequencer?.kick()
    if (sequencer?.status().leading) return
    if (telling) again = true
    else void tell()
  }
  // Nobody waits for a read to get its place: it comes a little later, many at a time. Placing each at once was half the cost of a read (docs/benchmarks.md).
  let soon: NodeJS.Timeout | null = null
  const committedSoon = (): void => {
    soon ??= setTimeout(() => {
      soon = null
      committed()
    }, readsPlacedAfter)
  }
  const readLog = openReadLog(pool, committedSoon)

  const prepare = (entries: readonly AuditEntry[]): Promise<PreparedEntry[]> =>
    Promise.all(entries.map((entry) => prepareEntry(keys, entry)))
  const append = async (entry: AuditEntry): Promise<number> => readLog.append(await prepareEntry(keys, entry))
  return {
    appendTo: async (client, entries) => appendPrepared(client, await prepare(entries)),
    prepare,
    appendPrepared,
    append,
    refused: async (entry) => void (await append({ ...entry, outcome: 'refused' })),
    committed,
    follow: (from, signal) => follow(connect, from, signal),
    find: (filter) => findEntries(pool, broker, filter),
    entriesOfSubject: (subject, filter = {}) => findEntries(pool, broker, { ...filter, subject }),
    entriesOfActor: (actor, filter = {}) => findEntries(pool, broker, { ...filter, actor }),
    looksOf: (subject) => looksOf(pool, broker, subject),
    check: () => checkWritable(pool),
    status: () => {
      const { leading, last, problem } = sequencer?.status() ?? { leading: false, last: -1, problem: null }
      return { ...readLog.status(), leading, last, sequencerProblem: problem }
    },
    close: async () => {
      if (soon) clearTimeout(soon)
      await sequencer?.stop()
    },
  }
}

// Asks for the right rather than writing: a probe each few seconds must not grow the log. A full disk shows in the next append.
const checkWritable = async (pool: pg.Pool): Promise<string | null> => {
  try {
    const { rows } = await pool.query<{ may: boolean }>(
      "select has_table_privilege('audit.entry', 'insert') and not pg_is_in_recovery() as may",
    )
    return rows[0]?.may ? null : 'not_writable'
  } catch (error) {
    return error instanceof AppError ? error.code : String((error as { code?: unknown }).code ?? 'unreachable')
  }
}
