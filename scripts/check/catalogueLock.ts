/**
 * Fails when the catalogue and `catalogue.lock.json` differ, so that a changed class, mask or retention shows in review. `--write` updates the lock.
 * `--lock FILE` looks at another file (for the planted violation).
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { catalogue } from '../../domain/catalogue/all.ts'
import { differences, lockOf } from '../../domain/catalogue/lock.ts'

const root = join(import.meta.dirname, '../..')
const { values } = parseArgs({ options: { write: { type: 'boolean' }, lock: { type: 'string' } } })
const file = values.lock ?? join(root, 'catalogue.lock.json')
const text = `${JSON.stringify(lockOf(catalogue), null, 2)}\n`

if (values.write) {
  await writeFile(file, text)
  console.log('catalogue.lock.json written')
} else {
  const committed = await readFile(file, 'utf8').catch(() => '{}')
  const drift = differences(JSON.parse(committed), JSON.parse(text))
  for (const line of drift) console.error(`catalogue drift  ${line.length > 200 ? `${line.slice(0, 200)}…` : line}`)
  if (drift.length > 0)
    console.error(
      'The catalogue changed. If that is meant: node scripts/check/catalogueLock.ts --write, and a migration where columns changed.',
    )
  process.exitCode = drift.length > 0 ? 1 : 0
}
