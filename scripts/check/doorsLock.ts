/**
 * Fails when a route asks something else of who comes than `doors.lock.json` says, so that a door that is opened wider shows in review; the exit matrix
 * knocks by the lock. `--write` updates it. `--lock FILE` looks at another file (for the planted violation).
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { doorsOf } from '../../server/http/doors.ts'
import { allRoutes } from '../../server/http/routes/allRoutes.ts'

const root = join(import.meta.dirname, '../..')
const { values } = parseArgs({ options: { write: { type: 'boolean' }, lock: { type: 'string' } } })
const file = values.lock ?? join(root, 'doors.lock.json')

const never = (): never => {
  throw new Error('routes are only listed here')
}
const doors = doorsOf(
  allRoutes({ phase: never, parts: never, state: never, setUp: never, unseal: never, doctor: never, certificate: never }, true),
)

if (values.write) {
  await writeFile(file, `${JSON.stringify(doors, null, 2)}\n`)
  console.log('doors.lock.json written')
} else {
  const known = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Record<string, string>
  const drift = [...new Set([...Object.keys(doors), ...Object.keys(known)])].filter((door) => doors[door] !== known[door])
  for (const door of drift) console.error(`doors drift  ${door}: ${doors[door] ?? 'gone'}, not ${known[door] ?? 'there'}`)
  if (drift.length > 0) console.error('A door changed. If that is meant: node scripts/check/doorsLock.ts --write.')
  process.exitCode = drift.length > 0 ? 1 : 0
}
