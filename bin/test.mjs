import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { check } from './check.mjs'
import { ensureInstalled } from './install.mjs'
import { runChild } from './runChild.mjs'
import { toolCommand, toolEnvironment } from './runTool.mjs'
import { ensureTestPackages } from './systemPackages.mjs'

/**
 * Runs the gates, then the tests (`args` go to Vitest), and ends with the line `N passed, N failed[, N skipped]`, gates included. Resolves
 * to the exit code.
 */
export async function test(root, args) {
  await ensureInstalled(root)
  ensureTestPackages()
  const gates = await check(root)
  const file = join(root, '.cache', `tests-${process.pid}.json`)
  mkdirSync(join(root, '.cache'), { recursive: true })
  const code = await runChild(
    toolCommand(root, 'vitest', ['run', '--root', root, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...args]),
    { cwd: root, env: toolEnvironment(root) },
  )
  const tests = count(file)
  rmSync(file, { force: true })
  const failed = gates.failed + (tests.failed || (code === 0 ? 0 : 1)) // an error outside any test fails the run as well
  const skipped = tests.skipped > 0 ? `, ${tests.skipped} skipped` : ''
  process.stdout.write(`\n${gates.passed + tests.passed} passed, ${failed} failed${skipped}\n`)
  return failed === 0 ? 0 : 1
}

/** A file that could not even be loaded has no tests in the report; it counts as one failure. */
function count(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const unloaded = report.testResults.filter(
    (result) => result.status === 'failed' && !result.assertionResults.some(({ status }) => status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  }
}
