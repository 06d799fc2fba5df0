/**
 * Fails when a tracked file names a folder of the machine it was written on or a package registry, or when the lockfile says where packages came from:
 * the project is built from whatever registry its user has (.npmrc decides).
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
// Written in pieces, so that this file does not find itself.
const machine = new RegExp(`(?<![\\w.$}-])/(?:${['work', 'tmp/brief', 'home/[a-z]'].join('|')})/|/root/[a-z.]`, 'g')
const hosts = [
  ['registry', 'npmjs'],
  ['registry', 'npmmirror'],
  ['registry', 'yarnpkg'],
  ['npm', 'pkg', 'github'],
].map((words) => words.join(String.raw`\.`))
const registries = new RegExp([...hosts, ['_auth', 'Token'].join('')].join('|'), 'gi')
const binary = /\.(?:png|jpe?g|webp|ico|woff2?|pdf|xlsx|zip|gz)$/

const found: string[] = []
for (const file of execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0')) {
  if (file === '' || binary.test(file)) continue
  let text = ''
  try {
    text = readFileSync(join(root, file), 'utf8')
  } catch {
    continue // deleted but not yet committed
  }
  const lines = text.split('\n')
  for (const [i, line] of lines.entries()) {
    for (const match of [...line.matchAll(machine), ...line.matchAll(registries)]) found.push(`${file}:${i + 1}  ${match[0]}`)
    if (file === 'package-lock.json' && /"resolved":/.test(line)) found.push(`${file}:${i + 1}  "resolved"`)
  }
}
for (const line of found.slice(0, 50)) console.error(line)
if (found.length > 50) console.error(`… and ${found.length - 50} more`)
process.exitCode = found.length > 0 ? 1 : 0
