import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled } from './install.mjs'
import { findNode26 } from './node26.mjs'
import { toolCommand, toolEnvironment } from './runTool.mjs'

/** At most so many gates run at once: the machines this is for have two cores. */
const lanes = 2

/** Runs every gate; prints a line with its seconds for each, and what a failed one said. Resolves to `{ passed, failed }`. */
export async function check(root) {
  await ensureInstalled(root)
  const waiting = gates(root)
  const result = { passed: 0, failed: 0 }
  const lane = async () => {
    for (let gate = waiting.shift(); gate; gate = waiting.shift()) {
      const { code, output, seconds } = await runGate(root, gate.command)
      result[code === 0 ? 'passed' : 'failed'] += 1
      process.stdout.write(
        `${code === 0 ? 'ok  ' : 'FAIL'} ${gate.name} ${seconds.toFixed(1)} s\n${code === 0 ? '' : `${output.trimEnd()}\n`}`,
      )
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return result
}

/** The slowest first, so that the lanes end together. */
function gates(root) {
  const tool = (name, ...args) => ({ name, command: toolCommand(root, name, args) })
  const folder = join(root, 'scripts', 'check')
  const own = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
        .sort()
    : []
  return [
    tool('tsc', '--noEmit'),
    tool('knip', '--no-progress'),
    tool('oxlint'),
    ...(readdirSync(root).some((name) => name.startsWith('.oxfmtrc.')) ? [tool('oxfmt', '--check')] : []),
    ...own.map((file) => ({ name: file.replace(/\.ts$/, ''), command: [findNode26(root), join(folder, file)] })),
  ]
}

function runGate(root, [command, ...args]) {
  const start = performance.now()
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: toolEnvironment(root), stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      output += chunk
    })
    child.on('error', (error) => {
      output += error.message
    })
    child.on('close', (code) => resolve({ code: code ?? 1, output, seconds: (performance.now() - start) / 1000 }))
  })
}
