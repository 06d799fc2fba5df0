import { connect } from 'node:net'
import pg from 'pg'
import { type Database, openDatabase } from '../../server/store/database.ts'
import type { ClonedDatabase } from './databaseServer.ts'

/** A migrated, empty database of this test file's own: `database` as the run-time role, `owner` as the role that may do anything with the tables. */
export type TestDatabase = ClonedDatabase & { database: Database; owner: pg.Pool; close: () => Promise<void> }

const ask = (path: string): Promise<ClonedDatabase & { problem?: string }> =>
  new Promise((resolve, reject) => {
    const socket = connect(path)
    let text = ''
    socket.on('data', (chunk) => (text += chunk.toString('utf8')))
    socket.on('error', reject)
    socket.on('end', () => resolve(JSON.parse(text) as ClonedDatabase))
  })

/** Returns a fresh database, cloned from a migrated template on the run's one server. Throws when that could not be started. */
export const testDatabase = async (): Promise<TestDatabase> => {
  const path = process.env['ANECHOIC_TEST_DATABASES']
  if (!path) throw new Error('run this test with vitest: its global setup holds the database')
  const cloned = await ask(path)
  if (cloned.problem) throw new Error(`no test database: ${cloned.problem}`)
  const database = openDatabase({ url: cloned.runtimeUrl, name: 'test' })
  const owner = new pg.Pool({ connectionString: cloned.ownerUrl, max: 3 })
  owner.on('error', () => {})
  return { ...cloned, database, owner, close: async () => void (await Promise.all([database.close(), owner.end()])) }
}
