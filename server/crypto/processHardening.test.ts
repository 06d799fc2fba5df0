import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { hardeningFlags } from './processHardening.ts'
import type { HardeningCheck } from './processHardening.ts'

const module = JSON.stringify(fileURLToPath(new URL('./processHardening.ts', import.meta.url)))
const look = (flags: readonly string[], env: Record<string, string>, first = '') => {
  const code = `import { checkHardening, hardenProcess } from ${module}; ${first}; console.log(JSON.stringify(checkHardening()))`
  const checks = JSON.parse(
    execFileSync(process.execPath, [...flags, '--input-type=module', '-e', code], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ) as HardeningCheck[]
  return Object.fromEntries(checks.map((check) => [check.name, check]))
}

test('a process started as the launcher starts it passes; Node accepts every flag', () => {
  const checks = look(hardeningFlags, {}, 'hardenProcess()')
  for (const name of ['node_flags', 'debugger', 'reports', 'environment']) expect(checks[name]).toMatchObject({ ok: true })
})

test.runIf(process.platform === 'linux')('on Linux a hardened process leaves no memory in a core dump', () => {
  expect(look(hardeningFlags, {}, 'hardenProcess()').core_dumps).toMatchObject({
    ok: true,
    detail: expect.stringContaining('memory in core dumps: none'),
  })
})

test('each weakness is named', () => {
  const checks = look(['--report-on-signal', '--inspect=127.0.0.1:0'], { NODE_OPTIONS: '--no-warnings', SSLKEYLOGFILE: '/tmp/keys' })
  expect(checks.node_flags).toMatchObject({ ok: false, detail: expect.stringContaining('--disable-sigusr1') })
  expect(checks.debugger).toMatchObject({ ok: false, detail: 'a debugger can attach' })
  expect(checks.reports).toMatchObject({ ok: false })
  expect(checks.environment).toMatchObject({ ok: false, detail: 'unset NODE_OPTIONS, SSLKEYLOGFILE' })
  expect(look(['--report-on-signal'], {}, 'hardenProcess()').reports).toMatchObject({ ok: true })
})
