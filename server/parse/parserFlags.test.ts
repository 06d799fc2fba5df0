import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { parserFlags } from './parserFlags.ts'

/** Runs `code` under the parser's flags; prints 'done' if the act was possible. */
function attempt(code: string): string {
  const run = spawnSync(
    process.execPath,
    [...parserFlags(64), '--input-type=module', '-e', `try { ${code}; console.log('done') } catch (e) { console.log(e.code) }`],
    { env: {}, encoding: 'utf8' },
  )
  return run.stdout.trim()
}

test('the flags let the child work at all', () => {
  expect(attempt(`(await import('csv-parse')).parse`)).toBe('done')
})

test.each([
  ['read other files', `(await import('node:fs')).readFileSync('/etc/passwd')`],
  ['read our own server', `(await import('node:fs')).readFileSync('server/http/none.ts')`],
  ['write files', `(await import('node:fs')).writeFileSync('/tmp/anechoic-parser-probe', 'x')`],
  ['start a process', `(await import('node:child_process')).spawnSync('true')`],
  ['start a worker', `new (await import('node:worker_threads')).Worker('1', { eval: true })`],
  [
    'open a connection',
    `const net = await import('node:net'); await new Promise((ok, no) => net.connect(9, '127.0.0.1').on('error', no).on('connect', ok))`,
  ],
  ['look up a name', `await (await import('node:dns')).promises.lookup('localhost.invalid')`],
])('the child cannot %s', (_, code) => expect(attempt(code)).toBe('ERR_ACCESS_DENIED'))

test('the child cannot make code from text', () => {
  expect(attempt(`new Function('return 1')()`)).not.toBe('done')
})
