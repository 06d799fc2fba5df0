import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..')

/**
 * Returns the Node flags of a parser child: no network, no child processes, no workers, no addons, no writing, no debugger; it may read
 * its own code, what it shares with others, and the libraries it parses with, nothing else. `memoryMb` bounds the heap.
 */
export function parserFlags(memoryMb: number): string[] {
  const libraries = ['csv-parse', 'ical.js', 'jschardet', 'pend', 'sax', 'yauzl'].map((name) =>
    realpathSync(join(root, 'node_modules', name)),
  )
  const shared = ['headerWords.ts', 'uncachedFormula.ts'].map((name) => join(root, 'domain', 'import', name))
  const readable = [here, join(root, 'package.json'), ...shared, ...libraries]
  return [
    '--permission',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${memoryMb}`,
    '--max-semi-space-size=16',
    '--disable-sigusr1',
    '--disable-proto=delete',
    '--disallow-code-generation-from-strings',
    '--no-warnings',
  ]
}
