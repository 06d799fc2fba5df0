import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { TableColumns } from './copyTable.ts'
import { databaseError } from './databaseError.ts'

/** What a backup leaves out: sessions, open questions and throttling end with the machine, and the migrations are applied anew (the number stands in the manifest). */
const leftOut = new Set(['public.migration', 'auth.session', 'auth.challenge', 'auth.throttle'])

/** The schemas that are the product's own; the queue's is made anew at each start, and holds ids of jobs only. */
const schemas = ['public', 'keys', 'audit', 'auth']

/** One table within a snapshot; `rows` as the snapshot sees them. */
export type SnapshotTable = TableColumns & { readonly rows: number }

/** A view of the whole database at one moment. Nothing written later shows in it. `close` ends its connection. */
export type Snapshot = {
  readonly client: pg.Client
  readonly tables: readonly SnapshotTable[]
  readonly migration: number
  /** SHA-256 over the migrations that made this schema. */
  readonly schemaHash: string
  /** Entries that have their place in the audit order. */
  readonly auditSize: number
  /** `server_version_num` of the database. */
  readonly serverVersion: number
  /** Sequences that no column owns, with the last value given out. */
  readonly sequences: readonly { readonly schema: string; readonly name: string; readonly last: number }[]
  readonly close: () => void
}

const listTables = `select n.nspname as schema, c.relname as table,
    array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      order by a.attnum) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and n.nspname = any($1) order by 1, 2`

const listSequences = `select s.schemaname as schema, s.sequencename as name, s.last_value as last from pg_sequences s
  where s.schemaname = any($1) and s.last_value is not null and not exists (
    select from pg_depend d where d.objid = format('%I.%I', s.schemaname, s.sequencename)::regclass and d.deptype in ('a', 'i'))
  order by 1, 2`

/** Returns the number of the newest migration and the hash over all. */
export const schemaOf = (migrations: readonly { number: number; sha256: string }[]): { migration: number; schemaHash: string } => ({
  migration: migrations.at(-1)?.number ?? 0,
  schemaHash: createHash('sha256')
    .update(migrations.map(({ number, sha256 }) => `${number} ${sha256}\n`).join(''))
    .digest('hex'),
})

/** Returns the product's tables that belong in a backup: a table that a later migration makes is in it without being named here. */
export const readTables = async (client: Pick<pg.ClientBase, 'query'>): Promise<TableColumns[]> =>
  (await client.query<{ schema: string; table: string; columns: string[] }>(listTables, [schemas])).rows.filter(
    ({ schema, table }) => !leftOut.has(`${schema}.${table}`),
  )

/**
 * Opens a snapshot: one transaction, repeatable read, read only, on a connection of its own, so that every table is of the same moment. Throws
 * `database_unavailable`.
 */
export const openSnapshot = async (connect: (name: string) => Promise<pg.Client>): Promise<Snapshot> => {
  const client = await connect('backup')
  try {
    // Whoever writes the backup may be a slow disk: waiting for it is no forgotten transaction.
    await client.query('set idle_in_transaction_session_timeout = 0')
    await client.query('begin transaction isolation level repeatable read, read only')
    const { rows: migrations } = await client.query<{ number: number; sha256: string }>(
      'select number, sha256 from public.migration order by number',
    )
    const tables: SnapshotTable[] = []
    for (const table of await readTables(client)) {
      const { rows } = await client.query<{ n: number }>(`select count(*) as n from "${table.schema}"."${table.table}"`)
      tables.push({ ...table, rows: rows[0]!.n })
    }
    const { rows: sizes } = await client.query<{ audit: number; version: number }>(
      "select (select coalesce(max(idx) + 1, 0) from audit.sequence) as audit, current_setting('server_version_num')::int as version",
    )
    const { rows: sequences } = await client.query<{ schema: string; name: string; last: number }>(listSequences, [schemas])
    return {
      client,
      tables,
      sequences,
      ...schemaOf(migrations),
      auditSize: sizes[0]!.audit,
      serverVersion: sizes[0]!.version,
      // Whoever stops half-way through a table leaves the database writing: such a connection does not end by asking.
      close: () => void client.connection.stream.destroy(),
    }
  } catch (error) {
    await client.end().catch(() => {})
    throw databaseError(error)
  }
}
