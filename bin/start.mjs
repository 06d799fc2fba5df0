#!/usr/bin/env node
// The launcher: plain JavaScript without dependencies, for whatever Node is there (18 or later). It makes ready what a verb needs and
// hands over to Node 26.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { check } from './check.mjs'
import { dev } from './dev.mjs'
import { ensureInstalled } from './install.mjs'
import { findNode26, hardened, scrubEnvironment } from './node26.mjs'
import { runChild } from './runChild.mjs'
import { Refusal, say } from './say.mjs'
import { callerFolder, serve } from './serve.mjs'
import { test } from './test.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const cliVerbs = ['setup', 'import', 'export', 'search', 'audit', 'backup', 'restore', 'doctor', 'user', 'key', 'witness']

const verbs = {
  serve: (args) => serve(root, args),
  dev: (args) => dev(root, args),
  check: async () => ((await check(root)).failed === 0 ? 0 : 1),
  test: (args) => test(root, args),
  bench: (args) => runProgram('bench/main.ts', args),
  ...Object.fromEntries(cliVerbs.map((verb) => [verb, (args) => runProgram('server/cli/main.ts', [verb, ...args])])),
}

/** Runs one of our programs as the caller and where the caller stood: it reads and writes the caller's files. */
async function runProgram(file, args) {
  await ensureInstalled(root)
  return runChild(hardened(findNode26(root), [join(root, file), ...args]), { cwd: callerFolder, env: scrubEnvironment(process.env) })
}

const [verb = '', ...args] = process.argv.slice(2)
if (!Object.hasOwn(verbs, verb)) {
  say(
    `用法：anechoic <${Object.keys(verbs).join('|')}> …（见 docs/operations.md）`,
    `Usage: anechoic <${Object.keys(verbs).join('|')}> … (see docs/operations.md)`,
  )
  process.exit(2)
}
try {
  process.exitCode = await verbs[verb](args)
} catch (error) {
  process.stderr.write(`${error instanceof Refusal ? error.message : `anechoic ${verb}: ${error.message}`}\n`)
  process.exitCode = 1
}
