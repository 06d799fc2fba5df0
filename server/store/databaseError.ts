import { AppError, type ErrorDetails } from '../../domain/errors.ts'

type DriverError = { code?: unknown; constraint?: unknown; table?: unknown; message?: unknown }

const connectionLost = /^(08|57P0[1-4]|53300|3D000|28)|^(ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|EACCES)$/
const lostText = /Connection terminated|not queryable|connection timeout|timeout exceeded when trying to connect|Connection ended/i

/** Whether the error means that the connection, not the statement, failed. */
export const isConnectionLost = (error: unknown): boolean => {
  const { code, message } = (error ?? {}) as DriverError
  return (typeof code === 'string' && connectionLost.test(code)) || (typeof message === 'string' && lostText.test(message))
}

// PostgreSQL names a foreign key `<table>_<column>_fkey` (manual, CREATE TABLE), and migrations leave it at that.
const fieldOfKey = (table: unknown, constraint: string): string | null => {
  if (typeof table !== 'string' || !constraint.startsWith(`${table}_`) || !constraint.endsWith('_fkey')) return null
  return constraint.slice(table.length + 1, -'_fkey'.length).replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

const badReference = (table: unknown, constraint: string): ErrorDetails => {
  const field = fieldOfKey(table, constraint)
  return field === null ? { constraint } : { problems: [{ field, problem: 'bad_reference' }] }
}

/**
 * Returns the AppError for what the driver threw; an AppError comes back as it is. The driver's message may quote a value, so it goes no further
 * than `cause`, and `cause` is never logged as text: the SQLSTATE says enough (PostgreSQL manual, appendix A).
 */
export const databaseError = (error: unknown): AppError => {
  if (error instanceof AppError) return error
  const { code, constraint, table } = (error ?? {}) as DriverError
  const state = typeof code === 'string' ? code : ''
  const on = typeof constraint === 'string' ? constraint : ''
  if (isConnectionLost(error)) return new AppError('database_unavailable', { state }, { cause: error })
  if (state === 'AN001') return new AppError('key_erased', {}, { cause: error })
  if (state === '23505') return new AppError('duplicate', { constraint: on }, { cause: error })
  if (state === '23503') return new AppError('input_invalid', badReference(table, on), { cause: error })
  if (state === '53100') return new AppError('disk_full', {}, { cause: error })
  if (['40001', '40P01', '55P03', 'AN004'].includes(state)) return new AppError('busy', { state }, { cause: error })
  return new AppError('internal', { state, constraint: on }, { cause: error })
}
