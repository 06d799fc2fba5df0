import pg from 'pg'
import { AppError } from '../../domain/errors.ts'
import { databaseError } from './databaseError.ts'
import { typeParsers } from './typeParsers.ts'

/** Whatever runs a statement: the pool, a connection, or a transaction of `records`. */
export type Queryable = {
  query<R extends pg.QueryResultRow = pg.QueryResultRow>(sql: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult<R>>
}

/** The database as the rest of the store sees it. */
export type Database = {
  readonly pool: pg.Pool
  /** A connection of its own, outside the pool, for LISTEN and advisory locks. The caller ends it. Throws `database_unavailable`. */
  readonly connect: (name: string) => Promise<pg.Client>
  readonly close: () => Promise<void>
}

type Options = {
  url: string
  /** Most connections of this process; default 10. */ max?: number
  /** Shown in pg_stat_activity. */ name?: string
}

/**
 * Opens a pool on the run-time role's URL. Connections are pipelined: statements sent without waiting share one round trip.
 * Nothing connects before the first use.
 */
export const openDatabase = ({ url, max = 10, name = 'anechoic' }: Options): Database => {
  const settings = {
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: 5_000,
    types: typeParsers,
    // A transaction that its process forgot must not hold row locks and the vacuum horizon for ever.
    idle_in_transaction_session_timeout: 60_000,
    statement_timeout: 60_000,
    // Plans are made, and kept, while tables are still empty: reading all of a table looks cheapest then, and is what a large import dies of. Every
    // statement here has its index; where none fits, all is read all the same.
    options: '-c timezone=UTC -c jit=off -c enable_seqscan=off',
  }
  const pool = new pg.Pool({ ...settings, max, pipeline: true, idleTimeoutMillis: 60_000 } as pg.PoolConfig)
  // An idle connection that the server ends is only dropped from the pool; whoever asks next gets a new one or an error.
  pool.on('error', () => {})
  const connect = async (use: string): Promise<pg.Client> => {
    const client = new pg.Client({ ...settings, application_name: `${name}-${use}` })
    client.on('error', () => {})
    await client.connect().catch((error: unknown) => {
      throw databaseError(error)
    })
    await client.query('set statement_timeout = 0') // it may wait for a lock as long as another node lives
    return client
  }
  let closing: Promise<void> | null = null
  return { pool, connect, close: () => (closing ??= pool.end()) }
}

/** Runs `work` on a connection of the pool. Throws AppError only. */
export const onConnection = async <T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
  const client = await pool.connect().catch((error: unknown) => {
    throw databaseError(error)
  })
  // The pool listens only while a connection is idle; a loss in use reaches us through the statement that fails.
  const ignore = (): void => {}
  client.on('error', ignore)
  try {
    const value = await work(client)
    client.off('error', ignore)
    client.release()
    return value
  } catch (error) {
    client.off('error', ignore)
    // A connection in doubt is closed rather than handed to the next one.
    client.release(!(error instanceof AppError) || error.code === 'database_unavailable')
    throw databaseError(error)
  }
}
