import { delimiter, dirname, join } from 'node:path'
import { findNode26, scrubEnvironment } from './node26.mjs'

/** Where the programs of the development packages start. */
const tools = {
  tsc: 'typescript/bin/tsc',
  oxlint: 'oxlint/bin/oxlint',
  oxfmt: 'oxfmt/bin/oxfmt',
  knip: 'knip/bin/knip.js',
  vite: 'vite/bin/vite.js',
  vitest: 'vitest/vitest.mjs',
}

/** Command that runs one of the development tools under Node 26. */
export function toolCommand(root, name, args) {
  return [findNode26(root), join(root, 'node_modules', tools[name]), ...args]
}

/** Our scrubbed environment with Node 26 first on PATH, for tools that start `node` themselves. */
export function toolEnvironment(root) {
  return { ...scrubEnvironment(process.env), PATH: [dirname(findNode26(root)), process.env.PATH].join(delimiter) }
}
