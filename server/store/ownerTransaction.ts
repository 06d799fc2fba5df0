import pg from 'pg'
import { AppError } from '../../domain/errors.ts'
import { databaseError } from './databaseError.ts'
import { typeParsers } from './typeParsers.ts'

/**
 * Runs `work` in one transaction as the owner of the tables, on a connection of its own without time limits: for what makes or fills the whole
 * database. Throws AppError; everything is undone then, except that a connection lost at
 * COMMIT leaves the outcome unknown (`database_unavailable` with `outcome: 'unknown'`).
 */
export const inOwnerTransaction = async <T>(ownerUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({
    connectionString: ownerUrl,
    application_name: 'anechoic-restore',
    connectionTimeoutMillis: 10_000,
    types: typeParsers,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query("set timezone = 'UTC'; set statement_timeout = 0; set idle_in_transaction_session_timeout = 0")
    await client.query('begin')
    const value = await work(client)
    const { command } = await client.query('commit').catch((error: unknown) => {
      throw new AppError('database_unavailable', { outcome: 'unknown' }, { cause: error })
    })
    if (command !== 'COMMIT') throw new AppError('internal', { problem: 'rolled back' })
    await client.end()
    return value
  } catch (error) {
    // Not asked to roll back: it may be in the middle of a COPY, and a connection that is gone is rolled back by the database.
    client.connection.stream.destroy()
    throw databaseError(error)
  }
}
