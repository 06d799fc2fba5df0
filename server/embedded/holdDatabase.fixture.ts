// A process of its own that holds an embedded database, for tests that kill it. Prints one JSON line when the database is up, or its error
// code.
import { startEmbeddedPostgres } from './postgres.ts'
import { AppError } from '../../domain/errors.ts'

try {
  const database = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '', settings: { fsync: 'off' } })
  process.once('SIGTERM', () => void database.stop().then(() => process.exit(0)))
  process.stdout.write(`${JSON.stringify({ url: database.ownerUrl })}\n`)
  setInterval(() => {}, 60_000)
} catch (error) {
  process.stdout.write(
    `${JSON.stringify(error instanceof AppError ? { code: error.code, details: error.details } : { code: String(error) })}\n`,
  )
  process.exitCode = 1
}
