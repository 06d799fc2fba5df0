/** Fails when a migration's number is missing or doubled: two branches that landed at the same time took the same one. */
import { readMigrations } from '../../server/store/migrate.ts'

try {
  console.log(`${readMigrations().length} migrations`)
} catch (error) {
  console.log((error as { details?: { name?: string } }).details?.name ?? String(error), 'has a number that is not the next: rename it')
  process.exitCode = 1
}
