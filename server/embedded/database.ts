import type { AppError } from '../../domain/errors.ts'

/** The database that the server works with, embedded or external. */
export type Database = {
  /** Connection URL of the role that owns the tables and runs migrations. */
  ownerUrl: string
  /** Connection URL of the run-time role, which has no DDL; the server's pool uses it. */
  runtimeUrl: string
  /** Name of the run-time role, for the migrations' GRANTs. */
  runtimeRole: string
  /**
   * Resolves when the database is gone for good and the server should end; until then a dead database is being restarted. Never rejects.
   */
  crashed: Promise<AppError>
  /** Stops the database (embedded) and gives the data folder back. May be called again. */
  stop: () => Promise<void>
}
