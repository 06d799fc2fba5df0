import type pg from 'pg'
import { AppError } from '../../domain/errors.ts'
import { onConnection } from './database.ts'
import { databaseError, isConnectionLost } from './databaseError.ts'

/**
 * Runs `work` in one transaction (read committed; writers lock the rows they change) and returns its value once committed. BEGIN travels with the
 * first statement. Throws AppError; everything is undone then, except that a connection lost at COMMIT leaves the outcome unknown
 * (`database_unavailable` with `outcome: 'unknown'`).
 */
export const inTransaction = <T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> =>
  onConnection(pool, async (client) => {
    const begun = client.query('begin')
    begun.catch(() => {}) // whatever is sent behind it fails too, and reports
    let value: T
    try {
      value = await work(client)
      await begun
    } catch (error) {
      // Fails only when the connection is gone: the database rolls back by itself then, and that is the error to report.
      await client.query('rollback')
      throw databaseError(error)
    }
    const end = await client.query('commit').catch((error: unknown) => {
      throw isConnectionLost(error) ? new AppError('database_unavailable', { outcome: 'unknown' }, { cause: error }) : error
    })
    // COMMIT of a transaction in which a statement failed answers ROLLBACK, without an error.
    if (end.command !== 'COMMIT') throw new AppError('internal', { problem: 'rolled back' })
    return value
  })
